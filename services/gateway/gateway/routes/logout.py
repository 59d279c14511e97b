"""``/logout``: a browser is signed out (OpenID Connect RP-Initiated Logout 1.0)."""

from typing import Any

from chassis.deps import Db, Now
from fastapi import APIRouter, BackgroundTasks, Response
from fastapi.responses import HTMLResponse

from gateway.context import Self
from gateway.pages import documented, page, question, redirect
from gateway.parameters import Parameters
from gateway.routes import browsers
from gateway.routes.answers import PageRoute, redirected
from gateway.routes.browsers import SessionCookie
from gateway.routes.forms import TEXT, Form, Query, documented_form, documented_query
from gateway.use_cases import leave as use_cases
from gateway.use_cases.deliver import deliver_due

router = APIRouter(tags=["openid"], route_class=PageRoute)

_CONFIRM = "/logout/confirm"
_SAID = {
    "id_token_hint": "An ID token of the application, expired or not: without one the person is asked",
    "client_id": "The application that the ID token is for",
    "post_logout_redirect_uri": "One of the application's, character by character; counts with an ID token alone",
    "state": "Comes back",
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    **redirected("To the application"),
    **documented("signed-out", "expired", "unavailable"),
}
_QUERY = documented_query(_SAID, required=())
_FORM = documented_form([], dict.fromkeys(_SAID, TEXT))
_ANSWER_FORM = documented_form(["token"], {"token": TEXT})


@router.get("/logout", response_class=HTMLResponse, responses=_ANSWERS, openapi_extra=_QUERY)
async def logout(asked: Query, cookie: SessionCookie, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks) -> Response:
    """Sign the browser out of everything, or ask whether that is meant."""
    return await _leave(asked, cookie, gateway, db, now, afterwards)


@router.post("/logout", response_class=HTMLResponse, responses=_ANSWERS, openapi_extra=_FORM)
async def logout_by_form(
    asked: Form, cookie: SessionCookie, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks
) -> Response:
    """Do the same for a request in a form."""
    return await _leave(asked, cookie, gateway, db, now, afterwards)


@router.post(_CONFIRM, response_class=HTMLResponse, responses=_ANSWERS, openapi_extra=_ANSWER_FORM)
async def confirm(asked: Form, cookie: SessionCookie, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks) -> Response:
    """Sign the browser out whose person said that it is meant."""
    await use_cases.confirm(db, gateway, asked, cookie, now.now())
    afterwards.add_task(deliver_due, db, gateway, now)
    return _gone(page("signed-out"), gateway)


async def _leave(asked: Parameters, cookie: str | None, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks) -> Response:
    left = await use_cases.leave(db, gateway, asked, cookie, now.now())
    if isinstance(left, use_cases.Question):
        return question(left.token, _CONFIRM)
    afterwards.add_task(deliver_due, db, gateway, now)
    return _gone(page("signed-out") if left.url is None else redirect(left.url), gateway)


def _gone(response: Response, gateway: Self) -> Response:
    browsers.forget(response, gateway)
    return response
