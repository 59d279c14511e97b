"""One program of profile fapi2 as it asks an OpenID provider, ours or another: private_key_jwt, PAR, PKCE, DPoP."""

import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from joserfc.jwk import ECKey
from protocol import dpop, jose
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256, thumbprint

REDIRECT_URI = "http://127.0.0.1:3000/callback"
RESOURCE = "https://steps.example/api"
SCOPE = "steps.write"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_VERIFIER = secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Paths:
    """Where a provider is asked."""

    par: str
    authorize: str
    token: str = "/token"  # a path


OURS = Paths("/par", "/authorize")
OIDC_PROVIDER = Paths("/request", "/auth")


@dataclass(frozen=True)
class Program:
    """A registered program; each of its requests has an assertion and a proof of its own."""

    client_id: str
    key: ECKey
    issuer: str
    paths: Paths
    dpop_key: ECKey = field(default_factory=generate_p256)

    def public_jwk(self) -> dict[str, str]:
        """Return its public key as a provider keeps it."""
        return {**jose.public_jwk(self.key), "kid": b64u(thumbprint(self.key)), "alg": "ES256", "use": "sig"}

    def for_itself(self) -> bytes:
        """Return a request for a token for the program itself."""
        return self._post(self.paths.token, {"grant_type": "client_credentials", "resource": RESOURCE, "scope": SCOPE})

    def refresh(self, refresh_token: str) -> bytes:
        """Return a request for another access token of a session."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "resource": RESOURCE, "scope": SCOPE}
        return self._post(self.paths.token, form)

    def push(self) -> bytes:
        """Return an authorization request that asks nobody anything."""
        form = {
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "scope": f"openid {SCOPE}",
            "resource": RESOURCE,
            "prompt": "none",
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": b64u(sha256(_VERIFIER.encode())),
            "code_challenge_method": "S256",
        }
        return self._post(self.paths.par, form)

    def authorize(self, request_uri: str, cookie: str) -> bytes:
        """Return what a browser that is signed in asks."""
        query = urlencode({"client_id": self.client_id, "request_uri": request_uri})
        lines = (f"GET {self.paths.authorize}?{query} HTTP/1.1", f"Host: {self._host}", f"Cookie: {cookie}", "", "")
        return "\r\n".join(lines).encode()

    def redeem(self, code: str) -> bytes:
        """Return a request for the tokens of a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "code_verifier": _VERIFIER}
        return self._post(self.paths.token, {**form, "resource": RESOURCE})

    @property
    def _host(self) -> str:
        return urlsplit(self.issuer).netloc

    def _post(self, path: str, form: dict[str, str]) -> bytes:
        now, client = int(time.time()), self.client_id
        claims = {"iss": client, "sub": client, "aud": self.issuer, "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + 60}
        assertion = jose.sign("JWT", claims, self.key, kid=b64u(thumbprint(self.key)))
        proved = {"client_id": client, "client_assertion_type": _ASSERTION, "client_assertion": assertion}
        body = urlencode({**form, **proved}).encode()
        lines = (
            f"POST {path} HTTP/1.1",
            f"Host: {self._host}",
            f"DPoP: {dpop.make(self.dpop_key, 'POST', self.issuer + path, now)}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "",
            "",
        )
        return "\r\n".join(lines).encode() + body
