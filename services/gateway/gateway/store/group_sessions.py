"""Which sessions began by which sign-in at a provider, so that they end with it: keyed hashes, as long as the sessions last."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement

from gateway.store.tables import authorization_attempt, browser_session, sign_in
from gateway.store.tables import group_session as table


@dataclass(frozen=True)
class GroupSession:
    """A session, and the browser that stays signed in with it, that a sign-in at a provider began."""

    session_id: bytes
    browser_id: bytes | None
    sub: bytes
    sid: bytes | None
    """None where the provider names no sign-ins."""


_sid, _sub = (sa.bindparam(name, type_=sa.LargeBinary) for name in ("named_sid", "named_sub"))
_insert = statement(sa.insert(table))
# Of a sign-in that the provider never named only the subject is known.
_take = statement(
    sa.delete(table)
    .where(sa.or_(table.c.sid == _sid, sa.and_(table.c.sub == _sub, sa.or_(_sid.is_(None), table.c.sid.is_(None)))))
    .returning(table.c.session_id, table.c.browser_id)
)
_gone = (
    ~sa.exists(sa.select(authorization_attempt.c.handle).where(authorization_attempt.c.session_id == table.c.session_id)),
    ~sa.exists(sa.select(sign_in.c.id).where(sign_in.c.id == table.c.session_id)),
    ~sa.exists(sa.select(browser_session.c.id).where(browser_session.c.id == table.c.browser_id)),
)
_purge = statement(sa.delete(table).where(*_gone))


async def add(tx: Transaction, session: GroupSession) -> None:
    """Keep what began a session."""
    await _insert.execute(tx, session_id=session.session_id, browser_id=session.browser_id, sub=session.sub, sid=session.sid)


async def take(tx: Transaction, sub: bytes | None, sid: bytes | None) -> Sequence[tuple[bytes, bytes | None]]:
    """Forget what a provider's logout ends, and return session and browser of each."""
    return [(row["session_id"], row["browser_id"]) for row in await _take.all(tx, named_sub=sub, named_sid=sid)]


async def purge(tx: Transaction) -> None:
    """Forget sessions of which nothing is left."""
    await _purge.execute(tx)
