"""``GET /upstream/callback``: the browser comes back from the group's provider."""

from chassis.deps import Db, Now
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway.context import Self
from gateway.pages import documented, redirect
from gateway.routes.answers import PageRoute, redirected
from gateway.routes.authorize import COOKIE, COOKIE_PATH
from gateway.routes.forms import Query, documented_query
from gateway.use_cases import come_back as use_cases

router = APIRouter(tags=["openid"], route_class=PageRoute)


_QUERY = documented_query(
    {
        "state": "What the provider was sent; works once",
        "code": "The provider's code",
        "error": "The provider's refusal, in place of a code",
        "iss": "The provider (RFC 9207); needed when its metadata says that it names itself",
    },
    required=("state",),
    cookie=COOKIE,
)
_ANSWERS = {
    **redirected("To the application, with code, state and iss, or with error, state and iss"),
    **documented("expired", "refused", "not-enrolled", "access-ended", "provider-unreachable", "unavailable"),
}


@router.get(COOKIE_PATH, status_code=303, response_class=RedirectResponse, responses=_ANSWERS, openapi_extra=_QUERY)
async def callback(request: Request, answer: Query, gateway: Self, db: Db, now: Now) -> Response:
    """Send the browser back to its application with a code, or with an error."""
    response = redirect(await use_cases.come_back(db, gateway, answer, request.cookies.get(COOKIE), now.now()))
    response.delete_cookie(COOKIE, path=COOKIE_PATH, secure=gateway.cookies_secure, httponly=True, samesite="lax")
    return response
