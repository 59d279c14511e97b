"""A program of others, and the browser that signs in to it, step by step, each step open to meddling."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from joserfc.jwk import ECKey
from protocol import dpop, jose
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256
from rooms.gateway import programs
from rooms.gateway.application import Application
from rooms.gateway.house import House

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
REDIRECTS = {"shop": programs.SHOP_REDIRECT, "clinic": programs.CLINIC_REDIRECT, "steps": programs.STEPS_REDIRECT}


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


@dataclass
class Browser:
    """One browser: its cookies alone, and the group's provider for whom it signs in."""

    house: House
    application: Application = field(init=False)

    def __post_init__(self) -> None:
        self.application = Application(self.house)

    async def go(self, method: str, path: str, **said: Any) -> httpx.Response:
        return await self.application.browse(method, path, **said)

    async def signed_in_from(self, sent: httpx.Response) -> httpx.Response:
        """Follow a redirect to the group's provider, sign in there, and come back."""
        assert sent.status_code == 303, sent.text
        return await self.application.come_back(await self.application.at_provider(sent.headers["location"]))


@dataclass
class Program:
    """A relying party of profile ``oidc-basic``."""

    house: House
    client_id: str = "shop"
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def asked(self, **changes: Any) -> dict[str, str]:
        asked = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": REDIRECTS[self.client_id],
            "scope": "openid",
            "state": self.state,
            "nonce": self.nonce,
            "provider": self.house.upstream.origin,
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    async def authorize(self, browser: Browser, *, method: str = "GET", **changes: Any) -> httpx.Response:
        asked = self.asked(**changes)
        if method == "POST":
            return await browser.go("POST", "/authorize", data=asked)
        return await browser.go("GET", f"/authorize?{urlencode(asked, doseq=True)}")

    async def answered(self, browser: Browser, **changes: Any) -> dict[str, str]:
        """Sign in, at the provider where it is needed, and return what the program is told."""
        sent = await self.authorize(browser, **changes)
        if not sent.headers.get("location", "").startswith(REDIRECTS[self.client_id]):
            sent = await browser.signed_in_from(sent)
        return told(sent, REDIRECTS[self.client_id])

    async def token(self, *, headers: Mapping[str, str] | None = None, **said: Any) -> httpx.Response:
        proof = basic(self.client_id, programs.SECRETS[self.client_id]) if headers is None else headers
        form = {name: value for name, value in said.items() if value is not None}
        return await self.house.client.post("/token", data=form, headers=dict(proof))

    async def redeem(self, code: str, **changes: Any) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECTS[self.client_id]}
        return await self.token(**{**form, **changes})

    async def refresh(self, refresh_token: str, **changes: Any) -> httpx.Response:
        return await self.token(**{"grant_type": "refresh_token", "refresh_token": refresh_token, **changes})

    async def sign_in(self, browser: Browser, **changes: Any) -> dict[str, Any]:
        answer = await self.redeem((await self.answered(browser, **changes))["code"])
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def userinfo(self, token: str, *, scheme: str = "Bearer", **headers: str) -> httpx.Response:
        return await self.house.client.get("/userinfo", headers={"Authorization": f"{scheme} {token}", **headers})

    async def introspect(self, token: str) -> dict[str, Any]:
        proof = basic(self.client_id, programs.SECRETS[self.client_id])
        answer = await self.house.client.post("/introspect", data={"token": token}, headers=proof)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def revoke(self, token: str) -> httpx.Response:
        return await self.house.client.post(
            "/revoke", data={"token": token}, headers=basic(self.client_id, programs.SECRETS[self.client_id])
        )


@dataclass
class Fapi2Program:
    """A program of profile ``fapi2``."""

    house: House
    client_id: str = "steps"
    dpop_key: ECKey = field(default_factory=generate_p256)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def assertion(self, *, key: ECKey | None = None, typ: str = "JWT", **changes: Any) -> dict[str, str]:
        now = self.house.clock.timestamp()
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.house.origin("gateway"),
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + 60,
            **changes,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        return {
            "client_assertion_type": ASSERTION,
            "client_assertion": jose.sign(typ, said, key or programs.key(), kid=programs.kid()),
        }

    def proof(self, path: str, token: str | None = None, method: str = "POST") -> dict[str, str]:
        url = self.house.origin("gateway") + path
        return {"DPoP": dpop.make(self.dpop_key, method, url, self.house.clock.timestamp(), token)}

    async def push(
        self, *, proof: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **changes: Any
    ) -> httpx.Response:
        asked = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": programs.STEPS_REDIRECT,
            "scope": "openid steps.read",
            "state": self.state,
            "code_challenge": b64u(sha256(self.verifier.encode())),
            "code_challenge_method": "S256",
            "resource": programs.STEPS_API,
            "provider": self.house.upstream.origin,
            **(self.assertion() if proof is None else proof),
            **changes,
        }
        said = {name: value for name, value in asked.items() if value is not None}
        return await self.house.client.post("/par", data=said, headers=dict(self.proof("/par") if headers is None else headers))

    async def code(self, browser: Browser, **changes: Any) -> str:
        pushed = await self.push(**changes)
        assert pushed.status_code == 201, pushed.text
        sent = await browser.application.authorize(pushed.json()["request_uri"], self.client_id)
        if not sent.headers.get("location", "").startswith(programs.STEPS_REDIRECT):
            sent = await browser.signed_in_from(sent)
        return told(sent, programs.STEPS_REDIRECT)["code"]

    async def token(
        self, *, proof: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **said: Any
    ) -> httpx.Response:
        form = {**(self.assertion() if proof is None else proof), **said}
        given = {name: value for name, value in form.items() if value is not None}
        return await self.house.client.post(
            "/token", data=given, headers=dict(self.proof("/token") if headers is None else headers)
        )

    async def redeem(self, code: str, **changes: Any) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": programs.STEPS_REDIRECT,
            "code_verifier": self.verifier,
            "resource": programs.STEPS_API,
        }
        return await self.token(**{**form, **changes})

    async def for_itself(self, **changes: Any) -> httpx.Response:
        return await self.token(**{"grant_type": "client_credentials", **changes})

    async def introspect(self, token: str) -> dict[str, Any]:
        answer = await self.house.client.post("/introspect", data={"token": token, **self.assertion()})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


def told(sent: httpx.Response, redirect: str) -> dict[str, str]:
    """Return the parameters of a redirect back to a program."""
    assert sent.status_code == 303, sent.text
    location = urlsplit(sent.headers["location"])
    assert location._replace(query="").geturl() == redirect
    return dict(parse_qsl(location.query, keep_blank_values=True))
