"""The end of a session: everything of it in one transaction, the others told afterwards."""

from datetime import datetime, timedelta

import authority
from chassis.database import Database, Transaction
from protocol.access_token import LIFETIME
from protocol.names import AUTHORITIES
from protocol.times import SKEW

from gateway.audit import audit
from gateway.context import Gateway
from gateway.store import attempts, browsers, outbox, sessions
from gateway.store.sessions import SignIn

_LAST_TOKEN = timedelta(seconds=LIFETIME)


async def end_session(db: Database, gateway: Gateway, sid: bytes, now: datetime) -> None:
    """End the session that this host's ``sid`` names, and those of the same browser; ending it twice is fine."""
    async with db.transaction("end-session") as tx:
        browser_id = await sessions.browser_of(tx, sid)
        if browser_id is not None:
            await end_browser(tx, gateway, browser_id, now)
        elif (session := await sessions.end_by_sid(tx, sid)) is not None:
            await finish(tx, gateway, session, now)
            audit("signed_out", client=session.client_id, sessions=1)


async def end_browser(tx: Transaction, gateway: Gateway, browser_id: bytes, now: datetime) -> int:
    """Sign a browser out: of every application, and of what it was about to be signed in to. Return how many sessions ended."""
    await tx.lock("browser " + browser_id.hex())
    await browsers.end(tx, browser_id)
    ended = await _end_sessions(tx, gateway, browser_id, now)
    # A code that is being redeemed at this moment holds its row; when the row can be deleted, its session can be seen.
    await attempts.delete_of_browser(tx, browser_id)
    ended += await _end_sessions(tx, gateway, browser_id, now)
    audit("signed_out", sessions=ended)
    return ended


async def finish(tx: Transaction, gateway: Gateway, session: SignIn, now: datetime) -> None:
    """Take back what a session that was just deleted had: its code, what this host released to it, what the others did.

    The code's row says who signed in, so it goes too: there is no session left that a second use of the code could end.
    """
    await attempts.delete_of_session(tx, session.id)
    await authority.end_session(tx, session.sid_gateway, int((session.expires_at + _LAST_TOKEN).timestamp()) + SKEW)
    # What another authority released, at the latest with the last token, is kept there for as long as a session may last.
    until = min(now, session.expires_at) + _LAST_TOKEN + gateway.session_lifetime
    await outbox.add(tx, _notices(gateway, session), due_at=now, expires_at=until)


async def _end_sessions(tx: Transaction, gateway: Gateway, browser_id: bytes, now: datetime) -> int:
    ended = await sessions.end_of_browser(tx, browser_id)
    for session in ended:
        await finish(tx, gateway, session, now)
    return len(ended)


def _notices(gateway: Gateway, session: SignIn) -> list[tuple[str, bytes]]:
    """Return who is told, and under which session id they know it: authorities that had tokens, and the application itself."""
    named = {gateway.resources.get(resource) for resource in session.resources}
    told: list[tuple[str, bytes]] = [
        (host, gateway.pairwise.sid(session.id, host)) for host in AUTHORITIES if host != "gateway" and host in named
    ]
    client = gateway.clients.get(session.client_id)
    if client is not None and client.backchannel_logout_uri is not None:
        told.append((outbox.OF_CLIENT + client.client_id, session.sid_gateway))
    return told
