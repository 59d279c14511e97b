"""Applications that may sign members in. They are data: the configuration lists them, their profile says what is asked of them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gateway.tokens import IdAlgorithm

ProfileName = Literal["app", "fapi2", "oidc-basic"]
AuthMethod = Literal["none", "private_key_jwt", "client_secret_basic", "client_secret_post"]
GrantType = Literal["authorization_code", "refresh_token", "client_credentials"]
AUTH_METHODS: tuple[AuthMethod, ...] = get_args(AuthMethod)
GRANT_TYPES: tuple[GrantType, ...] = get_args(GrantType)

_LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(/[^?#]*)")
_LOOPBACK_PORT = re.compile(r"http://(?:127\.0\.0\.1|\[::1\]):[1-9][0-9]{0,4}/[^?#]*")
# A page on this very machine: a secure context (W3C Secure Contexts section 3.1), and the only http origin that has passkeys.
_LOCALHOST = re.compile(r"http://localhost:[1-9][0-9]{0,4}/[^?#]*")
_HTTPS = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?/[^?#]*")
_PORT = re.compile(r"(?::([1-9][0-9]{0,4}))?")


@dataclass(frozen=True)
class Profile:
    """What is asked of an application of one kind."""

    methods: frozenset[AuthMethod]
    """How it proves who it is."""
    pushes: bool
    """Whether only pushed authorization requests count (RFC 9126)."""
    pkce: bool
    """Whether PKCE is needed (RFC 7636); where it is not, a challenge that was sent counts all the same."""
    dpop: bool
    """Whether tokens are bound to a DPoP key (RFC 9449)."""
    idles: bool
    """Whether a session ends that is not refreshed for a while."""


PROFILES: dict[ProfileName, Profile] = {
    # Public applications of ours: they hold no secret, so everything is bound to a key of one session.
    "app": Profile(frozenset({"none"}), pushes=True, pkce=True, dpop=True, idles=True),
    # FAPI 2.0 Security Profile, section 5.3.2: confidential, and nothing that can be stolen is worth anything.
    "fapi2": Profile(frozenset({"private_key_jwt"}), pushes=True, pkce=True, dpop=True, idles=False),
    # Relying parties off the shelf, which can do no more than OpenID Connect Core 1.0 asks.
    "oidc-basic": Profile(
        frozenset({"client_secret_basic", "client_secret_post"}), pushes=False, pkce=False, dpop=False, idles=False
    ),
}


class Client(BaseModel):
    """One application."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    name: str = ""
    """As members know it; its id where it is empty."""
    profile: ProfileName = "app"
    redirect_uris: tuple[str, ...] = ()
    """``https`` without query or fragment, or ``http`` to a loopback address, which then stands for every port. Those of a
    confidential application name their port at loopbacks, and stand for that alone; so do pages at ``http://localhost``."""
    post_logout_redirect_uris: tuple[str, ...] = ()
    """Where a browser may be sent after signing out, character by character."""
    id_algorithm: IdAlgorithm = Field(default="ES256", alias="id_token_signed_response_alg")
    """Of its ID and logout tokens; RS256 is for profile oidc-basic, where a library knows no other."""
    backchannel_logout_uri: str | None = None
    """Where the end of a session is told (OpenID Connect Back-Channel Logout 1.0)."""
    sector: str = ""
    """Applications of one sector are told the same subject; the application alone where it is empty."""
    secret_hash_files: tuple[Path, ...] = Field(default=(), max_length=2)
    """SHA-256 of its secret in base64url, as ``clients secret`` prints it; two while a secret is being replaced."""
    keys_file: Path | None = None
    """Its public keys, a JWK set: ES256, PS256 or Ed25519."""
    grant_types: tuple[GrantType, ...] = ("authorization_code", "refresh_token")
    scopes: tuple[str, ...] = ("openid",)
    resources: tuple[str, ...] = ()
    """Audiences besides userinfo that it may ask tokens for (RFC 8707); the authorities are for profile ``app`` alone."""
    serves: tuple[str, ...] = ()
    """Audiences whose tokens are shown to it, so that it may introspect them."""

    @property
    def rules(self) -> Profile:
        """What is asked of it."""
        return PROFILES[self.profile]

    @property
    def confidential(self) -> bool:
        """Whether it proves who it is."""
        return "none" not in self.rules.methods

    @property
    def pairwise_sector(self) -> str:
        """What its pairwise subjects are derived for."""
        return self.sector or self.client_id

    @field_validator("resources", "serves")
    @classmethod
    def _absolute(cls, uris: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_is_audience(uri) for uri in uris):
            raise ValueError("an audience is an absolute http or https URI without fragment (RFC 8707 section 2)")
        return uris

    @model_validator(mode="after")
    def _shaped(self) -> "Client":
        signs_in = "authorization_code" in self.grant_types
        if signs_in != bool(self.redirect_uris):
            raise ValueError("redirect_uris are needed to sign members in, and for nothing else")
        loopback = _LOOPBACK_PORT if self.confidential else _LOOPBACK
        if not all(any(form.fullmatch(uri) for form in (loopback, _LOCALHOST, _HTTPS)) for uri in self.redirect_uris):
            raise ValueError(
                "redirect_uris should be https, or http to 127.0.0.1 or [::1] (without a port where the application is public), "
                "or to localhost with a port, with a path and nothing after it"
            )
        if not all(_is_audience(uri) for uri in (*self.post_logout_redirect_uris, self.backchannel_logout_uri or "https://x/")):
            raise ValueError("URIs for signing out are absolute, http or https, without fragment")
        if bool(self.secret_hash_files) != ("client_secret_basic" in self.rules.methods):
            raise ValueError("secret_hash_files are for profile oidc-basic, and needed there")
        if (self.keys_file is not None) != ("private_key_jwt" in self.rules.methods):
            raise ValueError("keys_file is for profile fapi2, and needed there")
        if self.id_algorithm != "ES256" and self.profile != "oidc-basic":
            raise ValueError("id_token_signed_response_alg is ES256 but for profile oidc-basic (FAPI 2.0 section 5.4.1)")
        if not self.confidential and (self.resources or self.serves or "client_credentials" in self.grant_types):
            raise ValueError("resources, serves and client_credentials need an application that proves who it is")
        return self

    def allows(self, redirect_uri: str) -> bool:
        """Whether a redirect URI is, character by character, a registered one; at loopbacks any port (RFC 8252 section 7.3)."""
        return any(_same(registered, redirect_uri) for registered in self.redirect_uris)


def _is_audience(uri: str) -> bool:
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "#" not in uri and "@" not in parts.netloc


def _same(registered: str, given: str) -> bool:
    if registered == given:
        return True
    loopback = _LOOPBACK.fullmatch(registered)
    if loopback is None or not given.startswith(loopback[1]) or not given.endswith(loopback[2]):
        return False
    port = _PORT.fullmatch(given[len(loopback[1]) : len(given) - len(loopback[2])])
    return port is not None and (port[1] is None or int(port[1]) <= 65535)
