"""``/staff``: staff signs in, apart from members."""

from chassis.deps import Db, Now
from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import RedirectResponse
from windows.deps import Remembered

from gateway.context import PUSHED_LIFETIME, UPSTREAM_LIFETIME, Self
from gateway.messages import Pushed, StaffSignInsAnswer, StaffTokenAnswer
from gateway.pages import documented, redirect
from gateway.routes.answers import OAUTH_REFUSALS, OAuthRoute, PageRoute, redirected
from gateway.routes.forms import TEXT, TEXTS, Form, Query, documented_form, documented_query
from gateway.routes.proofs import Proved
from gateway.staff_desk import CALLBACK, LOGOUT, Desk
from gateway.use_cases import staff_end, staff_push, staff_sign_in, staff_sign_ins, staff_token

router = APIRouter(tags=["staff"])
_calls = APIRouter(route_class=OAuthRoute)
_pages = APIRouter(route_class=PageRoute)

COOKIE = "warifu_staff_flow"
_PUSH_NEEDED = ["client_id", "response_type", "redirect_uri", "scope", "code_challenge", "code_challenge_method", "resource"]
_PUSH = documented_form(_PUSH_NEEDED, {**dict.fromkeys([*_PUSH_NEEDED, "state", "response_mode"], TEXT), "resource": TEXTS})
_TOKEN = documented_form(
    ["grant_type", "client_id", "resource"],
    dict.fromkeys(["grant_type", "client_id", "resource", "code", "redirect_uri", "code_verifier", "refresh_token"], TEXT),
)
_SIGN_OUT = documented_form(["client_id", "refresh_token"], dict.fromkeys(["client_id", "refresh_token"], TEXT))
_LOGOUT = documented_form(["logout_token"], {"logout_token": TEXT})
_AUTHORIZE = documented_query(
    {"client_id": "The application that pushed the request", "request_uri": "What POST /staff/par answered; works once"},
    required=("client_id", "request_uri"),
)
_CALLBACK = documented_query(
    {
        "state": "What the provider was sent; works once",
        "code": "The provider's code",
        "error": "The provider's refusal, in place of a code",
        "iss": "The provider (RFC 9207); needed when its metadata says that it names itself",
    },
    required=("state",),
    cookie=COOKIE,
)


@_calls.post("/staff/par", status_code=201, responses=OAUTH_REFUSALS, openapi_extra=_PUSH)
async def push(asked: Form, proved: Proved, desk: Desk, db: Db, now: Now) -> Pushed:
    """Keep an authorization request of staff for a minute and name it."""
    request_uri = await staff_push.push(db, desk, asked, proved, now.now())
    return Pushed(request_uri=request_uri, expires_in=int(PUSHED_LIFETIME.total_seconds()))


@_pages.get(
    "/staff/authorize",
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=_AUTHORIZE,
    responses={**redirected("To the group's provider"), **documented("expired", "provider-unreachable", "unavailable")},
)
async def authorize(asked: Query, gateway: Self, desk: Desk, db: Db, now: Now) -> Response:
    """Send the browser on to the group's provider."""
    sent = await staff_sign_in.authorize(db, desk, asked, now.now())
    response = redirect(sent.url)
    seconds, secure = int(UPSTREAM_LIFETIME.total_seconds()), gateway.cookies_secure
    # Lax, because the browser comes back by a cross-site navigation; the path keeps the cookie off every other request.
    response.set_cookie(COOKIE, sent.cookie, max_age=seconds, path=CALLBACK, secure=secure, httponly=True, samesite="lax")
    return response


@_pages.get(
    CALLBACK,
    status_code=303,
    response_class=RedirectResponse,
    openapi_extra=_CALLBACK,
    responses={
        **redirected("To the application, with code, state and iss, or with error, state and iss"),
        **documented("expired", "refused", "no-role", "roles-elsewhere", "roles-unreadable", "provider-unreachable", "unavailable"),
    },
)
async def callback(request: Request, answer: Query, gateway: Self, desk: Desk, db: Db, now: Now) -> Response:
    """Send the browser back to its application with a code, or with an error; who has no role sees why."""
    response = redirect(await staff_sign_in.come_back(db, desk, answer, request.cookies.get(COOKIE), now.now()))
    response.delete_cookie(COOKIE, path=CALLBACK, secure=gateway.cookies_secure, httponly=True, samesite="lax")
    return response


@_calls.post("/staff/token", responses=OAUTH_REFUSALS, openapi_extra=_TOKEN, response_model_exclude_none=True)
async def token(asked: Form, proved: Proved, desk: Desk, db: Db, now: Now) -> StaffTokenAnswer:
    """Give a staff token for one store, for a code or a refresh token."""
    return await staff_token.answer(db, desk, asked, proved, now.now())


@_calls.post("/staff/sign-out", status_code=204, responses=OAUTH_REFUSALS, openapi_extra=_SIGN_OUT)
async def sign_out(asked: Form, proved: Proved, gateway: Self, desk: Desk, db: Db, now: Now, afterwards: BackgroundTasks) -> None:
    """End a sign-in of staff. The stores are told at once, and again; none admits its last token for more than five minutes."""
    await staff_end.sign_out(db, desk, asked, proved, now.now())
    afterwards.add_task(staff_end.tell, db, desk, gateway, now)


@_calls.post("/staff/sign-ins", responses=OAUTH_REFUSALS, openapi_extra=_SIGN_OUT)
async def sign_ins(asked: Form, proved: Proved, desk: Desk, db: Db, now: Now) -> StaffSignInsAnswer:
    """Say where somebody of the staff is signed in; they show the refresh token of one of their sign-ins, and its key."""
    return StaffSignInsAnswer(sign_ins=await staff_sign_ins.list_sign_ins(db, desk, asked, proved, now.now()))


@_calls.post("/staff/sign-ins/end", status_code=204, responses=OAUTH_REFUSALS, openapi_extra=_SIGN_OUT)
async def end_sign_ins(
    asked: Form, proved: Proved, gateway: Self, desk: Desk, db: Db, now: Now, afterwards: BackgroundTasks
) -> None:
    """End all sign-ins of somebody of the staff, this one included; the stores are told as above."""
    await staff_sign_ins.end_all(db, desk, asked, proved, now.now())
    afterwards.add_task(staff_end.tell, db, desk, gateway, now)


@_calls.post(LOGOUT, responses={status: OAUTH_REFUSALS[status] for status in (400, 503)}, openapi_extra=_LOGOUT)
async def logout(
    told: Form, response: Response, gateway: Self, desk: Desk, once: Remembered, db: Db, now: Now, afterwards: BackgroundTasks
) -> None:
    """End what the provider's sign-in of staff began (OpenID Connect Back-Channel Logout 1.0); the stores are told as above."""
    response.headers["Cache-Control"] = "no-store"
    await staff_end.end_at_group(db, desk, once, told.one("logout_token"), now.now())
    afterwards.add_task(staff_end.tell, db, desk, gateway, now)


router.include_router(_pages)
router.include_router(_calls)
