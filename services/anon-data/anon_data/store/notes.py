"""Rows of ``note`` and ``note_inbox``. Members write to the inbox alone; reads show both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.newest import Versioned
from mailboxes.readers import Token
from mailboxes.store.given import given
from protocol.messages.notes import DeletedNote, Note, Notes
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

metadata = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("sealed", BYTEA),
    )


note = _table("note")
inbox = _table("note_inbox")

_COLUMNS = ("day", "seq", "sealed")
_token = sa.bindparam("token", type_=BYTEA)
_since, _until = sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)
_days = sa.bindparam("days", type_=ARRAY(sa.Date))


def _both(condition: Callable[[sa.Table], sa.ColumnElement[bool]]) -> sa.CompoundSelect[tuple[object, ...]]:
    """Return the newest row of each day: an inbox row is always newer than the folded one."""
    newer = sa.exists(sa.select(1).where(*(inbox.c[name] == note.c[name] for name in ("token", "day"))))
    recent, folded = (
        sa.select(*(table.c[name] for name in _COLUMNS)).where(table.c.token == _token, condition(table)) for table in (inbox, note)
    )
    return sa.union_all(recent, folded.where(~newer)).order_by("day")


_BETWEEN = statement(_both(lambda table: table.c.day.between(_since, _until)))
_ON_DAYS = statement(_both(lambda table: table.c.day == sa.any_(_days)))

_given = given(*(inbox.c[name] for name in _COLUMNS))
_insert = insert(inbox).from_select(["token", *_COLUMNS], sa.select(_token, *(_given.c[name] for name in _COLUMNS)))
_WRITE = statement(
    _insert.on_conflict_do_update(
        index_elements=[inbox.c.token, inbox.c.day],
        set_={name: _insert.excluded[name] for name in ("seq", "sealed")},
        where=_insert.excluded.seq > inbox.c.seq,
    )
)


async def on_days(tx: Transaction, token: Token, days: Sequence[date]) -> dict[date, Versioned[bytes | None]]:
    """Return what is stored for these days."""
    return {row["day"]: Versioned(row["seq"], row["sealed"]) for row in await _ON_DAYS.all(tx, token=token, days=days)}


async def between(tx: Transaction, token: Token, since: date, until: date) -> Notes:
    """Return the notes from ``since`` to ``until``, both included, by day."""
    rows = await _BETWEEN.all(tx, token=token, since=since, until=until)
    return Notes.model_construct(
        items=tuple(Note.model_construct(**row) for row in rows if row["sealed"] is not None),
        deleted=tuple(DeletedNote.model_construct(day=row["day"], seq=row["seq"]) for row in rows if row["sealed"] is None),
    )


async def write(tx: Transaction, token: Token, changes: Mapping[date, Versioned[bytes | None]]) -> None:
    """Put what is newer into the inbox."""
    await _WRITE.execute(
        tx,
        token=token,
        day=list(changes),
        seq=[version.seq for version in changes.values()],
        sealed=[version.value for version in changes.values()],
    )
