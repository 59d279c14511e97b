"""A small issuer on a real loopback socket: a group's provider and the gateway in one, as far as an authority can see them.

It serves discovery and keys, and makes ID tokens, access tokens and logout tokens, well-formed or with whatever is asked for.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import uvicorn
from chassis.clock import Clock
from joserfc.jwk import ECKey
from protocol.access_token import LIFETIME, AccessToken
from protocol.encoding import b64u
from protocol.jose import generate_p256, public_jwk, sign, thumbprint
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

EVIDENCE_CLIENT = "evidence-of-tests"


class _Server(uvicorn.Server):
    def capture_signals(self) -> Any:
        return nullcontext()  # signals belong to pytest


class Issuer:
    """Signs with one key at a time; `rotate` takes another and withdraws the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jti = 0
        self.origin = ""
        self.key = generate_p256()
        self.fetches = 0
        """How often somebody fetched the keys."""
        self.broken = False
        """Whether every request is answered with 500."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Issuer"]:
        """Serve on a free port of the loopback."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
            server = _Server(uvicorn.Config(self._app, interface="asgi3", log_config=None, lifespan="off", ws="none"))
            task = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:  # uvicorn tells nobody
                await asyncio.sleep(0.01)
            try:
                yield self
            finally:
                server.should_exit = True
                await task

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.key = generate_p256()

    def id_token(self, h: bytes, subject: str, **changes: Any) -> str:
        """Return an ID token whose nonce is ``h``; a change to None leaves the claim out."""
        now = self._clock.timestamp()
        claims = {"iss": self.origin, "aud": EVIDENCE_CLIENT, "sub": subject, "nonce": b64u(h), "iat": now, "exp": now + 300}
        return self.token("JWT", {**claims, **changes})

    def access_token(self, audience: str, ref: bytes, sid: bytes, jkt: bytes, lifetime: int = LIFETIME) -> str:
        """Return an access token as the gateway makes them."""
        now = self._clock.timestamp()
        token = AccessToken(self.origin, audience, ref, sid, jkt, "app-of-tests", now, now + lifetime)
        return token.encode(self.key, self._next_jti())

    def logout_token(self, audience: str, session_id: bytes, typ: str = "logout+jwt", **changes: Any) -> str:
        """Return a logout token as the gateway makes them; a change to None leaves the claim out."""
        now = self._clock.timestamp()
        events: dict[str, object] = {"http://schemas.openid.net/event/backchannel-logout": {}}
        claims = {"iss": self.origin, "aud": audience, "iat": now, "exp": now + 120, "sid": b64u(session_id), "events": events}
        return self.token(typ, {**claims, "jti": self._next_jti(), **changes})

    def token(self, typ: str, claims: dict[str, Any], key: ECKey | None = None) -> str:
        """Return any token, by default signed with the published key."""
        kept = {name: value for name, value in claims.items() if value is not None}
        return sign(typ, kept, key or self.key, kid=b64u(thumbprint(self.key)))

    def _next_jti(self) -> str:
        self._jti += 1
        return f"jti-of-tests-{self._jti}"

    async def _app(self, scope: Scope, _receive: Receive, send: Send) -> None:
        documents = {
            "/.well-known/openid-configuration": {"issuer": self.origin, "jwks_uri": self.origin + "/jwks"},
            "/jwks": {"keys": [{**public_jwk(self.key), "kid": b64u(thumbprint(self.key)), "use": "sig"}]},
        }
        self.fetches += scope["path"] == "/jwks"
        document = documents.get(scope["path"])
        status = 500 if self.broken else 200 if document else 404
        await JSONResponse(document, status)(scope, _receive, send)
