"""From an authorization request to one of the group's providers, or, where the member is known already, straight back."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.database import Database, Transaction

from gateway import secret
from gateway.audit import audit
from gateway.context import CHOICE_LIFETIME, CODE_LIFETIME, PUSHED_LIFETIME, UPSTREAM_LIFETIME, Gateway, callback_path
from gateway.errors import OAuthCode, OAuthError, PageError, SentBack
from gateway.parameters import Parameters
from gateway.store import attempts
from gateway.store.attempts import Attempt, Grant
from gateway.upstream import Challenge, ProviderUnreachable, RelyingParty
from gateway.use_cases import browser, request
from gateway.use_cases.answer import FlowCookie, Sent, to_application
from gateway.use_cases.push import REQUEST_URI


@dataclass(frozen=True)
class Arrival:
    """The browser that brings a request."""

    cookie: str | None
    """With which it may be signed in."""
    from_our_site: bool
    """Whether a page of this deployment's own site sent it here, as it says itself (Fetch Metadata)."""


@dataclass(frozen=True)
class Choosing:
    """A request whose person is to choose where to sign in first."""

    client_id: str
    request_uri: str
    at_portal: bool
    """Whether they may do so without a work account, on the portal's page."""


@dataclass(frozen=True)
class _Request:
    client_id: str
    request_uri: str
    handle: bytes


async def authorize(db: Database, gateway: Gateway, asked: Parameters, arrival: Arrival, now: datetime) -> Sent | Choosing:
    """Use a request up and return where the browser goes: back with a code where the member is known, else to sign in.

    It is not used up while a provider is to be chosen, or where the chosen one cannot be reached: then the page can be loaded anew.
    Raises PageError, and SentBack with what the application is told.
    """
    found = await _request(db, gateway, asked, now)
    async with db.transaction("authorize") as tx:
        known = await attempts.pushed(tx, found.handle, found.client_id, now)
        answer = None if known is None else await _answer(tx, gateway, found, *known, arrival, now)
    if known is None:
        raise PageError("expired")
    attempt = known[0]
    if isinstance(answer, Sent):
        return answer
    if answer is not None:
        raise SentBack(answer, attempt.client_id, attempt.redirect_uri, attempt.state)
    # What the application pushed is not for whoever holds the URL to change.
    name = attempt.provider or (asked.one("provider") if asked.one("request_uri") else None)
    at_portal = browser.has_portal(gateway, gateway.clients[attempt.client_id])
    party = (None if at_portal else gateway.providers.only) if name is None else gateway.providers.named(name)
    if party is None:
        async with db.transaction("let-choose") as tx:
            await attempts.let_choose(tx, found.handle, found.client_id, now=now, until=now + CHOICE_LIFETIME)
        return Choosing(found.client_id, found.request_uri, at_portal)
    return await _send_upstream(db, gateway, party, found, attempt, now)


async def _request(db: Database, gateway: Gateway, asked: Parameters, now: datetime) -> _Request:
    client_id, request_uri = asked.one("client_id"), asked.one("request_uri") or ""
    if client_id is not None and request_uri.startswith(REQUEST_URI):
        handle = secret.handle(request_uri.removeprefix(REQUEST_URI))
        if handle is None:
            raise PageError("expired")
        return _Request(client_id, request_uri, handle)
    return await _unpushed(db, gateway, asked, now)


async def _unpushed(db: Database, gateway: Gateway, asked: Parameters, now: datetime) -> _Request:
    """Keep a request that the browser brought itself, as if it had been pushed; only some applications may send one."""
    client = gateway.clients.get(asked.one("client_id") or "")
    if client is None or client.rules.pushes:
        raise PageError("malformed")
    try:
        redirect_uri = request.redirect_uri(client, asked)
    except OAuthError:
        # Nothing proves where a redirect would lead (RFC 9700 section 4.11.2).
        raise PageError("malformed") from None
    if "request_uri" in asked:
        raise SentBack("request_uri_not_supported", client.client_id, redirect_uri, asked.one("state"))
    try:
        attempt = request.read(gateway, client, asked, None)
    except OAuthError as error:
        raise SentBack(error.error, client.client_id, redirect_uri, asked.one("state")) from None
    value, handle = secret.new_handle()
    async with db.statements("keep-request") as tx:
        await attempts.push(tx, handle, attempt, now + PUSHED_LIFETIME)
    return _Request(client.client_id, REQUEST_URI + value, handle)


async def _answer(
    tx: Transaction, gateway: Gateway, found: _Request, attempt: Attempt, proved: Grant | None, arrival: Arrival, now: datetime
) -> Sent | OAuthCode | None:
    """Return where the browser goes at once, or the error that it takes along; None: to the provider."""
    cookie: str | None = None
    if proved is not None:
        if (error := browser.refusal(gateway, attempt, proved.signed_in.ref, proved.signed_in.acr)) is not None:
            await attempts.delete(tx, found.handle)
            return error
        # Whoever can push evidence of their own could lead somebody else's browser here: then it stays signed in with nothing.
        signed_in, cookie = await browser.sign_in(
            tx, gateway, proved.signed_in.ref, proved.signed_in.acr, arrival.cookie, now, keep=arrival.from_our_site
        )
        signed_in = replace(signed_in, auth_time=proved.signed_in.auth_time)
    else:
        there = await browser.signed_in(tx, gateway, attempt, arrival.cookie, now)
        if there is None:
            return await _unknown(tx, gateway, found, attempt)
        signed_in = there
    code, handle = secret.new_handle()
    session_id = secrets.token_bytes(16) if proved is None else proved.session_id
    await attempts.give_code(tx, found.handle, handle, signed_in, session_id=session_id, until=now + CODE_LIFETIME)
    audit("single_sign_on" if proved is None else "signed_in", client=attempt.client_id, acr=signed_in.acr)
    return Sent(to_application(gateway, attempt, code=code), session_cookie=cookie)


async def _unknown(tx: Transaction, gateway: Gateway, found: _Request, attempt: Attempt) -> OAuthCode | None:
    refusal: OAuthCode | None = None
    if attempt.prompt == "none":
        refusal = "login_required"
    elif not browser.can_be_met(gateway, attempt):
        refusal = "unmet_authentication_requirements"
    if refusal is not None:
        await attempts.delete(tx, found.handle)
    return refusal


async def _send_upstream(
    db: Database, gateway: Gateway, party: RelyingParty, found: _Request, attempt: Attempt, now: datetime
) -> Sent:
    # The provider is asked first, so that a retry is possible.
    # Fresh for each sign-in: whatever cookie the browser brought, somebody else may have set.
    (state, state_handle), (cookie, cookie_handle) = secret.new_handle(), secret.new_handle()
    name, anew = party.idp.name, attempt.prompt == "login" or attempt.max_age is not None
    try:
        url = await party.authorization_url(state, Challenge.of(cookie, name), anew=anew)
    except ProviderUnreachable:
        back = to_application(gateway, attempt, error="temporarily_unavailable")
        raise PageError("provider-unreachable", back) from None
    async with db.transaction("send-upstream") as tx:
        sent = await attempts.send_upstream(
            tx,
            found.handle,
            found.client_id,
            provider=name,
            state=state_handle,
            cookie=cookie_handle,
            now=now,
            until=now + UPSTREAM_LIFETIME,
        )
    if not sent:
        raise PageError("expired")
    return Sent(url, FlowCookie(cookie, callback_path(name)))
