"""``POST /token``."""

from chassis.deps import Db, Now
from fastapi import APIRouter

from gateway.context import Self
from gateway.messages import TokenAnswer
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute
from gateway.routes.callers import PROOF_FIELDS, Keyed
from gateway.routes.forms import TEXT, Form, documented_form
from gateway.use_cases import token as use_cases

router = APIRouter(tags=["openid"], route_class=OAuthRoute)

_FORM = documented_form(
    ["grant_type"],
    dict.fromkeys(
        ["grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "resource", "scope", *PROOF_FIELDS], TEXT
    ),
)


@router.post("/token", responses=OAUTH_REFUSALS, openapi_extra=_FORM, response_model_exclude_none=True)
async def token(caller: Keyed, asked: Form, gateway: Self, db: Db, now: Now) -> TokenAnswer:
    """Give an access token for one audience: for a code, for a refresh token, or to an application for itself."""
    return await use_cases.answer(db, gateway, caller.client, asked, caller.jkt, now.now())
