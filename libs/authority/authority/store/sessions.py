"""Sessions that were released to or ended. A row dies with its session, in a day at most."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from authority.store.tables import MANY_BYTES, p_bytes, p_int, release_session

_c = release_session.c
_insert = insert(release_session).values(sid=p_bytes("session"), ended=sa.true(), expires=p_int("until"))

_FORGOTTEN = {name: sa.null() for name in ("ref", "jkt", "statement", "session_key")}

FIND = statement(sa.select(_c.ended, _c.ref, _c.jkt, _c.statement, _c.session_key, _c.expires).where(_c.sid == p_bytes("session")))
ENDED = statement(sa.select(sa.literal_column("1")).where(_c.sid == p_bytes("session"), _c.ended))
END = statement(
    _insert.on_conflict_do_update(
        index_elements=[_c.sid],
        set_={
            "ended": sa.true(),
            "expires": sa.func.greatest(_c.expires, _insert.excluded.expires),
            **_FORGOTTEN,
        },
    )
)
END_OF_MEMBERS = statement(
    sa.update(release_session)
    .where(_c.ref == sa.any_(sa.bindparam("refs", type_=MANY_BYTES)))
    .values(ended=sa.true(), **_FORGOTTEN)
)
PURGE = statement(sa.delete(release_session).where(_c.expires < p_int("before")))


@dataclass(frozen=True)
class Released:
    """What a session was released on."""

    ref: bytes
    jkt: bytes
    statement: bytes
    """SHA-256 of the statement."""
    session_key: bytes
    """X-Wing public key to which its answers are sealed."""
    expires: int


@dataclass(frozen=True)
class Found:
    """A session that is known here: released to, or (None) ended."""

    released: Released | None


async def find(tx: Transaction, sid: bytes) -> Found | None:
    """Return what is known of a session."""
    row = await FIND.one_or_none(tx, session=sid)
    if row is None:
        return None
    if row["ended"]:
        return Found(None)
    return Found(Released(row["ref"], row["jkt"], row["statement"], row["session_key"], row["expires"]))


async def is_ended(tx: Transaction, sid: bytes) -> bool:
    """Return whether a session was ended."""
    return bool(await ENDED.all(tx, session=sid))


async def end_session(tx: Transaction, sid: bytes, expires: int) -> None:
    """Refuse this session until ``expires`` (seconds since 1970), and forget what it was released on."""
    await END.execute(tx, session=sid, until=expires)


async def end_of_members(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Refuse every session that was released to one of these members, and forget what it was released on."""
    await END_OF_MEMBERS.execute(tx, refs=list(refs))


async def delete_expired(tx: Transaction, before: int) -> int:
    """Delete sessions whose time is over."""
    return await PURGE.execute(tx, before=before)
