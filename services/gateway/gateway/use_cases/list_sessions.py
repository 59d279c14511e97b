"""Where a member is signed in."""

from datetime import datetime

from authority import Session
from chassis.database import Database

from gateway.context import Gateway
from gateway.messages import SessionAnswer, SessionsAnswer
from gateway.store import sessions


async def list_sessions(db: Database, gateway: Gateway, session: Session, now: datetime) -> SessionsAnswer:
    """Return the member's sessions, the oldest sign-in first."""
    async with db.transaction("list-sessions", readonly=True) as tx:
        found = await sessions.of_member(tx, session.ref, now)
    return SessionsAnswer(
        sessions=tuple(
            SessionAnswer(
                client_id=each.client_id,
                name=gateway.name_of(each.client_id),
                acr=each.acr,
                signed_in=int(each.auth_time.timestamp()),
                this=each.sid_gateway == session.sid,
            )
            for each in found
        )
    )
