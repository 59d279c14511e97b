"""``/userinfo`` (OpenID Connect Core 1.0 section 5.3)."""

from typing import Any

from chassis.deps import Db, Now
from fastapi import APIRouter, Request
from windows.deps import Remembered

from gateway.context import Self
from gateway.messages import UserinfoAnswer
from gateway.parameters import FORM, Parameters
from gateway.routes.answers import BearerRoute
from gateway.routes.forms import TEXT
from gateway.use_cases import shown_tokens

router = APIRouter(tags=["openid"], route_class=BearerRoute)

_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"description": "No request for userinfo (RFC 6750 section 3.1)"},
    401: {"description": "No token, or none that is good here"},
    403: {"description": "A token without scope openid"},
}
_BODY = {"requestBody": {"content": {FORM: {"schema": {"type": "object", "properties": {"access_token": TEXT}}}}}}


@router.get("/userinfo", responses=_ANSWERS)
async def userinfo(request: Request, gateway: Self, once: Remembered, db: Db, now: Now) -> UserinfoAnswer:
    """Say what the application may know of whom it signed in: the subject."""
    return await _answer(request, None, gateway, once, db, now)


@router.post("/userinfo", responses=_ANSWERS, openapi_extra=_BODY)
async def userinfo_by_form(request: Request, gateway: Self, once: Remembered, db: Db, now: Now) -> UserinfoAnswer:
    """Say the same; the token may stand in the body (RFC 6750 section 2.2)."""
    body = await request.body()
    in_body = Parameters.of_form(request.headers, body).one("access_token") if body else None
    return await _answer(request, in_body, gateway, once, db, now)


async def _answer(request: Request, in_body: str | None, gateway: Self, once: Remembered, db: Db, now: Now) -> UserinfoAnswer:
    tokens, proofs = request.headers.getlist("authorization"), request.headers.getlist("dpop")
    told = await shown_tokens.userinfo(db, gateway, once, tokens, in_body, proofs, request.method, now.now())
    return UserinfoAnswer.model_validate(told)
