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
    group_sid: bytes | None
    """By which the provider's logout finds it: 32 bytes; None where the provider names no sign-ins."""


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
    .values(
        **_NEXT,
        stage="code",
        person=sa.bindparam("who"),
        roles=sa.bindparam("as_what"),
        session_id=sa.bindparam("session"),
        group_sid=sa.bindparam("at_group"),
    )
)
_to_used = statement(
    sa.update(attempt)
    .where(*_LIVE, attempt.c.stage == "code")
    .values(stage="used", expires_at=sa.bindparam("until"))
    .returning(*_ASKED, attempt.c.person, attempt.c.roles, attempt.c.session_id, attempt.c.group_sid)
)
_session_of_used = statement(
    sa.select(attempt.c.session_id).where(attempt.c.handle == sa.bindparam("old"), attempt.c.stage == "used")
)
_forget = statement(sa.delete(attempt).where(attempt.c.session_id == sa.bindparam("session")))
_purge_attempts = statement(sa.delete(attempt).where(attempt.c.expires_at <= sa.bindparam("now")))

_begin = statement(sa.insert(sign_in))
_SIGN_IN = tuple(sign_in.c[name] for name in ("id", "person", "group_sid", "roles", "jkt", "client_id", "resources", "expires_at"))
_KEYED = (
    sign_in.c.refresh_hash == sa.bindparam("refresh"),
    sign_in.c.client_id == sa.bindparam("client"),
    sign_in.c.jkt == sa.bindparam("key"),
)
_refresh = statement(
    sa.update(sign_in)
    .where(*_KEYED, sign_in.c.idle_until > sa.bindparam("now"), sign_in.c.expires_at > sa.bindparam("now"))
    .values(idle_until=sa.func.least(sa.bindparam("until", type_=sa.TIMESTAMP(timezone=True)), sign_in.c.expires_at))
    .returning(*_SIGN_IN)
)
_end = statement(sa.delete(sign_in).where(sign_in.c.id == sa.bindparam("session")).returning(*_SIGN_IN))
_end_keyed = statement(sa.delete(sign_in).where(*_KEYED).returning(*_SIGN_IN))
_named_person, _named_sid = (sa.bindparam(name, type_=sa.LargeBinary) for name in ("named_person", "named_sid"))


def _at_group(table: sa.Table) -> "sa.ColumnElement[bool]":
    """Of a sign-in that the provider never named only the person is known."""
    unnamed = sa.or_(_named_sid.is_(None), table.c.group_sid.is_(None))
    return sa.or_(table.c.group_sid == _named_sid, sa.and_(table.c.person == _named_person, unnamed))


_of_person = statement(
    sa.select(*_SIGN_IN)
    .where(
        sign_in.c.person == sa.bindparam("who"),
        sign_in.c.idle_until > sa.bindparam("now"),
        sign_in.c.expires_at > sa.bindparam("now"),
    )
    .order_by(sign_in.c.expires_at)
)
_forget_at_group = statement(sa.delete(attempt).where(_at_group(attempt)))
_end_at_group = statement(sa.delete(sign_in).where(_at_group(sign_in)).returning(*_SIGN_IN))
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
    moved = await _to_code.execute(
        tx,
        old=state,
        new=code,
        who=who.person,
        as_what=list(who.roles),
        session=who.session_id,
        at_group=who.group_sid,
        until=until,
    )
    return moved == 1


async def redeem(tx: Transaction, code: bytes, *, now: datetime, until: datetime) -> tuple[StaffAttempt, StaffMember] | None:
    """Use a code up; what is left of it stays until ``until``, to recognise it again."""
    row = await _to_used.one_or_none(tx, old=code, now=now, until=until)
    if row is None:
        return None
    return _attempt(row), StaffMember(row["person"], tuple(row["roles"]), row["session_id"], row["group_sid"])


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
        group_sid=made.member.group_sid,
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
    return None if row is None else _read(row)


async def end(tx: Transaction, session_id: bytes) -> StaffSignIn | None:
    """End a sign-in, forget its code, and return what there was."""
    row = await _end.one_or_none(tx, session=session_id)
    await _forget.execute(tx, session=session_id)
    return None if row is None else _read(row)


async def end_by_token(tx: Transaction, refresh_hash: bytes, client_id: str, jkt: bytes) -> StaffSignIn | None:
    """End the sign-in of a refresh token, client and DPoP key, and return it; None where there is none."""
    row = await _end_keyed.one_or_none(tx, refresh=refresh_hash, client=client_id, key=jkt)
    if row is None:
        return None
    await _forget.execute(tx, session=row["id"])
    return _read(row)


async def of_person(tx: Transaction, person: bytes, now: datetime) -> list[StaffSignIn]:
    """Return somebody's sign-ins, the oldest first."""
    return [_read(row) for row in await _of_person.all(tx, who=person, now=now)]


async def end_at_group(tx: Transaction, person: bytes | None, group_sid: bytes | None) -> list[StaffSignIn]:
    """End the sign-ins that a logout at the provider names, forget their codes, and return them."""
    # A code that is being redeemed at this moment holds its row; when the row can be deleted, its sign-in can be seen.
    await _forget_at_group.execute(tx, named_person=person, named_sid=group_sid)
    return [_read(row) for row in await _end_at_group.all(tx, named_person=person, named_sid=group_sid)]


async def purge(tx: Transaction, now: datetime) -> None:
    """Delete what is over."""
    await _purge_attempts.execute(tx, now=now)
    await _purge.execute(tx, now=now)


def _attempt(row: Record) -> StaffAttempt:
    return StaffAttempt(row["client_id"], row["redirect_uri"], row["state"], row["challenge"], row["jkt"], tuple(row["resources"]))


def _read(row: Record) -> StaffSignIn:
    member = StaffMember(row["person"], tuple(row["roles"]), row["id"], row["group_sid"])
    return StaffSignIn(member, row["jkt"], row["client_id"], tuple(row["resources"]), row["expires_at"])
