"""The gateway's sign-in: the one member signs in, by evidence or as everybody whom a browser brings."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from joserfc.jwk import ECKey
from protocol import dpop
from protocol.access_token import LIFETIME, AccessToken
from protocol.deployment import Deployment
from protocol.encoding import b64u, sha256, unb64u
from protocol.messages.release import Evidence
from protocol.names import AUTHORITIES, AuthorityName
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from .authority import Authority
from .http import Refused, route

_EVIDENCE: TypeAdapter[Evidence] = TypeAdapter(Evidence)


@dataclass
class Session:
    """One signed-in session."""

    jkt: bytes
    sids: dict[AuthorityName, bytes]


class Gateway:
    """Pushed requests, codes, tokens."""

    def __init__(
        self,
        deployment: Deployment,
        key: ECKey,
        clock: Callable[[], int],
        refs: Mapping[AuthorityName, bytes],
        authority: Authority,
    ) -> None:
        self.deployment = deployment
        self.origin = deployment.origins["gateway"]
        self.key = key
        self.clock = clock
        self.refs = refs
        self.sessions: dict[str, Session] = {}
        self.iss = self.origin
        self.refreshed: list[str] = []
        self.places: list[str] = []
        self.refusal: tuple[int, str] | None = None
        self.location: str | None = None
        self._authority = authority
        self._pushed: dict[str, dict[str, str]] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        """Return the application, the authority's routes included."""
        own = [
            route("/par", "POST", self._par),
            route("/authorize", "GET", self._authorize),
            route("/token", "POST", self._token),
        ]
        return Starlette(routes=[*own, *self._authority.routes()])

    def _proof(self, request: Request) -> bytes:
        return dpop.check(request.headers["DPoP"], "POST", self.origin + request.url.path, self.clock()).jkt

    async def _par(self, request: Request) -> Response:
        form = await request.form()
        if set(form.getlist("resource")) != {self.deployment.origins[host] for host in AUTHORITIES}:
            raise Refused(400, "invalid_target")
        uri = "urn:ietf:params:oauth:request_uri:" + secrets.token_urlsafe()
        pushed = {name: str(value) for name, value in form.items()}
        jkt = self._proof(request)
        if self.refusal is not None:
            return JSONResponse({"error": self.refusal[1]}, self.refusal[0])
        if "statement" in pushed:
            proof = _EVIDENCE.validate_json(unb64u(pushed["evidence"]))
            try:
                self._authority.sign_in(unb64u(pushed["statement"]), proof, jkt)
            except Refused:
                return JSONResponse({"error": "access_denied"}, 400)
        self._pushed[uri] = {**pushed, "jkt": b64u(jkt)}
        self.places.append(pushed.get("place", "none"))
        return JSONResponse({"request_uri": uri, "expires_in": 60}, 201)

    async def _authorize(self, request: Request) -> Response:
        asked = self._pushed.pop(request.query_params["request_uri"])
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.iss}
        return RedirectResponse(f"{self.location or asked['redirect_uri']}?{urlencode(back)}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        jkt = self._proof(request)
        host: AuthorityName = "gateway"
        if form["grant_type"] == "authorization_code":
            asked = self._codes.pop(form["code"])
            right = b64u(sha256(form["code_verifier"].encode())) == asked["code_challenge"] and b64u(jkt) == asked["jkt"]
            if not right or form["redirect_uri"] != asked["redirect_uri"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            refresh = secrets.token_urlsafe()
            self.sessions[refresh] = Session(jkt, {name: secrets.token_bytes(16) for name in AUTHORITIES})
        else:
            refresh = form["refresh_token"]
            host = next(name for name in AUTHORITIES if self.deployment.origins[name] == form["resource"])
            self.refreshed.append(host)
            if refresh not in self.sessions:
                return JSONResponse({"error": "invalid_grant"}, 400)
        session = self.sessions[refresh]
        now = self.clock()
        token = AccessToken(
            self.origin,
            self.deployment.origins[host],
            self.refs[host],
            session.sids[host],
            session.jkt,
            form["client_id"],
            now,
            now + LIFETIME,
        )
        answer = {"access_token": token.encode(self.key, secrets.token_urlsafe()), "token_type": "DPoP", "expires_in": LIFETIME}
        return JSONResponse({**answer, "refresh_token": refresh})
