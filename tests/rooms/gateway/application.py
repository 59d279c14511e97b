"""An application of profile ``app`` and the browser that it opens, step by step, each step open to meddling."""

import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256
from rooms.gateway.house import CLIENT, House, path_of

REDIRECT = "http://127.0.0.1:49152/callback"
COOKIE = "warifu_gateway_flow"
SESSION_COOKIE = "warifu_session"
# Read once: every new client would read the list of authorities again.
_TRUST = ssl.create_default_context()


@dataclass
class Application:
    """One application on one device, with one DPoP key and one browser."""

    house: House
    key: ECKey = field(default_factory=generate_p256)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    cookie: str = ""
    """What the browser keeps between two steps."""
    session: str = ""
    """The cookie with which the browser is signed in."""

    def proof(self, path: str, *, key: ECKey | None = None, method: str = "POST", token: str | None = None, at: int = 0) -> str:
        now = self.house.clock.timestamp() + at
        return dpop.make(key or self.key, method, self.house.origin("gateway") + path, now, token)

    async def push(self, *, key: ECKey | None = None, headers: Any = None, **changes: Any) -> httpx.Response:
        """Push an authorization request; a change to None leaves a parameter out."""
        asked: dict[str, Any] = {
            "client_id": CLIENT,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": "openid",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": b64u(sha256(self.verifier.encode())),
            "code_challenge_method": "S256",
            "resource": [self.house.origin(host) for host in ("gateway", "keyvault", "identity")],
            **changes,
        }
        if headers is None:
            headers = {"DPoP": self.proof("/par", key=key)}
        said = {name: value for name, value in asked.items() if value is not None}
        return await self.house.client.post("/par", data=said, headers=headers)

    async def authorize(self, request_uri: str, client_id: str = CLIENT, **more: str) -> httpx.Response:
        """Open the browser at the gateway."""
        return await self.browse("GET", "/authorize", params={"client_id": client_id, "request_uri": request_uri, **more})

    async def browse(self, method: str, path: str, *, headers: Mapping[str, str] = {}, **said: Any) -> httpx.Response:
        """Ask with this browser's cookies alone, and keep those that come back."""
        self.house.client.cookies.clear()
        given = "; ".join(filter(None, (self.cookie, self.session)))
        answer = await self.house.client.request(method, path, headers={"Cookie": given, **headers}, **said)
        for set_cookie in answer.headers.get_list("set-cookie"):
            name, _, value = (pair := set_cookie.split(";")[0]).partition("=")
            if name == COOKIE and "max-age=600" in set_cookie.lower():
                self.cookie = pair
            elif name == SESSION_COOKIE:
                self.session = pair if value.strip('"') else ""
        self.house.client.cookies.clear()
        return answer

    async def at_provider(self, location: str) -> str:
        """Sign in at the group's provider and return where it sends the browser."""
        async with httpx.AsyncClient(verify=_TRUST) as browser:
            return str((await browser.get(location)).headers["location"])

    async def come_back(self, location: str, cookie: str | None = None) -> httpx.Response:
        """Follow the provider's redirect."""
        return await self.browse("GET", path_of(location), headers={} if cookie is None else {"Cookie": cookie})

    async def returned(self, **changes: Any) -> str:
        """Walk from the push to the provider's redirect back."""
        pushed = await self.push(**changes)
        sent = await self.authorize(pushed.json()["request_uri"])
        return await self.at_provider(sent.headers["location"])

    async def answered(self, **changes: Any) -> dict[str, str]:
        """Walk from the push to the redirect that the application receives; return its parameters."""
        answer = await self.come_back(await self.returned(**changes))
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def code(self, **changes: Any) -> str:
        return (await self.answered(**changes))["code"]

    async def token(self, *, key: ECKey | None = None, headers: Any = None, **changes: Any) -> httpx.Response:
        """Ask the token endpoint."""
        asked = {"client_id": CLIENT, **changes}
        if headers is None:
            headers = {"DPoP": self.proof("/token", key=key)}
        said = {name: value for name, value in asked.items() if value is not None}
        return await self.house.client.post("/token", data=said, headers=headers)

    async def redeem(self, code: str, /, **changes: Any) -> httpx.Response:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": self.verifier}
        return await self.token(**{**asked, **changes})

    async def refresh(self, refresh_token: str, /, **changes: Any) -> httpx.Response:
        return await self.token(**{"grant_type": "refresh_token", "refresh_token": refresh_token, **changes})

    async def sign_in(self) -> dict[str, Any]:
        """Return the token endpoint's answer to a whole sign-in."""
        answer = await self.redeem(await self.code())
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def sign_out(self, access_token: str, *, key: ECKey | None = None, path: str = "/session") -> httpx.Response:
        proof = self.proof(path, key=key, method="DELETE", token=access_token)
        headers = {"Authorization": f"DPoP {access_token}", "DPoP": proof}
        return await self.house.client.delete(path, headers=headers)
