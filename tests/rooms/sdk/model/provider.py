"""The group's provider: everybody who comes is signed in as the one employee."""

import secrets
from urllib.parse import urlencode

from joserfc.jwk import ECKey
from protocol.encoding import b64u, sha256
from protocol.jose import public_jwk, sign, thumbprint
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from .http import Refused, route

EVIDENCE_CLIENT = "warifu-evidence"


class Provider:
    """Issues ID tokens; ``extra`` claims and a later ``late`` time can be set by a test."""

    def __init__(self, issuer: str, key: ECKey, clock: "object") -> None:
        self.issuer = issuer
        self.key = key
        self.clock = clock
        self.extra: dict[str, object] = {}
        self.signing_key = key
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(
            routes=[
                route("/.well-known/openid-configuration", "GET", self._metadata),
                route("/jwks", "GET", self._jwks),
                route("/auth", "GET", self._authorize),
                route("/token", "POST", self._token),
            ]
        )

    async def _metadata(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": self.issuer + "/auth",
                "token_endpoint": self.issuer + "/token",
                "jwks_uri": self.issuer + "/jwks",
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [{**public_jwk(self.key), "kid": b64u(thumbprint(self.key)), "use": "sig"}]})

    async def _authorize(self, request: Request) -> Response:
        code = secrets.token_urlsafe()
        self._codes[code] = dict(request.query_params)
        back = {"code": code, "state": request.query_params["state"], "iss": self.issuer}
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{urlencode(back)}", 303)

    async def _token(self, request: Request) -> Response:
        form = dict(await request.form())
        asked = self._codes.pop(str(form["code"]))
        if b64u(sha256(str(form["code_verifier"]).encode())) != asked["code_challenge"] or asked["scope"] != "openid":
            raise Refused(400, "invalid_grant")
        now = self.clock()  # type: ignore[operator]
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "employee_number": "E000001",
            **self.extra,
        }
        token = sign("JWT", claims, self.signing_key, kid=b64u(thumbprint(self.key)))
        return JSONResponse({"id_token": token, "access_token": "unused", "token_type": "Bearer"})
