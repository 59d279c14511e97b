"""Sign-in at the group's provider: Authlib speaks OAuth, joserfc checks the ID token."""

import ssl
import warnings
from dataclasses import dataclass, field

import httpx
from authlib.deprecate import AuthlibDeprecationWarning  # type: ignore[import-untyped]  # Authlib has no types
from chassis.clock import Clock
from chassis.problems import Unavailable
from protocol.derive import hkdf
from protocol.encoding import b64u, lp, unb64u
from protocol.jose import TokenRefused, peek_header, verify
from protocol.oidc_evidence import OidcSubject

from gateway.upstream.id_token import Expected, check_claims
from gateway.upstream.provider import Provider, ProviderRefused, ProviderUnreachable

with warnings.catch_warnings():
    # Authlib would rather use httpx's successor; it uses the one that is there.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
    from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]

TIMEOUT_S = 5.0
_TYPES = ("", "jwt", "application/jwt")


@dataclass(frozen=True)
class Challenge:
    """What binds an answer of the provider to one browser: both are derived from its cookie and stored nowhere."""

    verifier: str
    """PKCE verifier."""
    nonce: str

    @classmethod
    def of(cls, cookie: str) -> "Challenge":
        """Derive them from the cookie's value, 32 random bytes in base64url."""
        secret = unb64u(cookie, 32)
        return cls(b64u(hkdf(secret, lp("upstream", "verifier"))), b64u(hkdf(secret, lp("upstream", "nonce"))))


@dataclass(frozen=True)
class RelyingParty:
    """The gateway's client at the provider."""

    provider: Provider
    client_id: str
    client_secret: str
    redirect_uri: str
    subject_claim: str
    algorithms: tuple[str, ...]
    clock: Clock
    tls: ssl.SSLContext = field(default_factory=lambda: httpx.create_ssl_context(trust_env=False))
    """Made once: reading the certificates of authorities costs more than the rest of a client."""

    async def authorization_url(self, state: str, challenge: Challenge) -> str:
        """Return where the browser is sent to sign in. Raises ProviderUnreachable."""
        metadata = await self.provider.metadata()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=state, code_verifier=challenge.verifier, nonce=challenge.nonce
            )
        return str(url)

    async def check_issuer(self, iss: str | None) -> None:
        """Raise ProviderRefused for an answer of somebody else (RFC 9207 section 2.4): before its code is used anywhere."""
        metadata = await self.provider.metadata()
        if (iss is None and metadata.names_itself) or (iss is not None and iss != self.provider.issuer):
            raise ProviderRefused("an answer of another issuer")

    async def subject(self, code: str, challenge: Challenge) -> OidcSubject:
        """Redeem the provider's code and return whom it signed in. Raises ProviderUnreachable or ProviderRefused."""
        metadata = await self.provider.metadata()
        try:
            async with self._client() as client:
                answer = await client.fetch_token(metadata.token_endpoint, code=code, code_verifier=challenge.verifier)
        except OAuthError as error:
            raise ProviderRefused("the provider does not redeem its code") from error
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnreachable("the provider's token endpoint does not answer") from error
        return await self._verified(answer.get("id_token"), challenge)

    async def _verified(self, id_token: object, challenge: Challenge) -> OidcSubject:
        if not isinstance(id_token, str):
            raise ProviderRefused("no ID token")
        expected = Expected(self.provider.issuer, self.client_id, challenge.nonce, self.subject_claim)
        try:
            header = peek_header(id_token)
            # Other tokens of a provider name their own type (RFC 8725 section 3.11).
            if str(header.get("typ", "")).lower() not in _TYPES:
                raise ProviderRefused("another kind of token")
            kid = header.get("kid")
            keys = await self.provider.keys(kid if isinstance(kid, str) else None)
            return check_claims(verify(id_token, keys, None, self.algorithms), expected, self.clock.timestamp())
        except TokenRefused as error:
            raise ProviderRefused("an ID token that does not verify") from error
        except Unavailable as error:
            raise ProviderUnreachable("the provider's keys cannot be fetched") from error

    def _client(self) -> AsyncOAuth2Client:
        # One for each use: a client keeps cookies and tokens, which are one member's.
        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106  # the name of a method
            scope="openid",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
            follow_redirects=False,
            trust_env=False,
            verify=self.tls,
        )
