"""Answers in the forms that OAuth and OpenID Connect give them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Pushed(_Answer):
    """Answer to a pushed authorization request (RFC 9126 section 2.2)."""

    request_uri: str
    expires_in: int
    """Seconds."""


class Ticket(_Answer):
    """Answer to a proof from the portal."""

    next: str
    """Where the browser goes on, within a minute and once: an address of the gateway."""


class TokenAnswer(_Answer):
    """Answer of the token endpoint (RFC 6749 section 5.1)."""

    access_token: str
    token_type: Literal["DPoP"] = "DPoP"  # noqa: S105  # a scheme's name
    expires_in: int
    """Seconds."""
    scope: Literal["openid"] = "openid"
    refresh_token: str | None = None
    """With a code only: it is not rotated."""
    id_token: str | None = None
    """With a code only."""


class StaffTokenAnswer(_Answer):
    """Answer of staff's token endpoint (RFC 6749 section 5.1)."""

    access_token: str
    """A staff token for one store (:mod:`protocol.staff_token`)."""
    token_type: Literal["DPoP"] = "DPoP"  # noqa: S105  # a scheme's name
    expires_in: int
    """Seconds."""
    scope: Literal["staff"] = "staff"
    refresh_token: str | None = None
    """With a code only: it is not rotated."""


class OAuthRefusal(_Answer):
    """An error of /par and /token (RFC 6749 section 5.2)."""

    error: str
    error_description: str


class KeySetAnswer(_Answer):
    """A JWK set (RFC 7517 section 5)."""

    keys: list[dict[str, str]]


class ProviderMetadata(_Answer):
    """OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2, the same document for both."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str
    jwks_uri: str
    require_pushed_authorization_requests: Literal[True] = True
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    grant_types_supported: tuple[str, ...] = ("authorization_code", "refresh_token")
    scopes_supported: tuple[str, ...] = ("openid",)
    subject_types_supported: tuple[str, ...] = ("pairwise",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("ES256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("none",)
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    dpop_signing_alg_values_supported: tuple[str, ...] = ("ES256",)
    authorization_response_iss_parameter_supported: Literal[True] = True
    request_parameter_supported: Literal[False] = False
    request_uri_parameter_supported: Literal[False] = False
    """Of the application's own (OpenID Connect Core 1.0 section 6.2); those of pushed requests work."""
    claims_supported: tuple[str, ...] = ("iss", "sub", "aud", "exp", "iat", "nonce")
