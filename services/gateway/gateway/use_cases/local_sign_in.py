"""Signing in without a work account, for an application: to the portal's page, which proves it here, and on with a code.

Two secrets bind the way to one browser. The cookie stays in the browser that began; the ticket is given to the page that proved.
Only who has both goes on, so nobody signs somebody else in as themselves, nor is signed in by somebody else's proof.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from authority import Authority
from chassis.database import Database
from protocol.encoding import unb64u

from gateway import secret
from gateway.audit import audit
from gateway.context import CODE_LIFETIME, PORTAL_LIFETIME, TICKET_LIFETIME, Gateway
from gateway.errors import OAuthError, PageError, SentBack
from gateway.networks import Pace
from gateway.parameters import Parameters
from gateway.store import local_sign_ins
from gateway.use_cases import browser as browsers
from gateway.use_cases import prove
from gateway.use_cases.answer import Sent, to_application
from gateway.use_cases.push import REQUEST_URI

PAGE = "/sign-in/"
"""Of the portal."""
FINISH = "/local-sign-in/finish"
"""Of this host."""


@dataclass(frozen=True)
class SentToPortal:
    """Where the browser goes, and the cookie that lets it come back."""

    url: str
    """The reference is in the fragment, so that the portal's server never sees it."""
    cookie: str


async def begin(db: Database, gateway: Gateway, asked: Parameters, now: datetime) -> SentToPortal:
    """Use a request_uri up and return the way to the portal's page."""
    client_id, request_uri = asked.one("client_id"), asked.one("request_uri") or ""
    request = secret.handle(request_uri.removeprefix(REQUEST_URI)) if request_uri.startswith(REQUEST_URI) else None
    portal = gateway.deployment.portal
    if client_id is None or request is None or portal is None:
        raise PageError("expired")
    (reference, reference_handle), (cookie, cookie_handle) = secret.new_handle(), secret.new_handle()
    async with db.transaction("send-to-portal") as tx:
        sent = await local_sign_ins.send_to_portal(
            tx, request, client_id, reference=reference_handle, cookie=cookie_handle, now=now, until=now + PORTAL_LIFETIME
        )
    if not sent:
        raise PageError("expired")
    return SentToPortal(f"{portal.origin}{PAGE}#reference={reference}", cookie)


async def application(db: Database, gateway: Gateway, asked: Parameters, now: datetime) -> str:
    """Return the name of the application that waits for a reference to be proved, as its person is shown it."""
    _, client_id = await _waiting(db, asked, now)
    client = gateway.clients.get(client_id)
    if client is None:
        raise _gone()
    return client.name or client_id


async def show(
    db: Database, gateway: Gateway, authority: Authority, asked: Parameters, jkt: bytes | None, now: datetime, pace: Pace
) -> str:
    """Use a reference up with its member's proof and return where the browser goes on; a wrong proof leaves the reference."""
    if jkt is None:
        raise OAuthError("invalid_dpop_proof", "a DPoP proof is needed")
    reference, _ = await _waiting(db, asked, now)
    member = await prove.member_at_portal(authority, asked, unb64u(asked.one("reference") or ""), jkt, int(now.timestamp()), pace)
    ticket, handle = secret.new_handle()
    async with db.transaction("give-ticket") as tx:
        # The session id is minted here, after the proof: nothing that was known before signing in lives on.
        session_id, until = secrets.token_bytes(16), now + TICKET_LIFETIME
        if not await local_sign_ins.give_ticket(
            tx, reference, handle, ref=member.ref, acr=member.acr, session_id=session_id, now=now, until=until
        ):
            raise _gone()
    return f"{gateway.url(FINISH)}?ticket={ticket}"


async def _waiting(db: Database, asked: Parameters, now: datetime) -> tuple[bytes, str]:
    """Return the handle of a reference that is still to be proved, and the application that waits for it."""
    reference = secret.handle(asked.one("reference") or "")
    if reference is not None:
        async with db.transaction("find-reference") as tx:
            if (client_id := await local_sign_ins.waiting(tx, reference, now)) is not None:
                return reference, client_id
    raise _gone()


def _gone() -> OAuthError:
    return OAuthError("invalid_grant", "the reference is unknown, used up or expired")


async def finish(
    db: Database, gateway: Gateway, asked: Parameters, cookie: str | None, signed_in: str | None, now: datetime
) -> Sent:
    """Use a ticket up and return where the browser goes with its code.

    ``cookie`` is the one with which the browser was sent away, ``signed_in`` the one of a browser that was signed in before.
    """
    ticket, browser = secret.handle(asked.one("ticket") or ""), secret.handle(cookie or "")
    if ticket is None or browser is None:
        raise PageError("expired")
    code, handle = secret.new_handle()
    async with db.transaction("give-code-for-ticket") as tx:
        found = await local_sign_ins.give_code(tx, ticket, browser, handle, now=now, until=now + CODE_LIFETIME)
        if found is None:
            raise PageError("expired")
        attempt, ref, how = found
        if (error := browsers.refusal(gateway, attempt, ref, how)) is not None:
            raise SentBack(error, attempt.client_id, attempt.redirect_uri, attempt.state)
        there, fresh = await browsers.sign_in(tx, gateway, ref, how, signed_in, now, keep=True)
        assert there.browser_id is not None
        await local_sign_ins.name_browser(tx, handle, there.browser_id)
    audit("signed_in", client=attempt.client_id, acr=how)
    return Sent(to_application(gateway, attempt, code=code), session_cookie=fresh)


async def give_up(db: Database, gateway: Gateway, asked: Parameters, cookie: str | None, now: datetime) -> str:
    """Forget a sign-in that somebody does not want to go on with, and return the way back to the application."""
    reference, browser = secret.handle(asked.one("reference") or ""), secret.handle(cookie or "")
    if reference is None or browser is None:
        raise PageError("expired")
    async with db.transaction("give-up") as tx:
        attempt = await local_sign_ins.give_up(tx, reference, browser, now)
    if attempt is None:
        raise PageError("expired")
    return to_application(gateway, attempt, error="access_denied")
