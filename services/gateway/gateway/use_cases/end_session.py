"""The end of a session: everything of it in one transaction, the other authorities told afterwards."""

from datetime import datetime, timedelta

import authority
from chassis.database import Database, Transaction
from protocol.access_token import LIFETIME
from protocol.times import SKEW

from gateway.context import Gateway
from gateway.store import attempts, outbox, sessions
from gateway.store.sessions import SignIn

_LAST_TOKEN = timedelta(seconds=LIFETIME)


async def end_session(db: Database, gateway: Gateway, sid: bytes, now: datetime) -> None:
    """End the session of an access token for this host; ending it twice is fine."""
    async with db.transaction("end-session") as tx:
        session = await sessions.end_by_sid(tx, sid)
        if session is not None:
            await finish(tx, gateway, session, now)


async def finish(tx: Transaction, gateway: Gateway, session: SignIn, now: datetime) -> None:
    """Take back what a session that was just deleted had: its code, what this host released to it, what the others did.

    The code's row says who signed in, so it goes too: there is no session left that a second use of the code could end.
    """
    await attempts.delete_of_session(tx, session.id)
    await authority.end_session(tx, session.sid_gateway, int((session.expires_at + _LAST_TOKEN).timestamp()) + SKEW)
    # What another authority released, at the latest with the last token, is kept there for as long as a session may last.
    until = min(now, session.expires_at) + _LAST_TOKEN + gateway.session_lifetime
    notices: list[tuple[outbox.Audience, bytes]] = [
        (host, gateway.pairwise.sid(session.id, host)) for host in ("keyvault", "identity")
    ]
    await outbox.add(tx, notices, due_at=now, expires_at=until)
