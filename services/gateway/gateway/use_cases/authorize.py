"""From a pushed request to the group's provider, or, where the member is known already, straight back."""

from dataclasses import dataclass
from datetime import datetime

from chassis.database import Database

from gateway import secret
from gateway.context import CODE_LIFETIME, UPSTREAM_LIFETIME, Gateway
from gateway.errors import PageError
from gateway.parameters import Parameters
from gateway.store import attempts
from gateway.upstream import Challenge, ProviderUnreachable
from gateway.use_cases.come_back import to_application
from gateway.use_cases.push import REQUEST_URI


@dataclass(frozen=True)
class SentUpstream:
    """Where the browser goes, and the cookie that lets it come back."""

    url: str
    cookie: str


async def authorize(db: Database, gateway: Gateway, asked: Parameters, now: datetime) -> SentUpstream | str:
    """Use a request_uri up and return where the browser goes: back with a code where the member is known, else to sign in."""
    client_id, request_uri = asked.one("client_id"), asked.one("request_uri") or ""
    request = secret.handle(request_uri.removeprefix(REQUEST_URI)) if request_uri.startswith(REQUEST_URI) else None
    if client_id is None or request is None:
        raise PageError("expired")
    back = await _give_code(db, gateway, request, client_id, now)
    return back or await _send_upstream(db, gateway, request, client_id, now)


async def _give_code(db: Database, gateway: Gateway, request: bytes, client_id: str, now: datetime) -> str | None:
    code, handle = secret.new_handle()
    async with db.transaction("give-code-to-proved") as tx:
        attempt = await attempts.give_code_to_proved(tx, request, client_id, handle, now=now, until=now + CODE_LIFETIME)
    return None if attempt is None else to_application(gateway, attempt, code=code)


async def _send_upstream(db: Database, gateway: Gateway, request: bytes, client_id: str, now: datetime) -> SentUpstream:
    # The provider is asked first, so that a retry is possible.
    # Fresh for each sign-in: whatever cookie the browser brought, somebody else may have set.
    (state, state_handle), (cookie, cookie_handle) = secret.new_handle(), secret.new_handle()
    try:
        url = await gateway.relying_party.authorization_url(state, Challenge.of(cookie))
    except ProviderUnreachable:
        raise PageError("provider-unreachable") from None
    until = now + UPSTREAM_LIFETIME
    async with db.transaction("send-upstream") as tx:
        sent = await attempts.send_upstream(tx, request, client_id, state=state_handle, cookie=cookie_handle, now=now, until=until)
    if not sent:
        raise PageError("expired")
    return SentUpstream(url, cookie)
