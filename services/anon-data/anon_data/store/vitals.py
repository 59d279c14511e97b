"""Rows of ``vital`` and ``vital_inbox``. Members write to the inbox alone; reads show both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.newest import Versioned
from mailboxes.readers import Token
from mailboxes.store.given import given
from protocol.messages.records import Vital, VitalKind
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

Key = tuple[date, VitalKind]

_NUMBERS: dict[VitalKind, int] = {"body-weight": 1, "systolic": 2, "diastolic": 3}
_UNITS: dict[VitalKind, Literal["kg", "mm[Hg]"]] = {"body-weight": "kg", "systolic": "mm[Hg]", "diastolic": "mm[Hg]"}
_KINDS = {number: kind for kind, number in _NUMBERS.items()}

metadata = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.SmallInteger, primary_key=True),
        sa.Column("value", sa.Numeric, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )


vital = _table("vital")
inbox = _table("vital_inbox")

_COLUMNS = ("day", "kind", "value", "seq")


_token = sa.bindparam("token", type_=BYTEA)
_since, _until = sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)
_days = sa.bindparam("days", type_=ARRAY(sa.Date))


def _both(condition: Callable[[sa.Table], sa.ColumnElement[bool]]) -> sa.CompoundSelect[tuple[object, ...]]:
    """Return the newest row of each key: an inbox row is always newer than the folded one."""
    newer = sa.exists(sa.select(1).where(*(inbox.c[name] == vital.c[name] for name in ("token", "day", "kind"))))
    recent, folded = (
        sa.select(*(table.c[name] for name in _COLUMNS)).where(table.c.token == _token, condition(table))
        for table in (inbox, vital)
    )
    return sa.union_all(recent, folded.where(~newer)).order_by("day", "kind")


_BETWEEN = statement(_both(lambda table: table.c.day.between(_since, _until)))
_ON_DAYS = statement(_both(lambda table: table.c.day == sa.any_(_days)))

_given = given(*(inbox.c[name] for name in _COLUMNS))
_insert = insert(inbox).from_select(["token", *_COLUMNS], sa.select(_token, *(_given.c[name] for name in _COLUMNS)))
_WRITE = statement(
    _insert.on_conflict_do_update(
        index_elements=[inbox.c.token, inbox.c.day, inbox.c.kind],
        set_={name: _insert.excluded[name] for name in ("value", "seq")},
        where=_insert.excluded.seq > inbox.c.seq,
    )
)


async def on_days(tx: Transaction, token: Token, days: Sequence[date]) -> dict[Key, Versioned[Decimal]]:
    """Return what is stored for these days."""
    return {
        (row["day"], _KINDS[row["kind"]]): Versioned(row["seq"], row["value"])
        for row in await _ON_DAYS.all(tx, token=token, days=days)
    }


async def between(tx: Transaction, token: Token, since: date, until: date) -> tuple[Vital, ...]:
    """Return the values from ``since`` to ``until``, both included, by day and kind."""
    rows = await _BETWEEN.all(tx, token=token, since=since, until=until)
    return tuple(_vital(row["day"], _KINDS[row["kind"]], row["value"], row["seq"]) for row in rows)


async def write(tx: Transaction, token: Token, changes: Mapping[Key, Versioned[Decimal]]) -> None:
    """Put newer values into the inbox."""
    await _WRITE.execute(
        tx,
        token=token,
        day=[day for day, _ in changes],
        kind=[_NUMBERS[kind] for _, kind in changes],
        value=[version.value for version in changes.values()],
        seq=[version.seq for version in changes.values()],
    )


def _vital(day: date, kind: VitalKind, value: Decimal, seq: int) -> Vital:
    # What is stored was checked when it came; checking it again would cost more than reading it.
    return Vital.model_construct(day=day, kind=kind, value=value, unit=_UNITS[kind], seq=seq)
