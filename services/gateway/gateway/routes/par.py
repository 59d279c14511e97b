"""``POST /par`` (RFC 9126)."""

from authority.deps import Authority
from chassis.deps import Db, Now
from fastapi import APIRouter

from gateway.context import PUSHED_LIFETIME, Self
from gateway.messages import Pushed
from gateway.networks import Paced
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute
from gateway.routes.callers import PROOF_FIELDS, Keyed
from gateway.routes.forms import TEXT, TEXTS, Form, documented_form
from gateway.use_cases import push as use_cases

router = APIRouter(tags=["openid"], route_class=OAuthRoute)

_NEEDED = ["response_type", "redirect_uri", "scope"]
_ALLOWED = [
    *("code_challenge", "code_challenge_method", "resource", "state", "nonce", "prompt", "response_mode", "dpop_jkt"),
    *("max_age", "acr_values", "claims", "id_token_hint", "statement", "evidence", "place", "provider", *PROOF_FIELDS),
]
_FORM = documented_form(_NEEDED, {**dict.fromkeys([*_NEEDED, *_ALLOWED], TEXT), "resource": TEXTS})


@router.post("/par", status_code=201, responses=OAUTH_REFUSALS, openapi_extra=_FORM)
async def push(caller: Keyed, asked: Form, gateway: Self, authority: Authority, db: Db, now: Now, pace: Paced) -> Pushed:
    """Keep an authorization request for a minute and name it. ``statement`` and ``evidence`` sign a member in without the group."""
    request_uri = await use_cases.push(db, gateway, authority, caller.client, asked, caller.jkt, now.now(), pace)
    return Pushed(request_uri=request_uri, expires_in=int(PUSHED_LIFETIME.total_seconds()))
