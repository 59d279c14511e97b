"""An application of staff and the browser that it opens."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc.jwk import ECKey
from protocol import dpop
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256
from protocol.names import STORES, StoreName
from protocol.staff_token import StaffToken
from rooms.gateway.house import STAFF_CLIENT, House, keys_of, path_of

REDIRECT = "http://127.0.0.1:49153/callback"


@dataclass
class StaffApplication:
    """One application with one DPoP key and one browser; a change to None leaves a parameter out."""

    house: House
    key: ECKey = field(default_factory=generate_p256)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    cookie: str = ""

    async def post(self, path: str, asked: dict[str, Any], *, key: ECKey | None = None, proved: bool = True) -> httpx.Response:
        proof = dpop.make(key or self.key, "POST", self.house.origin("gateway") + path, self.house.clock.timestamp())
        said = {name: value for name, value in asked.items() if value is not None}
        return await self.house.client.post(path, data=said, headers={"DPoP": proof} if proved else {})

    async def push(self, *, proved: bool = True, **changes: Any) -> httpx.Response:
        asked = {
            "client_id": STAFF_CLIENT,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": "staff",
            "state": "somewhere",
            "code_challenge": b64u(sha256(self.verifier.encode())),
            "code_challenge_method": "S256",
            "resource": [self.house.origin(store) for store in STORES],
            **changes,
        }
        return await self.post("/staff/par", asked, proved=proved)

    async def authorize(self, request_uri: str) -> httpx.Response:
        asked = {"client_id": STAFF_CLIENT, "request_uri": request_uri}
        answer = await self.house.client.get("/staff/authorize", params=asked)
        self.cookie = answer.headers.get("set-cookie", "").split(";")[0]
        return answer

    async def come_back(self, **changes: Any) -> httpx.Response:
        """Walk from the push through the provider to what the callback answers."""
        sent = await self.authorize((await self.push(**changes)).json()["request_uri"])
        async with httpx.AsyncClient() as browser:
            location = (await browser.get(sent.headers["location"])).headers["location"]
        return await self.house.client.get(path_of(location), headers={"Cookie": self.cookie})

    async def code(self, **changes: Any) -> str:
        answer = await self.come_back(**changes)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]

    async def token(
        self, store: str = "anon-data", *, key: ECKey | None = None, proved: bool = True, **asked: Any
    ) -> httpx.Response:
        said = {"client_id": STAFF_CLIENT, "resource": self.house.origin(store), **asked}
        return await self.post("/staff/token", said, key=key, proved=proved)

    async def redeem(self, code: str, store: str = "anon-data", **changes: Any) -> httpx.Response:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": self.verifier}
        return await self.token(store, **{**asked, **changes})

    async def refresh(self, refresh_token: str, store: str = "anon-data", **changes: Any) -> httpx.Response:
        return await self.token(store, **{"grant_type": "refresh_token", "refresh_token": refresh_token, **changes})

    def decoded(self, answer: httpx.Response, store: StoreName = "anon-data") -> StaffToken:
        """Return what a store reads of a token answer."""
        assert answer.status_code == 200, answer.text
        keys, now = keys_of("gateway").public().signing_keys, self.house.clock.timestamp()
        return StaffToken.decode(answer.json()["access_token"], keys, self.house.origin("gateway"), self.house.origin(store), now)
