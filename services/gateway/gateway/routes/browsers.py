"""The cookie with which a browser is signed in, and where the browser comes from."""

from typing import Annotated

from fastapi import Depends, Request, Response

from gateway.context import Gateway, Self
from gateway.use_cases.authorize import Arrival

_NAME = "warifu_session"
_OURS = ("same-origin", "same-site")


def _name(gateway: Gateway) -> str:
    # The prefix binds it to this very host and to TLS; a local deployment without TLS has to do without.
    return f"__Host-{_NAME}" if gateway.cookies_secure else _NAME


async def _cookie(request: Request, gateway: Self) -> str | None:
    return request.cookies.get(_name(gateway))


SessionCookie = Annotated[str | None, Depends(_cookie)]
"""The cookie of a browser that may be signed in."""


async def _arrival(request: Request, cookie: SessionCookie) -> Arrival:
    return Arrival(cookie, request.headers.get("sec-fetch-site") in _OURS)


Arrived = Annotated[Arrival, Depends(_arrival)]
"""The browser that brings a request."""


def keep(response: Response, gateway: Gateway, cookie: str | None) -> None:
    """Give the browser its new cookie, if there is one; it goes when the browser is closed, or the session ends here."""
    if cookie is not None:
        # Lax, because applications send browsers here by cross-site navigations.
        response.set_cookie(_name(gateway), cookie, path="/", secure=gateway.cookies_secure, httponly=True, samesite="lax")


def forget(response: Response, gateway: Gateway) -> None:
    """Take the browser's cookie away."""
    response.delete_cookie(_name(gateway), path="/", secure=gateway.cookies_secure, httponly=True, samesite="lax")
