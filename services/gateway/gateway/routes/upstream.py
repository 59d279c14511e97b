"""``GET /upstream/{name}/callback``: the browser comes back from one of the group's providers."""

from typing import Annotated, Any

from chassis.deps import Db, Now
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from gateway.context import Self, callback_path
from gateway.pages import documented, redirect
from gateway.routes import browsers
from gateway.routes.answers import PageRoute, redirected
from gateway.routes.authorize import COOKIE
from gateway.routes.browsers import SessionCookie
from gateway.routes.forms import Query, documented_query
from gateway.use_cases import come_back as use_cases

router = APIRouter(tags=["openid"], route_class=PageRoute)


async def _named(request: Request) -> str:
    return str(request.path_params["name"])


Named = Annotated[str, Depends(_named)]
"""Name of the provider whose path this is."""
_NAME = {"name": "The provider's name"}


def documented_name() -> dict[str, Any]:
    """Return what OpenAPI says about the path of a provider."""
    return documented_query({}, (), path=_NAME)


_QUERY = documented_query(
    {
        "state": "What the provider was sent; works once",
        "code": "The provider's code",
        "error": "The provider's refusal, in place of a code",
        "iss": "The provider (RFC 9207); needed when its metadata says that it names itself",
    },
    required=("state",),
    cookie=COOKIE,
    path=_NAME,
)
_ANSWERS = {
    **redirected("To the application, with code, state and iss, or with error, state and iss"),
    **documented("expired", "refused", "not-enrolled", "access-ended", "linked-elsewhere", "provider-unreachable", "unavailable"),
}


@router.get(callback_path("{name}"), status_code=303, response_class=RedirectResponse, responses=_ANSWERS, openapi_extra=_QUERY)
async def callback(
    name: Named, request: Request, answer: Query, session_cookie: SessionCookie, gateway: Self, db: Db, now: Now
) -> Response:
    """Send the browser back to its application with a code, or with an error; refusals are pages that lead back."""
    sent = await use_cases.come_back(db, gateway, name, answer, request.cookies.get(COOKIE), session_cookie, now.now())
    response = redirect(sent.url)
    browsers.keep(response, gateway, sent.session_cookie)
    path, secure = callback_path(name), gateway.cookies_secure
    response.delete_cookie(COOKIE, path=path, secure=secure, httponly=True, samesite="lax")
    return response
