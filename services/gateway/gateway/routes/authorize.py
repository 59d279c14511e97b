"""``GET /authorize``: the browser arrives with a pushed request."""

from urllib.parse import urlencode

from chassis.deps import Db, Now
from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from gateway.context import UPSTREAM_LIFETIME, Gateway, Self
from gateway.pages import Choice, chooser, documented, redirect
from gateway.routes.answers import PageRoute, redirected
from gateway.routes.forms import Query, documented_query
from gateway.use_cases import authorize as use_cases

router = APIRouter(tags=["openid"], route_class=PageRoute)

COOKIE = "warifu_gateway_flow"

_QUERY = documented_query(
    {
        "client_id": "The application that pushed the request",
        "request_uri": "What POST /par answered; works once",
        "provider": "Name of the group's provider that a person chose here, where the request names none",
    },
    required=("client_id", "request_uri"),
)
_ANSWERS = {
    200: {"description": "The person is to choose a provider", "content": {"text/html": {"schema": {"type": "string"}}}},
    **redirected("To the group's provider, or to the application with a code"),
    **documented("expired", "provider-unreachable", "unavailable"),
}


@router.get("/authorize", status_code=303, response_class=RedirectResponse, responses=_ANSWERS, openapi_extra=_QUERY)
async def authorize(asked: Query, gateway: Self, db: Db, now: Now) -> Response:
    """Send the browser on to the group's provider, or back at once where the pushed request signed its member in."""
    sent = await use_cases.authorize(db, gateway, asked, now.now())
    if isinstance(sent, str):
        return redirect(sent)
    if isinstance(sent, use_cases.Choosing):
        return chooser(_choices(gateway, sent))
    response = redirect(sent.url)
    seconds, secure = int(UPSTREAM_LIFETIME.total_seconds()), gateway.cookies_secure
    # Lax, because the browser comes back by a cross-site navigation; the path keeps the cookie off every other request.
    response.set_cookie(COOKIE, sent.cookie, max_age=seconds, path=sent.cookie_path, secure=secure, httponly=True, samesite="lax")
    return response


def _choices(gateway: Gateway, choosing: use_cases.Choosing) -> list[Choice]:
    asked = {"client_id": choosing.client_id, "request_uri": choosing.request_uri}
    idps = [party.idp for party in gateway.providers.parties]
    return [Choice("/authorize?" + urlencode({**asked, "provider": idp.name}), idp.title_ja, idp.title_en) for idp in idps]
