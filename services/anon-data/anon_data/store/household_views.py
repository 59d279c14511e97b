"""Rows of ``household_view``: what a member lets somebody else read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.tables import reader_key, suspension
from protocol.messages.households import SHOWN, GiveView, Shown
from sqlalchemy.dialects.postgresql import BYTEA, insert

from anon_data.store.consents import agreed

MOST_TRIES = 10

metadata = sa.MetaData()
view = sa.Table(
    "household_view",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("handle", BYTEA, primary_key=True),
    sa.Column("jkt", BYTEA, nullable=False),
    sa.Column("given_by", BYTEA, nullable=False),
    sa.Column("shows", sa.Text, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("tries", sa.SmallInteger, nullable=False),
)

_token, _handle, _today = (
    sa.bindparam("token", type_=BYTEA),
    sa.bindparam("handle", type_=BYTEA),
    sa.bindparam("today", type_=sa.Date),
)
_READS = sa.and_(
    view.c.until >= _today,
    view.c.tries < MOST_TRIES,
    # Whoever has lost a reader key has lost what was given with it: a thief's views end when the keys are changed.
    sa.exists().where(reader_key.c.token == view.c.token, reader_key.c.jkt == view.c.given_by),
    ~sa.exists().where(suspension.c.token == view.c.token),
    agreed(view.c.token, "household"),
)
_insert = insert(view).values(
    **{column.name: sa.bindparam(column.name, type_=column.type) for column in view.columns if column.name != "tries"}
)
_GIVE = statement(_insert.on_conflict_do_nothing())
_OF_TOKEN = statement(sa.select(view, _READS.label("reads")).where(view.c.token == _token).order_by(view.c.until, view.c.handle))
_OF_HANDLE = statement(sa.select(view).where(view.c.handle == _handle, _READS))
_WRONG = statement(sa.update(view).where(view.c.handle == _handle).values(tries=view.c.tries + 1))
_RIGHT = statement(sa.update(view).where(view.c.handle == _handle, view.c.tries > 0).values(tries=0))
_END = statement(sa.delete(view).where(view.c.token == _token, view.c.handle == _handle))
_END_ALL = statement(sa.delete(view).where(view.c.token == _token))

FOLD = (
    """
    DELETE FROM household_view v
    WHERE v.until < (to_timestamp(current_setting('seal.now')::bigint) AT TIME ZONE 'UTC')::date
       OR NOT EXISTS (SELECT FROM reader_key r WHERE r.token = v.token AND v.given_by IN (r.jkt, r.next_jkt))
    """,
)
"""Views that ended go."""


@dataclass(frozen=True)
class View:
    """A view that is there."""

    token: bytes
    handle: bytes
    jkt: bytes
    shows: tuple[Shown, ...]
    until: date
    tries: int


async def give(tx: Transaction, token: Token, given_by: bytes, asked: GiveView) -> bool:
    """Insert a view; False, changing nothing, where its handle is there."""
    row = {"handle": asked.handle, "jkt": asked.jkt, "shows": " ".join(asked.shows), "until": asked.until}
    return await _GIVE.execute(tx, token=token, given_by=given_by, **row) == 1


async def of_token(tx: Transaction, token: Token, today: date) -> Sequence[tuple[View, bool]]:
    """Return a member's views, each with whether it reads."""
    return [(_view(row), row["reads"]) for row in await _OF_TOKEN.all(tx, token=token, today=today)]


async def of_handle(tx: Transaction, handle: bytes, today: date) -> View | None:
    """Return the view of this handle, if it reads."""
    row = await _OF_HANDLE.one_or_none(tx, handle=handle, today=today)
    return None if row is None else _view(row)


async def count_wrong(tx: Transaction, handle: bytes) -> None:
    """Count a wrong PIN."""
    await _WRONG.execute(tx, handle=handle)


async def forget_wrong(tx: Transaction, handle: bytes) -> None:
    """Forget the wrong PINs before a right one."""
    await _RIGHT.execute(tx, handle=handle)


async def end(tx: Transaction, token: Token, handle: bytes) -> None:
    """Delete a member's view."""
    await _END.execute(tx, token=token, handle=handle)


async def end_all(tx: Transaction, token: Token) -> None:
    """Delete all views that a member gave."""
    await _END_ALL.execute(tx, token=token)


def _view(row: Record) -> View:
    return View(row["token"], row["handle"], row["jkt"], _shown(row["shows"]), row["until"], row["tries"])


def _shown(names: str) -> tuple[Shown, ...]:
    return tuple(one for one in SHOWN if one in names.split())
