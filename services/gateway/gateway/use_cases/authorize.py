"""From a pushed request to one of the group's providers, or, where the member is known already, straight back."""

from dataclasses import dataclass
from datetime import datetime

from chassis.database import Database

from gateway import secret
from gateway.context import CHOICE_LIFETIME, CODE_LIFETIME, UPSTREAM_LIFETIME, Gateway, callback_path
from gateway.errors import PageError
from gateway.parameters import Parameters
from gateway.store import attempts
from gateway.store.attempts import Attempt
from gateway.upstream import Challenge, ProviderUnreachable, RelyingParty
from gateway.use_cases.come_back import to_application
from gateway.use_cases.push import REQUEST_URI


@dataclass(frozen=True)
class SentUpstream:
    """Where the browser goes, and the cookie that lets it come back."""

    url: str
    cookie: str
    cookie_path: str


@dataclass(frozen=True)
class Choosing:
    """A request whose person is to choose one of several providers first."""

    client_id: str
    request_uri: str


@dataclass(frozen=True)
class _Request:
    client_id: str
    request_uri: str
    handle: bytes


async def authorize(db: Database, gateway: Gateway, asked: Parameters, now: datetime) -> SentUpstream | Choosing | str:
    """Use a request_uri up and return where the browser goes: back with a code where the member is known, else to sign in.

    It is not used up while a provider is to be chosen, or where the chosen one cannot be reached: then the page can be loaded anew.
    """
    request = _request(asked)
    code, handle = secret.new_handle()
    async with db.transaction("look-at-request") as tx:
        proved = await attempts.give_code_to_proved(
            tx, request.handle, request.client_id, handle, now=now, until=now + CODE_LIFETIME
        )
        waiting = None if proved else await attempts.waiting(tx, request.handle, request.client_id, now)
    if proved is not None:
        return to_application(gateway, proved, code=code)
    if waiting is None:
        raise PageError("expired")
    # What the application pushed is not for whoever holds the URL to change.
    name = waiting.provider or asked.one("provider")
    party = gateway.providers.only if name is None else gateway.providers.named(name)
    if party is None:
        async with db.transaction("let-choose") as tx:
            await attempts.let_choose(tx, request.handle, request.client_id, now=now, until=now + CHOICE_LIFETIME)
        return Choosing(request.client_id, request.request_uri)
    return await _send_upstream(db, gateway, party, request, waiting, now)


def _request(asked: Parameters) -> _Request:
    client_id, request_uri = asked.one("client_id"), asked.one("request_uri") or ""
    handle = secret.handle(request_uri.removeprefix(REQUEST_URI)) if request_uri.startswith(REQUEST_URI) else None
    if client_id is None or handle is None:
        raise PageError("expired")
    return _Request(client_id, request_uri, handle)


async def _send_upstream(
    db: Database, gateway: Gateway, party: RelyingParty, request: _Request, attempt: Attempt, now: datetime
) -> SentUpstream:
    # The provider is asked first, so that a retry is possible.
    # Fresh for each sign-in: whatever cookie the browser brought, somebody else may have set.
    (state, state_handle), (cookie, cookie_handle) = secret.new_handle(), secret.new_handle()
    name = party.idp.name
    try:
        url = await party.authorization_url(state, Challenge.of(cookie, name))
    except ProviderUnreachable:
        back = to_application(gateway, attempt, error="temporarily_unavailable")
        raise PageError("provider-unreachable", back) from None
    async with db.transaction("send-upstream") as tx:
        sent = await attempts.send_upstream(
            tx,
            request.handle,
            request.client_id,
            provider=name,
            state=state_handle,
            cookie=cookie_handle,
            now=now,
            until=now + UPSTREAM_LIFETIME,
        )
    if not sent:
        raise PageError("expired")
    return SentUpstream(url, cookie, callback_path(name))
