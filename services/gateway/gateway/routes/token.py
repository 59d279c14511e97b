"""``POST /token``."""

from chassis.deps import Db, Now
from fastapi import APIRouter

from gateway.context import Self
from gateway.messages import TokenAnswer
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute
from gateway.routes.forms import TEXT, Form, documented_form
from gateway.routes.proofs import Proved
from gateway.use_cases import token as use_cases

router = APIRouter(tags=["openid"], route_class=OAuthRoute)

_FORM = documented_form(
    ["grant_type", "client_id"],
    dict.fromkeys(["grant_type", "client_id", "code", "redirect_uri", "code_verifier", "refresh_token", "resource", "scope"], TEXT),
)


@router.post("/token", responses=OAUTH_REFUSALS, openapi_extra=_FORM, response_model_exclude_none=True)
async def token(asked: Form, proved: Proved, gateway: Self, db: Db, now: Now) -> TokenAnswer:
    """Give an access token for one authority, for a code or a refresh token."""
    return await use_cases.answer(db, gateway, asked, proved, now.now())
