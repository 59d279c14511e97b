"""Where the browser goes from here."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from gateway.context import Gateway
from gateway.errors import OAuthCode


@dataclass(frozen=True)
class FlowCookie:
    """With which the browser may come back from one of the group's providers."""

    value: str
    path: str


@dataclass(frozen=True)
class Sent:
    """Where the browser goes, and the cookies that go with it."""

    url: str
    flow_cookie: FlowCookie | None = None
    session_cookie: str | None = None
    """With which it is signed in from now on; None leaves what there is."""


class Asked(Protocol):
    """An authorization request whose redirect URI was checked."""

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes."""

    @property
    def state(self) -> str | None:
        """The application's own."""


def to_application(gateway: Gateway, asked: Asked, *, code: str | None = None, error: OAuthCode | None = None) -> str:
    """Return where the browser goes with a code or an error (RFC 6749 section 4.1.2, RFC 9207)."""
    said = {"code": code, "error": error, "state": asked.state, "iss": gateway.issuer}
    return asked.redirect_uri + "?" + urlencode({name: value for name, value in said.items() if value is not None})
