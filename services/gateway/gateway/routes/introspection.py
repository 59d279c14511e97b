"""``POST /introspect`` (RFC 7662)."""

from chassis.deps import Db, Now
from fastapi import APIRouter

from gateway.context import Self
from gateway.errors import OAuthError
from gateway.messages import IntrospectionAnswer
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute
from gateway.routes.callers import PROOF_FIELDS, ConfidentialClient
from gateway.routes.forms import TEXT, Form, documented_form
from gateway.use_cases import shown_tokens

router = APIRouter(tags=["openid"], route_class=OAuthRoute)

_FORM = documented_form(["token"], dict.fromkeys(["token", "token_type_hint", *PROOF_FIELDS], TEXT))


@router.post("/introspect", responses=OAUTH_REFUSALS, openapi_extra=_FORM)
async def introspect(client: ConfidentialClient, asked: Form, gateway: Self, db: Db, now: Now) -> IntrospectionAnswer:
    """Say whether a token is good now, its session included, and what it says."""
    token = asked.one("token")
    if token is None:
        raise OAuthError("invalid_request", "token is needed")
    return IntrospectionAnswer.model_validate(await shown_tokens.introspect(db, gateway, client, token, now.now()))
