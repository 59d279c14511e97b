"""Where somebody of the staff is signed in, and signing out of all of it."""

from datetime import datetime

from chassis.database import Database, Transaction

from gateway import secret
from gateway.errors import OAuthError
from gateway.messages import StaffSignInAnswer
from gateway.parameters import Parameters
from gateway.staff_desk import StaffDesk
from gateway.store import staff as store
from gateway.store.staff import StaffSignIn
from gateway.use_cases.staff_end import finish
from gateway.use_cases.staff_push import client_of, desk_of, proved_key


async def list_sign_ins(
    db: Database, desk: StaffDesk | None, asked: Parameters, proved: bytes | None, now: datetime
) -> tuple[StaffSignInAnswer, ...]:
    """Return the caller's sign-ins, the oldest first."""
    there = desk_of(desk)
    async with db.transaction("list-staff-sign-ins") as tx:
        own = await _own(tx, there, asked, proved, now)
        found = await store.of_person(tx, own.member.person, now)
    return tuple(_told(there, each, own) for each in found)


async def end_all(db: Database, desk: StaffDesk | None, asked: Parameters, proved: bytes | None, now: datetime) -> None:
    """End all of the caller's sign-ins, and tell the stores."""
    there = desk_of(desk)
    async with db.transaction("end-staff-sign-ins") as tx:
        own = await _own(tx, there, asked, proved, now)
        for each in await store.end_at_group(tx, own.member.person, None):
            await finish(tx, there, each, now)


async def _own(tx: Transaction, desk: StaffDesk, asked: Parameters, proved: bytes | None, now: datetime) -> StaffSignIn:
    """Return the caller's sign-in, by refresh token and key: tokens are for the stores."""
    client_id, jkt, token = client_of(desk, asked).client_id, proved_key(proved), secret.handle(asked.one("refresh_token") or "")
    own = None
    if token is not None:
        own = await store.refresh(tx, token, client_id, jkt, now=now, idle_until=now + desk.idle)
    if own is None:
        raise OAuthError("invalid_grant", "the refresh token is unknown, expired, or not this application's and key's")
    return own


def _told(desk: StaffDesk, found: StaffSignIn, own: StaffSignIn) -> StaffSignInAnswer:
    client = desk.clients.get(found.client_id)
    return StaffSignInAnswer(
        client_id=found.client_id,
        name=client.name or found.client_id if client is not None else found.client_id,
        roles=found.member.roles,
        ends=int(found.expires_at.timestamp()),
        this=found.member.session_id == own.member.session_id,
    )
