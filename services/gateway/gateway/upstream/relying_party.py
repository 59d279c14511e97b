"""Sign-in at one provider of the group: the code flow with PKCE, nonce and a redirect URI of its own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from chassis.clock import Clock
from chassis.problems import Unavailable
from protocol.deployment import GroupIdp
from protocol.derive import hkdf
from protocol.encoding import b64u, lp, sha256, unb64u
from protocol.jose import TokenRefused, peek_header, verify

from gateway.upstream import exchange, logout_token
from gateway.upstream.claims import Claims, SignedIn, joined
from gateway.upstream.errors import ProviderRefused, ProviderUnreachable
from gateway.upstream.id_token import Expected, check_claims
from gateway.upstream.logout_token import LOGOUT_TOKEN_TYPES, LoggedOut
from gateway.upstream.provider import Provider

ID_TOKEN_TYPES = ("", "jwt", "application/jwt")
"""Other tokens of a provider name their own type (RFC 8725 section 3.11)."""


@dataclass(frozen=True)
class Challenge:
    """What binds an answer of one provider to one browser: both are derived from its cookie and stored nowhere."""

    verifier: str
    """PKCE verifier."""
    nonce: str

    @classmethod
    def of(cls, cookie: str, name: str) -> "Challenge":
        """Derive them from the cookie's value, 32 random bytes in base64url, and the provider's name."""
        secret = unb64u(cookie, 32)
        return cls(*(b64u(hkdf(secret, lp("upstream", name, what))) for what in ("verifier", "nonce")))


@dataclass(frozen=True)
class RelyingParty:
    """The gateway's client at one provider."""

    idp: GroupIdp
    """What the deployment pins of the provider."""
    provider: Provider
    http: httpx.AsyncClient
    client_id: str
    client_secret: str
    redirect_uri: str
    """No other provider has the same: where an answer arrives says whose it claims to be (RFC 9700 section 4.4.2)."""
    clock: Clock
    scopes: tuple[str, ...] = ("openid",)
    userinfo: bool = False
    """Whether userinfo is asked too, for claims that are not in the ID token."""

    async def authorization_url(self, state: str, challenge: Challenge, *, anew: bool = False) -> str:
        """Return where the browser is sent to sign in, ``anew`` even where it is signed in there. Raises ProviderUnreachable."""
        endpoint = (await self.provider.metadata()).authorization_endpoint
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": state,
            "nonce": challenge.nonce,
            "code_challenge": b64u(sha256(challenge.verifier.encode())),
            "code_challenge_method": "S256",
            **({"prompt": "login"} if anew else {}),
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def check_issuer(self, iss: str | None) -> None:
        """Raise ProviderRefused for an answer of somebody else (RFC 9207 section 2.4): before its code is used anywhere."""
        metadata = await self.provider.metadata()
        if (iss is None and metadata.names_itself) or (iss is not None and iss != self.provider.issuer):
            raise ProviderRefused("an answer of another issuer")

    async def signed_in(self, code: str, challenge: Challenge) -> SignedIn:
        """Redeem the provider's code and return whom it signed in. Raises ProviderUnreachable or ProviderRefused."""
        metadata = await self.provider.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": challenge.verifier,
        }
        answer = await exchange.redeem(self.http, metadata.token_endpoint, form, self.client_id, self.client_secret)
        access_token = answer.get("access_token")
        if not isinstance(access_token, str):
            access_token = None
        claims = await self._verified(answer.get("id_token"), challenge, access_token)
        sid = claims.get("sid")
        if self.userinfo:
            if metadata.userinfo_endpoint is None or access_token is None:
                raise ProviderRefused("no userinfo")
            claims = joined(claims, await exchange.userinfo(self.http, metadata.userinfo_endpoint, access_token))
        return SignedIn(self.provider.issuer, claims["sub"], sid if isinstance(sid, str) else None, Claims(claims))

    async def logged_out(self, token: str) -> LoggedOut:
        """Return what the provider says has ended there. Raises ProviderUnreachable or ProviderRefused."""
        try:
            claims, _ = await self._checked(token, LOGOUT_TOKEN_TYPES)
            return logout_token.check_claims(claims, self.provider.issuer, self.client_id, self.clock.timestamp())
        except TokenRefused as error:
            raise ProviderRefused("a logout token that does not verify") from error

    async def _checked(self, token: str, types: tuple[str, ...]) -> tuple[dict[str, Any], str]:
        """Return the claims of a token that the provider signed, and the algorithm. Raises TokenRefused, ProviderUnreachable."""
        header = peek_header(token)
        if str(header.get("typ", "")).lower() not in types:
            raise TokenRefused("another kind of token")
        kid = header.get("kid")
        try:
            keys = await self.provider.keys(kid if isinstance(kid, str) else None)
        except Unavailable as error:
            raise ProviderUnreachable("the provider's keys cannot be fetched") from error
        return verify(token, keys, None, self.idp.algorithms), str(header["alg"])

    async def _verified(self, id_token: object, challenge: Challenge, access_token: str | None) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise ProviderRefused("no ID token")
        expected = Expected(self.provider.issuer, self.client_id, challenge.nonce, access_token)
        try:
            claims, algorithm = await self._checked(id_token, ID_TOKEN_TYPES)
            check_claims(claims, algorithm, expected, self.clock.timestamp())
        except TokenRefused as error:
            raise ProviderRefused("an ID token that does not verify") from error
        return claims
