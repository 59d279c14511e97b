"""``/authorize``: the browser arrives with a request that was pushed, or brings one."""

from typing import Any
from urllib.parse import urlencode

from chassis.deps import Db, Now
from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from gateway.context import UPSTREAM_LIFETIME, Gateway, Self
from gateway.pages import Choice, chooser, documented, redirect
from gateway.parameters import Parameters
from gateway.routes import browsers
from gateway.routes.answers import PageRoute, redirected
from gateway.routes.browsers import Arrived
from gateway.routes.forms import TEXT, Form, Query, documented_form, documented_query
from gateway.use_cases import authorize as use_cases
from gateway.use_cases.authorize import Arrival

router = APIRouter(tags=["openid"], route_class=PageRoute)

COOKIE = "warifu_gateway_flow"

_SAID = {
    "client_id": "The application",
    "request_uri": "What POST /par answered; works once. The rest is for applications that may send a request by browser",
    "response_type": "code",
    "redirect_uri": "One of the application's, character by character",
    "scope": "openid, and what else the application was given",
    "state": "Comes back",
    "nonce": "Stands in the ID token",
    "code_challenge": "PKCE (RFC 7636)",
    "code_challenge_method": "S256",
    "prompt": "none, login",
    "max_age": "Seconds since signing in",
    "acr_values": "Ways of signing in that are wanted",
    "claims": "acr, essential or not, and auth_time of the ID token are honoured",
    "id_token_hint": "Who is expected",
    "resource": "An audience (RFC 8707)",
    "provider": "Issuer of one of the group's providers; with a request_uri that names none, the name of one that was chosen here",
}
_QUERY = documented_query(_SAID, required=("client_id",))
_FORM = documented_form(["client_id"], dict.fromkeys(_SAID, TEXT))
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The person is to choose a provider", "content": {"text/html": {"schema": {"type": "string"}}}},
    **redirected("To the group's provider, or to the application with a code or an error"),
    **documented("malformed", "expired", "provider-unreachable", "unavailable"),
}


@router.get("/authorize", status_code=303, response_class=RedirectResponse, responses=_ANSWERS, openapi_extra=_QUERY)
async def authorize(asked: Query, arrival: Arrived, gateway: Self, db: Db, now: Now) -> Response:
    """Send the browser on to the group's provider, or back at once where its member is known."""
    return await _answer(asked, arrival, gateway, db, now)


@router.post("/authorize", status_code=303, response_class=RedirectResponse, responses=_ANSWERS, openapi_extra=_FORM)
async def authorize_by_form(asked: Form, arrival: Arrived, gateway: Self, db: Db, now: Now) -> Response:
    """Do the same for a request in a form (OpenID Connect Core 1.0 section 3.1.2.1)."""
    return await _answer(asked, arrival, gateway, db, now)


async def _answer(asked: Parameters, arrival: Arrival, gateway: Self, db: Db, now: Now) -> Response:
    sent = await use_cases.authorize(db, gateway, asked, arrival, now.now())
    if isinstance(sent, use_cases.Choosing):
        return chooser(_choices(gateway, sent))
    response = redirect(sent.url)
    browsers.keep(response, gateway, sent.session_cookie)
    if sent.flow_cookie is not None:
        seconds = int(UPSTREAM_LIFETIME.total_seconds())
        secure, flow = gateway.cookies_secure, sent.flow_cookie
        # Lax, because the browser comes back by a cross-site navigation; the path keeps the cookie off every other request.
        response.set_cookie(COOKIE, flow.value, max_age=seconds, path=flow.path, secure=secure, httponly=True, samesite="lax")
    return response


def _choices(gateway: Gateway, choosing: use_cases.Choosing) -> list[Choice]:
    asked = {"client_id": choosing.client_id, "request_uri": choosing.request_uri}
    idps = [party.idp for party in gateway.providers.parties]
    choices = [
        Choice("/authorize?" + urlencode({**asked, "provider": idp.name}), idp.title_ja, idp.title_en, f"at-{idp.name}")
        for idp in idps
    ]
    if choosing.at_portal:
        choices.append(
            Choice("/local-sign-in?" + urlencode(asked), "会社のアカウントを使わない", "Without a company account", "at-portal")
        )
    return choices
