"""``GET /authorize``: the browser arrives with a pushed request."""

from chassis.deps import Db, Now
from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from gateway.context import UPSTREAM_LIFETIME, Self
from gateway.pages import documented, redirect
from gateway.routes.answers import PageRoute, redirected
from gateway.routes.forms import Query, documented_query
from gateway.use_cases import authorize as use_cases

router = APIRouter(tags=["openid"], route_class=PageRoute)

COOKIE = "warifu_gateway_flow"
COOKIE_PATH = "/upstream/callback"


_QUERY = documented_query(
    {"client_id": "The application that pushed the request", "request_uri": "What POST /par answered; works once"},
    required=("client_id", "request_uri"),
)
_ANSWERS = {
    **redirected("To the group's provider, or to the application with a code"),
    **documented("expired", "provider-unreachable", "unavailable"),
}


@router.get("/authorize", status_code=303, response_class=RedirectResponse, responses=_ANSWERS, openapi_extra=_QUERY)
async def authorize(asked: Query, gateway: Self, db: Db, now: Now) -> Response:
    """Send the browser on to the group's provider, or back at once where the pushed request signed its member in."""
    sent = await use_cases.authorize(db, gateway, asked, now.now())
    if isinstance(sent, str):
        return redirect(sent)
    response = redirect(sent.url)
    seconds = int(UPSTREAM_LIFETIME.total_seconds())
    secure = gateway.cookies_secure
    # Lax, because the browser comes back by a cross-site navigation; the path keeps the cookie off every other request.
    response.set_cookie(COOKIE, sent.cookie, max_age=seconds, path=COOKIE_PATH, secure=secure, httponly=True, samesite="lax")
    return response
