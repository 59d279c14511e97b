"""Rows of ``step_day`` and ``step_day_inbox``. Members write to the inbox alone; reads show both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.newest import Versioned
from mailboxes.readers import Token
from mailboxes.store.given import given
from protocol.messages.steps import StepDay
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

metadata = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("install", BYTEA, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )


step_day = _table("step_day")
inbox = _table("step_day_inbox")

_token, _install = sa.bindparam("token", type_=BYTEA), sa.bindparam("install", type_=BYTEA)
_since, _until = sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)
_days = sa.bindparam("days", type_=ARRAY(sa.Date))
_first = sa.bindparam("first", type_=sa.Date)
_COLUMNS = ("day", "steps", "seq")


def _both(condition: Callable[[sa.Table], sa.ColumnElement[bool]]) -> sa.Subquery:
    """Return the newest row of each key: an inbox row is always newer than the folded one."""
    newer = sa.exists(sa.select(1).where(*(inbox.c[name] == step_day.c[name] for name in ("token", "install", "day"))))
    recent, folded = (
        sa.select(*(table.c[name] for name in _COLUMNS)).where(table.c.token == _token, condition(table))
        for table in (inbox, step_day)
    )
    return sa.union_all(recent, folded.where(~newer)).subquery("both")


_of_install = _both(lambda table: sa.and_(table.c.install == _install, table.c.day == sa.any_(_days)))
_OF_INSTALL = statement(sa.select(_of_install))

_between = _both(lambda table: table.c.day.between(_since, _until))
_TOTALS = statement(
    # Never a sum: two installations count the same steps.
    sa.select(_between.c.day, sa.func.max(_between.c.steps).label("steps"), sa.func.max(_between.c.seq).label("seq"))
    .group_by(_between.c.day)
    .order_by(_between.c.day)
)
_INSTALLS = statement(
    sa.union(*(sa.select(table.c.install).where(table.c.token == _token, table.c.day >= _first) for table in (inbox, step_day)))
)
_given = given(*(inbox.c[name] for name in _COLUMNS))
_insert = insert(inbox).from_select(
    ["token", "install", *_COLUMNS],
    sa.select(_token, _install, *(_given.c[name] for name in _COLUMNS)),
)
_WRITE = statement(
    _insert.on_conflict_do_update(
        index_elements=[inbox.c.token, inbox.c.install, inbox.c.day],
        set_={name: _insert.excluded[name] for name in ("steps", "seq")},
        where=_insert.excluded.seq > inbox.c.seq,
    )
)


async def of_install(tx: Transaction, token: Token, install: bytes, days: Sequence[date]) -> dict[date, Versioned[int]]:
    """Return what one installation wrote for these days."""
    rows = await _OF_INSTALL.all(tx, token=token, install=install, days=days)
    return {row["day"]: Versioned(row["seq"], row["steps"]) for row in rows}


async def installs(tx: Transaction, token: Token, first: date) -> set[bytes]:
    """Return the installations that wrote a total of this day or a later one."""
    return {row["install"] for row in await _INSTALLS.all(tx, token=token, first=first)}


async def totals(tx: Transaction, token: Token, since: date, until: date) -> tuple[StepDay, ...]:
    """Return each day's largest total over the installations, from ``since`` to ``until``, both included."""
    rows = await _TOTALS.all(tx, token=token, since=since, until=until)
    # What is stored was checked when it came.
    return tuple(StepDay.model_construct(day=row["day"], steps=row["steps"], seq=row["seq"]) for row in rows)


async def write(tx: Transaction, token: Token, install: bytes, changes: Mapping[date, Versioned[int]]) -> None:
    """Put newer totals into the inbox."""
    await _WRITE.execute(
        tx,
        token=token,
        install=install,
        day=list(changes),
        steps=[version.value for version in changes.values()],
        seq=[version.seq for version in changes.values()],
    )
