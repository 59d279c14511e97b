"""Answers in the forms that OAuth and OpenID Connect give them."""

from typing import Literal

from protocol.staff import Role
from pydantic import BaseModel, ConfigDict

from gateway import acr
from gateway.clients import AUTH_METHODS, GRANT_TYPES
from gateway.credentials import ALGORITHMS


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Pushed(_Answer):
    """Answer to a pushed authorization request (RFC 9126 section 2.2)."""

    request_uri: str
    expires_in: int
    """Seconds."""


class Waiting(_Answer):
    """Answer to the portal's page: what it was opened for."""

    application: str
    """As members know it."""


class Ticket(_Answer):
    """Answer to a proof from the portal."""

    next: str
    """Where the browser goes on, within a minute and once: an address of the gateway."""


class TokenAnswer(_Answer):
    """Answer of the token endpoint (RFC 6749 section 5.1)."""

    access_token: str
    token_type: Literal["DPoP", "Bearer"]
    expires_in: int
    """Seconds."""
    scope: str | None = None
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


class StaffSignInAnswer(_Answer):
    """One sign-in of somebody of the staff."""

    client_id: str
    name: str
    """The application's."""
    roles: tuple[Role, ...]
    ends: int
    """When at the latest, in seconds since 1970."""
    this: bool
    """Whether it is the one that asks."""


class StaffSignInsAnswer(_Answer):
    """The sign-ins of somebody of the staff."""

    sign_ins: tuple[StaffSignInAnswer, ...]


class OAuthRefusal(_Answer):
    """A refusal to an application (RFC 6749 section 5.2)."""

    error: str
    error_description: str


class KeySetAnswer(_Answer):
    """A JWK set (RFC 7517 section 5)."""

    keys: list[dict[str, str]]


class UserinfoAnswer(_Answer):
    """What userinfo says (OpenID Connect Core 1.0 section 5.3.2): the subject, and nothing else of a member."""

    model_config = ConfigDict(frozen=True, extra="allow")

    sub: str


class IntrospectionAnswer(_Answer):
    """What introspection says (RFC 7662 section 2.2)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    active: bool


class SessionAnswer(_Answer):
    """One session of a member."""

    client_id: str
    name: str
    """The application's, as members know it."""
    acr: str
    """How the member signed in."""
    signed_in: int
    """When, in seconds since 1970."""
    this: bool
    """Whether it is the one that asks."""


class SessionsAnswer(_Answer):
    """The sessions of a member."""

    sessions: tuple[SessionAnswer, ...]


class ProviderMetadata(_Answer):
    """OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2, the same document for both."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    pushed_authorization_request_endpoint: str
    userinfo_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    end_session_endpoint: str
    jwks_uri: str
    scopes_supported: tuple[str, ...]
    require_pushed_authorization_requests: Literal[False] = False
    """Of every application: profiles app and fapi2 push."""
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    grant_types_supported: tuple[str, ...] = GRANT_TYPES
    subject_types_supported: tuple[str, ...] = ("pairwise",)
    acr_values_supported: tuple[str, ...] = acr.ALL
    id_token_signing_alg_values_supported: tuple[str, ...]
    token_endpoint_auth_methods_supported: tuple[str, ...] = AUTH_METHODS
    token_endpoint_auth_signing_alg_values_supported: tuple[str, ...] = ALGORITHMS
    introspection_endpoint_auth_methods_supported: tuple[str, ...] = AUTH_METHODS[1:]
    introspection_endpoint_auth_signing_alg_values_supported: tuple[str, ...] = ALGORITHMS
    revocation_endpoint_auth_methods_supported: tuple[str, ...] = AUTH_METHODS
    revocation_endpoint_auth_signing_alg_values_supported: tuple[str, ...] = ALGORITHMS
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    dpop_signing_alg_values_supported: tuple[str, ...] = ("ES256",)
    prompt_values_supported: tuple[str, ...] = ("none", "login", "select_account", "consent")
    authorization_response_iss_parameter_supported: Literal[True] = True
    backchannel_logout_supported: Literal[True] = True
    backchannel_logout_session_supported: Literal[True] = True
    claims_parameter_supported: Literal[True] = True
    request_parameter_supported: Literal[False] = False
    request_uri_parameter_supported: Literal[False] = False
    """Of the application's own (OpenID Connect Core 1.0 section 6.2); those of pushed requests work."""
    claims_supported: tuple[str, ...]
