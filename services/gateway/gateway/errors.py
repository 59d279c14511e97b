"""Refusals: as OAuth errors to applications, as pages to people; everything else is a problem document of the chassis."""

from typing import Literal

from chassis.problems import Problem

OAuthCode = Literal[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "invalid_target",
    "invalid_dpop_proof",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "request_not_supported",
    "request_uri_not_supported",
    "login_required",
    "unmet_authentication_requirements",
    "unsupported_token_type",
    "access_denied",
    "slow_down",
    "temporarily_unavailable",
    "server_error",
]

TokenCode = Literal["invalid_request", "invalid_token", "invalid_dpop_proof", "insufficient_scope"]

PageName = Literal[
    "not-enrolled",
    "access-ended",
    "linked-elsewhere",
    "provider-unreachable",
    "expired",
    "refused",
    "unavailable",
    "no-role",
    "roles-elsewhere",
    "roles-unreadable",
    "malformed",
    "signed-out",
]


class OAuthError(Exception):
    """A refusal to an application (RFC 6749 section 5.2); the description is a fixed sentence and never repeats what was sent."""

    def __init__(self, error: OAuthCode, description: str) -> None:
        super().__init__(error)
        self.error: OAuthCode = error
        self.description = description

    @property
    def status(self) -> int:
        """What the error means in HTTP; 400 unless it is about the client, the pace, or us."""
        return {"invalid_client": 401, "slow_down": 429, "temporarily_unavailable": 503}.get(self.error, 400)


class TokenError(Exception):
    """A refusal of an access token, or of a request without one (RFC 6750 section 3.1, RFC 9449 section 7.1)."""

    def __init__(self, error: TokenCode | None) -> None:
        super().__init__(error)
        self.error: TokenCode | None = error
        """None where no token was shown."""


class SentBack(Exception):
    """A refusal that the application is told of by a redirect (RFC 6749 section 4.1.2.1): its redirect URI was checked before."""

    def __init__(self, error: OAuthCode, client_id: str, redirect_uri: str, state: str | None) -> None:
        super().__init__(error)
        self.error: OAuthCode = error
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.state = state


class PageError(Exception):
    """A refusal shown to a person who came with a browser; never a redirect, so that it is read.

    ``back`` is where the page leads on to: the registered redirect URI of an attempt that is known, with an error.
    """

    def __init__(self, page: PageName, back: str | None = None) -> None:
        super().__init__(page)
        self.page: PageName = page
        self.back = back


class ReferencesTaken(Problem):
    """Some rows name references that another member has, or others than before. ``rows`` are their indexes; no row was stored."""

    type = "references-taken"
    title = "Some references differ from what is known here"
    status = 409
