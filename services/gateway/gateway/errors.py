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
]

PageName = Literal["not-enrolled", "provider-unreachable", "expired", "refused", "unavailable"]


class OAuthError(Exception):
    """A refusal at /par or /token (RFC 6749 section 5.2); the description is a fixed sentence and never repeats what was sent."""

    def __init__(self, error: OAuthCode, description: str) -> None:
        super().__init__(error)
        self.error: OAuthCode = error
        self.description = description

    @property
    def status(self) -> int:
        """401 for an unknown application, else 400."""
        return 401 if self.error == "invalid_client" else 400


class PageError(Exception):
    """A refusal shown to a person who came with a browser; never a redirect, because nothing proved where it would lead."""

    def __init__(self, page: PageName) -> None:
        super().__init__(page)
        self.page: PageName = page


class ReferencesTaken(Problem):
    """Some rows name references that another member has, or others than before. ``rows`` are their indexes; no row was stored."""

    type = "references-taken"
    title = "Some references differ from what is known here"
    status = 409
