"""Staff on its way through the code flow, and signed in. Every step is one statement, so two callers cannot both take it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from protocol.staff import Role

from gateway.store.tables import staff_attempt as attempt
from gateway.store.tables import staff_sign_in as sign_in


@dataclass(frozen=True)
class StaffAttempt:
    """What an application of staff asked for when it pushed its authorization request."""

    client_id: str
    redirect_uri: str
    state: str | None
    challenge: bytes
    jkt: bytes
    resources: tuple[str, ...]


@dataclass(frozen=True)
class StaffMember:
    """Who signed in, and as what."""

    person: bytes
    """32 bytes."""
    roles: tuple[Role, ...]
    session_id: bytes
    """16 random bytes that never leave this host."""


@dataclass(frozen=True)
class StaffSignIn:
    """A sign-in of staff."""

    member: StaffMember
    jkt: bytes
    client_id: str
    resources: tuple[str, ...]
    expires_at: datetime


_ASKED_NAMES = ("client_id", "redirect_uri", "state", "challenge", "jkt", "resources")
_ASKED = tuple(attempt.c[name] for name in _ASKED_NAMES)
_LIVE = (attempt.c.handle == sa.bindparam("old"), attempt.c.expires_at > sa.bindparam("now"))
_NEXT: dict[str, Any] = {"handle": sa.bindparam("new"), "expires_at": sa.bindparam("until")}

_push = statement(
    sa.insert(attempt).values(stage="pushed", **{name: sa.bindparam(name) for name in ("handle", *_ASKED_NAMES, "expires_at")})
)
_to_upstream = statement(
    sa.update(attempt)
    .where(*_LIVE, attempt.c.stage == "pushed", attempt.c.client_id == sa.bindparam("client"))
    .values(**_NEXT, stage="upstream", cookie=sa.bindparam("cookie"))
)
_to_returned = statement(
    sa.update(attempt)
    .where(*_LIVE, attempt.c.stage == "upstream", attempt.c.cookie == sa.bindparam("browser"))
    .values(stage="returned")
    .returning(*_ASKED)
)
_to_code = statement(
    sa.update(attempt)
    .where(attempt.c.handle == sa.bindparam("old"), attempt.c.stage == "returned")
    .values(**_NEXT, stage="code", person=sa.bindparam("who"), roles=sa.bindparam("as_what"), session_id=sa.bindparam("session"))
)
_to_used = statement(
    sa.update(attempt)
    .where(*_LIVE, attempt.c.stage == "code")
    .values(stage="used", expires_at=sa.bindparam("until"))
    .returning(*_ASKED, attempt.c.person, attempt.c.roles, attempt.c.session_id)
)
_session_of_used = statement(
    sa.select(attempt.c.session_id).where(attempt.c.handle == sa.bindparam("old"), attempt.c.stage == "used")
)
_forget = statement(sa.delete(attempt).where(attempt.c.session_id == sa.bindparam("session")))
_purge_attempts = statement(sa.delete(attempt).where(attempt.c.expires_at <= sa.bindparam("now")))

_begin = statement(sa.insert(sign_in))
_KEYED = (
    sign_in.c.refresh_hash == sa.bindparam("refresh"),
    sign_in.c.client_id == sa.bindparam("client"),
    sign_in.c.jkt == sa.bindparam("key"),
)
_refresh = statement(
    sa.update(sign_in)
    .where(*_KEYED, sign_in.c.idle_until > sa.bindparam("now"), sign_in.c.expires_at > sa.bindparam("now"))
    .values(idle_until=sa.func.least(sa.bindparam("until", type_=sa.TIMESTAMP(timezone=True)), sign_in.c.expires_at))
    .returning(*(sign_in.c[name] for name in ("id", "person", "roles", "jkt", "client_id", "resources", "expires_at")))
)
_end = statement(sa.delete(sign_in).where(sign_in.c.id == sa.bindparam("session")))
_end_keyed = statement(sa.delete(sign_in).where(*_KEYED).returning(sign_in.c.id))
_purge = statement(
    sa.delete(sign_in).where((sign_in.c.expires_at <= sa.bindparam("now")) | (sign_in.c.idle_until <= sa.bindparam("now")))
)


async def push(tx: Transaction, handle: bytes, asked: StaffAttempt, expires_at: datetime) -> None:
    """Keep a pushed request under the hash of its request_uri."""
    values = {name: getattr(asked, name) for name in _ASKED_NAMES}
    await _push.execute(tx, **{**values, "resources": list(asked.resources)}, handle=handle, expires_at=expires_at)


async def send_upstream(
    tx: Transaction, request: bytes, client_id: str, *, state: bytes, cookie: bytes, now: datetime, until: datetime
) -> bool:
    """Use a request_uri up; return False when there is none of that client (any more)."""
    return await _to_upstream.execute(tx, old=request, client=client_id, new=state, cookie=cookie, now=now, until=until) == 1


async def take_back(tx: Transaction, state: bytes, cookie: bytes, now: datetime) -> StaffAttempt | None:
    """Use a state up, in the browser that it was given to only."""
    row = await _to_returned.one_or_none(tx, old=state, browser=cookie, now=now)
    return None if row is None else _attempt(row)


async def give_code(tx: Transaction, state: bytes, code: bytes, who: StaffMember, until: datetime) -> bool:
    """Put a code in the place of a state that was taken back."""
    roles = list(who.roles)
    return await _to_code.execute(tx, old=state, new=code, who=who.person, as_what=roles, session=who.session_id, until=until) == 1


async def redeem(tx: Transaction, code: bytes, *, now: datetime, until: datetime) -> tuple[StaffAttempt, StaffMember] | None:
    """Use a code up; what is left of it stays until ``until``, to recognise it again."""
    row = await _to_used.one_or_none(tx, old=code, now=now, until=until)
    return None if row is None else (_attempt(row), StaffMember(row["person"], tuple(row["roles"]), row["session_id"]))


async def session_of_used(tx: Transaction, code: bytes) -> bytes | None:
    """Return the sign-in that a code made when it was redeemed before."""
    session: bytes | None = await _session_of_used.scalar(tx, old=code)
    return session


async def begin(tx: Transaction, made: StaffSignIn, refresh_hash: bytes, idle_until: datetime) -> None:
    """Keep a new sign-in."""
    await _begin.execute(
        tx,
        id=made.member.session_id,
        person=made.member.person,
        roles=list(made.member.roles),
        client_id=made.client_id,
        jkt=made.jkt,
        resources=list(made.resources),
        refresh_hash=refresh_hash,
        idle_until=idle_until,
        expires_at=made.expires_at,
    )


async def refresh(
    tx: Transaction, refresh_hash: bytes, client_id: str, jkt: bytes, *, now: datetime, idle_until: datetime
) -> StaffSignIn | None:
    """Return the live sign-in of a refresh token, client and DPoP key, and note that it is not idle."""
    row = await _refresh.one_or_none(tx, refresh=refresh_hash, client=client_id, key=jkt, now=now, until=idle_until)
    if row is None:
        return None
    member = StaffMember(row["person"], tuple(row["roles"]), row["id"])
    return StaffSignIn(member, row["jkt"], row["client_id"], tuple(row["resources"]), row["expires_at"])


async def end(tx: Transaction, session_id: bytes) -> None:
    """End a sign-in, and forget its code."""
    await _end.execute(tx, session=session_id)
    await _forget.execute(tx, session=session_id)


async def end_by_token(tx: Transaction, refresh_hash: bytes, client_id: str, jkt: bytes) -> None:
    """End the sign-in of a refresh token, client and DPoP key; where there is none, nothing is left to do."""
    session = await _end_keyed.scalar(tx, refresh=refresh_hash, client=client_id, key=jkt)
    if session is not None:
        await _forget.execute(tx, session=session)


async def purge(tx: Transaction, now: datetime) -> None:
    """Delete what is over."""
    await _purge_attempts.execute(tx, now=now)
    await _purge.execute(tx, now=now)


def _attempt(row: Record) -> StaffAttempt:
    return StaffAttempt(row["client_id"], row["redirect_uri"], row["state"], row["challenge"], row["jkt"], tuple(row["resources"]))
