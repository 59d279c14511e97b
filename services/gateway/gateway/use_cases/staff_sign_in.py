"""Staff at the group's provider and back: who it is, in which roles, and a code for the application."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from chassis.database import Database

from gateway import secret
from gateway.context import CODE_LIFETIME, UPSTREAM_LIFETIME
from gateway.errors import PageError, PageName
from gateway.parameters import Parameters
from gateway.roles import roles_of
from gateway.staff_desk import FLOW, StaffDesk
from gateway.store import staff as store
from gateway.store.staff import StaffAttempt, StaffMember
from gateway.upstream import Challenge, ClaimsElsewhere, ProviderRefused, ProviderUnreachable, SignedIn
from gateway.use_cases.push import REQUEST_URI

Failure = Literal["access_denied", "temporarily_unavailable", "server_error"]


@dataclass(frozen=True)
class SentUpstream:
    """Where the browser goes, and the cookie that lets it come back."""

    url: str
    cookie: str


@dataclass(frozen=True)
class _Returned:
    """An answer of the provider that came back in the browser that was sent there."""

    desk: StaffDesk
    attempt: StaffAttempt
    state: bytes

    def to_application(self, *, code: str | None = None, error: Failure | None = None) -> str:
        """Return where the browser goes with a code or an error (RFC 6749 section 4.1.2, RFC 9207)."""
        said = {"code": code, "error": error, "state": self.attempt.state, "iss": self.desk.authority.issuer}
        return self.attempt.redirect_uri + "?" + urlencode({name: value for name, value in said.items() if value is not None})

    def refusal(self, page: PageName, error: Failure) -> PageError:
        """Return a page that leads back to the application."""
        return PageError(page, self.to_application(error=error))


async def authorize(db: Database, desk: StaffDesk | None, asked: Parameters, now: datetime) -> SentUpstream:
    """Use a request_uri up and return where the browser signs in; a provider that is out of reach uses nothing up."""
    client_id, request_uri = asked.one("client_id"), asked.one("request_uri") or ""
    request = secret.handle(request_uri.removeprefix(REQUEST_URI)) if request_uri.startswith(REQUEST_URI) else None
    if desk is None or client_id is None or request is None:
        raise PageError("expired")
    (state, state_handle), (cookie, cookie_handle) = secret.new_handle(), secret.new_handle()
    try:
        url = await desk.party.authorization_url(state, Challenge.of(cookie, FLOW))
    except ProviderUnreachable:
        raise PageError("provider-unreachable") from None
    until = now + UPSTREAM_LIFETIME
    async with db.transaction("send-staff-upstream") as tx:
        sent = await store.send_upstream(tx, request, client_id, state=state_handle, cookie=cookie_handle, now=now, until=until)
    if not sent:
        raise PageError("expired")
    return SentUpstream(url, cookie)


async def come_back(db: Database, desk: StaffDesk | None, answer: Parameters, cookie: str | None, now: datetime) -> str:
    """Use a state up and return where the browser goes with its code; whoever has no role sees a page that says why."""
    state, browser = secret.handle(answer.one("state") or ""), secret.handle(cookie or "")
    if desk is None or state is None or browser is None or cookie is None:
        raise PageError("expired")
    async with db.transaction("take-staff-back") as tx:
        attempt = await store.take_back(tx, state, browser, now)
    if attempt is None:
        raise PageError("expired")
    returned = _Returned(desk, attempt, state)
    signed_in = await _signed_in(returned, answer, Challenge.of(cookie, FLOW))
    if signed_in is None:
        return returned.to_application(error="access_denied" if answer.one("error") == "access_denied" else "server_error")
    return returned.to_application(code=await _give_code(db, returned, signed_in, now))


async def _signed_in(returned: _Returned, answer: Parameters, challenge: Challenge) -> SignedIn | None:
    party, code = returned.desk.party, answer.one("code")
    try:
        await party.check_issuer(answer.one("iss"))
        return None if "error" in answer or code is None else await party.signed_in(code, challenge)
    except ProviderRefused:
        raise returned.refusal("refused", "server_error") from None
    except ProviderUnreachable:
        raise returned.refusal("provider-unreachable", "temporarily_unavailable") from None


async def _give_code(db: Database, returned: _Returned, signed_in: SignedIn, now: datetime) -> str:
    try:
        roles = roles_of(returned.desk.rules, signed_in)
    except ClaimsElsewhere:
        raise returned.refusal("roles-elsewhere", "access_denied") from None
    except ProviderRefused:
        raise returned.refusal("roles-unreadable", "access_denied") from None
    if not roles:
        raise returned.refusal("no-role", "access_denied")
    code, handle = secret.new_handle()
    # The session id is minted here, after the provider's word: nothing that was known before signing in lives on.
    desk, issuer, sid = returned.desk, signed_in.issuer, signed_in.sid
    at_group = None if sid is None else desk.group_sid(issuer, sid)
    who = StaffMember(desk.person(issuer, signed_in.sub), roles, secrets.token_bytes(16), at_group)
    async with db.transaction("give-staff-code") as tx:
        given = await store.give_code(tx, returned.state, handle, who, now + CODE_LIFETIME)
    if not given:
        raise PageError("expired")
    return code
