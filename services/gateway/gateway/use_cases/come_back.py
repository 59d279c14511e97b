"""Back from one of the group's providers: who it is, and a code for the application."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import authority
from chassis.database import Database, Transaction

from gateway import acr, secret
from gateway.audit import audit
from gateway.context import CODE_LIFETIME, Gateway
from gateway.errors import PageError, PageName, SentBack
from gateway.parameters import Parameters
from gateway.store import account_links, attempts, group_sessions
from gateway.store.attempts import Attempt
from gateway.store.group_sessions import GroupSession
from gateway.upstream import Challenge, ProviderRefused, ProviderUnreachable, RelyingParty, SignedIn
from gateway.use_cases import browser
from gateway.use_cases.answer import Sent, to_application

Failure = Literal["access_denied", "temporarily_unavailable", "server_error"]
_FAILURES: dict[str, Failure] = {
    "access_denied": "access_denied",
    "login_required": "access_denied",
    "interaction_required": "access_denied",
    "temporarily_unavailable": "temporarily_unavailable",
}


@dataclass(frozen=True)
class _Returned:
    """An answer of a provider that came back in the browser that was sent there."""

    party: RelyingParty
    attempt: Attempt
    state: bytes
    challenge: Challenge

    def refusal(self, gateway: Gateway, page: PageName, error: Failure) -> PageError:
        """Return a page that leads back to the application."""
        return PageError(page, to_application(gateway, self.attempt, error=error))


async def come_back(
    db: Database, gateway: Gateway, name: str, answer: Parameters, cookie: str | None, session_cookie: str | None, now: datetime
) -> Sent:
    """Use an upstream state up and return where the browser goes with its code, or with an error of RFC 6749 section 4.1.2.1.

    ``name`` is whose redirect URI the answer came to; ``cookie`` is the one with which the browser was sent away,
    ``session_cookie`` the one of a browser that was signed in before.
    """
    returned = await _take_back(db, gateway, name, answer, cookie, now)
    try:
        await returned.party.check_issuer(answer.one("iss"))
        code = answer.one("code")
        if "error" in answer or code is None:
            failure = _FAILURES.get(answer.one("error") or "", "server_error")
            audit("sign_in_refused", client=returned.attempt.client_id, reason=failure)
            return Sent(to_application(gateway, returned.attempt, error=failure))
        signed_in = await returned.party.signed_in(code, returned.challenge)
        return await _give_code(db, gateway, returned, signed_in, session_cookie, now)
    except ProviderRefused:
        raise returned.refusal(gateway, "refused", "server_error") from None
    except ProviderUnreachable:
        raise returned.refusal(gateway, "provider-unreachable", "temporarily_unavailable") from None


async def _take_back(db: Database, gateway: Gateway, name: str, answer: Parameters, cookie: str | None, now: datetime) -> _Returned:
    party = gateway.providers.named(name)
    state, browser = secret.handle(answer.one("state") or ""), secret.handle(cookie or "")
    if party is None or state is None or browser is None or cookie is None:
        raise PageError("expired")
    async with db.transaction("take-back") as tx:
        attempt = await attempts.take_back(tx, state, browser, name, now)
    if attempt is None:
        raise PageError("expired")
    return _Returned(party, attempt, state, Challenge.of(cookie, name))


async def _give_code(
    db: Database, gateway: Gateway, returned: _Returned, signed_in: SignedIn, cookie: str | None, now: datetime
) -> Sent:
    attempt = returned.attempt
    code, handle = secret.new_handle()
    # The session id is minted here, after the provider's word: nothing that was known before signing in lives on.
    session_id = secrets.token_bytes(16)
    work_id = signed_in.subject(returned.party.idp.subject_claim).verifier(gateway.verifier_key)
    async with db.transaction("give-code") as tx:
        found = await authority.signing_in(tx, work_id, attempt.place, int(now.timestamp()))
        if found is None:
            raise returned.refusal(gateway, "not-enrolled", "access_denied")
        ref, access_ends = found
        if access_ends is not None and access_ends <= now.timestamp():
            raise returned.refusal(gateway, "access-ended", "access_denied")
        if not await _is_linked(tx, gateway, returned.party, signed_in, work_id, now):
            audit("link_refused", client=attempt.client_id)
            raise returned.refusal(gateway, "linked-elsewhere", "access_denied")
        if (error := browser.refusal(gateway, attempt, ref, acr.GROUP)) is not None:
            raise SentBack(error, attempt.client_id, attempt.redirect_uri, attempt.state)
        there, fresh = await browser.sign_in(tx, gateway, ref, acr.GROUP, cookie, now, keep=attempt.place == 0)
        await group_sessions.add(tx, _group_session(gateway, signed_in, session_id, there.browser_id))
        given = await attempts.give_code(tx, returned.state, handle, there, session_id=session_id, until=now + CODE_LIFETIME)
        if not given:
            raise PageError("expired")
    audit("signed_in", client=attempt.client_id, acr=acr.GROUP)
    return Sent(to_application(gateway, attempt, code=code), session_cookie=fresh)


async def _is_linked(
    tx: Transaction, gateway: Gateway, party: RelyingParty, signed_in: SignedIn, work_id: bytes, now: datetime
) -> bool:
    """Whether this is the account that first came with the work id; another one with the same number may be somebody else's."""
    if party.idp.subject_claim == "sub":
        return True
    subject = gateway.group_ids.link(signed_in.issuer, signed_in.sub)
    return await account_links.link(tx, work_id, subject, int(now.timestamp()))


def _group_session(gateway: Gateway, signed_in: SignedIn, session_id: bytes, browser_id: bytes | None) -> GroupSession:
    ids, issuer, sid = gateway.group_ids, signed_in.issuer, signed_in.sid
    return GroupSession(session_id, browser_id, ids.sub(issuer, signed_in.sub), None if sid is None else ids.sid(issuer, sid))
