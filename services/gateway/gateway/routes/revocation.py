"""``POST /revoke`` (RFC 7009)."""

from chassis.deps import Db, Now
from fastapi import APIRouter, BackgroundTasks

from gateway.context import Self
from gateway.errors import OAuthError
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute
from gateway.routes.callers import PROOF_FIELDS, Client
from gateway.routes.forms import TEXT, Form, documented_form
from gateway.use_cases import revoke as use_cases
from gateway.use_cases.deliver import deliver_due

router = APIRouter(tags=["openid"], route_class=OAuthRoute)

_FORM = documented_form(["token"], dict.fromkeys(["token", "token_type_hint", *PROOF_FIELDS], TEXT))


@router.post("/revoke", responses=OAUTH_REFUSALS, openapi_extra=_FORM)
async def revoke(client: Client, asked: Form, gateway: Self, db: Db, now: Now, afterwards: BackgroundTasks) -> None:
    """End the session of one of the application's tokens; the browser stays signed in."""
    token = asked.one("token")
    if token is None:
        raise OAuthError("invalid_request", "token is needed")
    await use_cases.revoke(db, gateway, client, token, now.now())
    afterwards.add_task(deliver_due, db, gateway, now)
