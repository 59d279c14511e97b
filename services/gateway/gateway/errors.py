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
    "login_required",
    "access_denied",
    "slow_down",
    "temporarily_unavailable",
]

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
]


class OAuthError(Exception):
    """A refusal at /par or /token (RFC 6749 section 5.2); the description is a fixed sentence and never repeats what was sent."""

    def __init__(self, error: OAuthCode, description: str) -> None:
        super().__init__(error)
        self.error: OAuthCode = error
        self.description = description

    @property
    def status(self) -> int:
        """What the error means in HTTP; 400 unless it is about the client, the pace, or us."""
        return {"invalid_client": 401, "slow_down": 429, "temporarily_unavailable": 503}.get(self.error, 400)


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
