"""A small group identity provider with a whole code flow, on a loopback socket: real HTTP, real signatures, and told how to err."""

import asyncio
import base64
import contextlib
import json
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import uvicorn
from chassis.clock import Clock
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from protocol import jose
from protocol.encoding import b64u, sha256
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

CLIENT_ID = "gateway-at-group"
STAFF_CLIENT_ID = "gateway-staff-at-group"
"""The gateway's other client, with the same secret: for staff alone."""
CLIENT_SECRET = "a-secret-of-the-gateway-at-the-group"
ACCESS_TOKEN = "an-access-token-for-userinfo"


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # signals are pytest's


def listener() -> socket.socket:
    """Return a socket bound to a free port of the loopback."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind(("127.0.0.1", 0))
    return taken


def origin_of(bound: socket.socket) -> str:
    """Return the origin of a bound socket."""
    return f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, bound: socket.socket) -> AsyncIterator[None]:
    """Serve an application on a socket, in this loop."""
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started:  # uvicorn offers no event
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@dataclass
class Upstream:
    """The provider. ``claims`` and ``header`` replace parts of its ID tokens (None takes one away); ``employee`` signs in."""

    origin: str
    clock: Clock
    employee: str = "E-0001"
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    """What discovery says instead."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    """What userinfo says beside the subject, or instead of it."""
    answer: dict[str, Any] = field(default_factory=dict)
    """What the token endpoint says beside its tokens, or instead (None takes one away)."""
    subs: Iterator[str] | None = None
    """Whom one ID token after the other is about."""
    key: ECKey | RSAKey = field(default_factory=jose.generate_p256)
    signing_key: ECKey | RSAKey | None = None
    """Signs instead of the published key."""
    others: tuple[ECKey | RSAKey, ...] = ()
    """Published beside the key."""
    typ: str = "JWT"
    client_secret: str = CLIENT_SECRET
    checks_pkce: bool = True
    raw_id_token: str | None = None
    """Given out instead of an ID token of its own."""
    names_itself: bool = True
    down: bool = False
    redeemed: int = 0
    looked_at: int = 0
    """How often somebody fetched the metadata."""
    fetched: int = 0
    """How often somebody fetched the keys."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def app(self) -> ASGIApp:
        inner = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/keys", self._keys),
                Route("/auth", self._auth),
                Route("/token", self._token, methods=["POST"]),
                Route("/userinfo", self._userinfo),
            ]
        )

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            await (Response(status_code=503) if self.down else inner)(scope, receive, send)

        return served

    @property
    def kid(self) -> str:
        return str(self.key.thumbprint())

    async def _discovery(self, _request: Request) -> Response:
        self.looked_at += 1
        return JSONResponse(
            {
                "issuer": self.origin,
                "authorization_endpoint": f"{self.origin}/auth",
                "token_endpoint": f"{self.origin}/token",
                "jwks_uri": f"{self.origin}/keys",
                "userinfo_endpoint": f"{self.origin}/userinfo",
                "authorization_response_iss_parameter_supported": self.names_itself,
                **self.metadata,
            }
        )

    async def _keys(self, _request: Request) -> Response:
        other = {"kty": "OKP", "crv": "X25519", "x": b64u(bytes(32)), "use": "enc", "kid": "not-for-signatures"}
        self.fetched += 1
        keys = [{**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig"} for key in (self.key, *self.others)]
        return JSONResponse({"keys": [other, *keys]})

    async def _userinfo(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {ACCESS_TOKEN}":
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse({"sub": "opaque-" + self.employee, **self.userinfo})

    async def _auth(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        said = {"code": code, "state": asked["state"], **({"iss": self.origin} if self.names_itself else {})}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(said)}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        client_id = asked["client_id"] if asked else CLIENT_ID
        basic = base64.b64encode(f"{client_id}:{quote(self.client_secret, safe='')}".encode()).decode()
        if client_id not in (CLIENT_ID, STAFF_CLIENT_ID) or request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        proved = b64u(sha256(form.get("code_verifier", "").encode()))
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        if self.checks_pkce and asked["code_challenge"] != proved:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.redeemed += 1
        given = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": self.raw_id_token or self.id_token(asked)}
        return JSONResponse({name: value for name, value in {**given, **self.answer}.items() if value is not None})

    def id_token(self, asked: dict[str, str]) -> str:
        """Sign an ID token for a ``client_id`` and ``nonce``."""
        now = self.clock.timestamp()
        claims = {
            "iss": self.origin,
            "sub": "opaque-" + self.employee if self.subs is None else next(self.subs),
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "employee_number": self.employee,
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        return self.signed(said)

    def logout_token(self, *, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Sign a logout token for the gateway's client; a change to None leaves a claim out, or a part of the header."""
        now = self.clock.timestamp()
        events: dict[str, object] = {"http://schemas.openid.net/event/backchannel-logout": {}}
        claims = {
            "iss": self.origin,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(8),
            "events": events,
        }
        said = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return self.signed(said, {"typ": "logout+jwt", **(header or {})})

    def signed(self, claims: dict[str, Any], also: dict[str, Any] | None = None) -> str:
        """Sign any claims, with whatever is asked of the header; of algorithm ``none`` a token bears no signature."""
        key = self.signing_key or self.key
        whole = {"typ": self.typ, "alg": "ES256" if isinstance(key, ECKey) else "RS256", "kid": self.kid, **(also or self.header)}
        header = {name: value for name, value in whole.items() if value is not None}
        payload = json.dumps(claims).encode()
        if header["alg"].lower() == "none":
            return f"{b64u(json.dumps(header).encode())}.{b64u(payload)}."
        return jws.serialize_compact(header, payload, key, algorithms=["ES256", "RS256"])


@dataclass
class Receiver:
    """A host that is told of logouts: keeps the tokens, or answers with an error for as long as it is ``down``.

    While ``open`` is cleared it answers nothing at all.
    """

    tokens: list[str] = field(default_factory=list)
    asked: int = 0
    down: bool = False
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    @property
    def app(self) -> Starlette:
        paths = ("/backchannel-logout", "/staff/logout")
        return Starlette(routes=[Route(path, self._logout, methods=["POST"]) for path in paths])

    async def _logout(self, request: Request) -> Response:
        self.asked += 1
        await self.open.wait()
        if self.down:
            return Response(status_code=503)
        body = (await request.body()).decode()
        # Stores of ours are told by JSON, as everything that they are told; others by OpenID Connect's form.
        self.tokens += [json.loads(body)["logout_token"]] if body.startswith("{") else parse_qs(body)["logout_token"]
        return Response(status_code=200)
