"""``POST /upstream/{name}/logout``: one of the group's providers says that somebody signed out there."""

from typing import Any

from chassis.deps import Db, Now
from fastapi import APIRouter, BackgroundTasks, Response
from windows.deps import Remembered

from gateway.context import Self, logout_path
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute
from gateway.routes.forms import TEXT, Form, documented_form
from gateway.routes.upstream import Named, documented_name
from gateway.use_cases import group_logout as use_cases
from gateway.use_cases.deliver import deliver_due

router = APIRouter(tags=["openid"], route_class=OAuthRoute)

_FORM = {**documented_form(["logout_token"], {"logout_token": TEXT}), **documented_name()}
_REFUSALS: dict[int | str, dict[str, Any]] = {status: OAUTH_REFUSALS[status] for status in (400, 503)}


@router.post(logout_path("{name}"), responses=_REFUSALS, openapi_extra=_FORM)
async def logout(
    name: Named, told: Form, response: Response, gateway: Self, once: Remembered, db: Db, now: Now, afterwards: BackgroundTasks
) -> None:
    """End what the provider's sign-in began (OpenID Connect Back-Channel Logout 1.0); others are told at once, and again."""
    response.headers["Cache-Control"] = "no-store"
    await use_cases.end_at_group(db, gateway, once, name, told.one("logout_token"), now.now())
    afterwards.add_task(deliver_due, db, gateway, now)
