"""Signing in without a work account, for an application. No page of this host asks for anything: the portal's does."""

from typing import Annotated

from authority.deps import Authority
from chassis.deps import Db, Now
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway.context import PORTAL_LIFETIME, Self
from gateway.errors import OAuthError
from gateway.messages import Ticket, Waiting
from gateway.networks import Paced
from gateway.pages import documented, redirect
from gateway.routes import browsers
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute, PageRoute, redirected
from gateway.routes.browsers import SessionCookie
from gateway.routes.forms import TEXT, Form, Query, documented_form, documented_query
from gateway.routes.proofs import Proved
from gateway.use_cases import local_sign_in as use_cases

router = APIRouter(tags=["openid"])
_pages = APIRouter(route_class=PageRoute)
_calls = APIRouter(route_class=OAuthRoute)

COOKIE = "warifu_local_sign_in"
_BEGIN = documented_query(
    {"client_id": "The application that pushed the request", "request_uri": "What POST /par answered; works once"},
    required=("client_id", "request_uri"),
)
_FINISH = documented_query({"ticket": "What the proof was answered with; works once"}, required=("ticket",), cookie=COOKIE)
_GIVE_UP = documented_query({"reference": "What the portal's page was given"}, required=("reference",), cookie=COOKIE)
_PROOF = documented_form(["reference", "statement", "evidence"], dict.fromkeys(["reference", "statement", "evidence"], TEXT))
_ABOUT = documented_form(["reference"], {"reference": TEXT})
_NO_WAY = documented("expired", "unavailable")


def cookie_name(gateway: Self) -> str:
    """Return the cookie's name. Under TLS no other host, not even a sibling, can set one with this prefix (RFC 6265bis 4.1.3.2)."""
    return f"__Host-{COOKIE}" if gateway.cookies_secure else COOKIE


async def _browser(request: Request, gateway: Self) -> str | None:
    return request.cookies.get(cookie_name(gateway))


async def _from_portal(request: Request, gateway: Self) -> None:
    portal = gateway.deployment.portal
    if portal is None or request.headers.getlist("Origin") != [portal.origin]:
        raise OAuthError("invalid_request", "only the portal's own page asks this")


Browser = Annotated[str | None, Depends(_browser)]
"""The cookie that the browser was sent to the portal with."""


@_pages.get(
    "/local-sign-in",
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=_BEGIN,
    responses={**redirected("To the portal's page, with a reference in the fragment"), **_NO_WAY},
)
async def begin(asked: Query, gateway: Self, db: Db, now: Now) -> Response:
    """Send the browser to the portal's page, where its person proves who they are."""
    return to_portal(gateway, await use_cases.begin(db, gateway, asked, now.now()))


@_calls.post("/local-sign-in/application", responses=OAUTH_REFUSALS, openapi_extra=_ABOUT, dependencies=[Depends(_from_portal)])
async def application(asked: Form, gateway: Self, db: Db, now: Now, response: Response) -> Waiting:
    """Tell the portal's page which application somebody is signing in to."""
    response.headers["Cache-Control"] = "no-store"
    return Waiting(application=await use_cases.application(db, gateway, asked, now.now()))


@_calls.post("/local-sign-in/proof", responses=OAUTH_REFUSALS, openapi_extra=_PROOF, dependencies=[Depends(_from_portal)])
async def prove(
    asked: Form, proved: Proved, gateway: Self, authority: Authority, db: Db, now: Now, pace: Paced, response: Response
) -> Ticket:
    """Take the proof that a member made on the portal's page, and say where the browser goes on."""
    response.headers["Cache-Control"] = "no-store"
    return Ticket(next=await use_cases.show(db, gateway, authority, asked, proved, now.now(), pace))


@_pages.get(
    use_cases.FINISH,
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=_FINISH,
    responses={**redirected("To the application, with code, state and iss"), **_NO_WAY},
)
async def finish(asked: Query, browser: Browser, signed_in: SessionCookie, gateway: Self, db: Db, now: Now) -> Response:
    """Send the browser that was sent to the portal back to its application with a code."""
    sent = await use_cases.finish(db, gateway, asked, browser, signed_in, now.now())
    response = _back(gateway, sent.url)
    browsers.keep(response, gateway, sent.session_cookie)
    return response


@_pages.get(
    "/local-sign-in/end",
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=_GIVE_UP,
    responses={**redirected("To the application, with error, state and iss"), **_NO_WAY},
)
async def give_up(asked: Query, browser: Browser, gateway: Self, db: Db, now: Now) -> Response:
    """Send the browser back to its application without a sign-in."""
    return _back(gateway, await use_cases.give_up(db, gateway, asked, browser, now.now()))


def to_portal(gateway: Self, sent: use_cases.SentToPortal) -> Response:
    """Return the redirect to the portal's page, with the cookie that the way back needs."""
    response = redirect(sent.url)
    seconds = int(PORTAL_LIFETIME.total_seconds())
    # Lax, because the browser comes back by a cross-site navigation.
    response.set_cookie(
        cookie_name(gateway), sent.cookie, max_age=seconds, path="/", secure=gateway.cookies_secure, httponly=True, samesite="lax"
    )
    return response


def _back(gateway: Self, url: str) -> Response:
    response = redirect(url)
    response.delete_cookie(cookie_name(gateway), path="/", secure=gateway.cookies_secure, httponly=True, samesite="lax")
    return response


router.include_router(_pages)
router.include_router(_calls)
