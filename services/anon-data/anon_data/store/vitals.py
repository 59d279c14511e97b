"""Rows of ``vital`` and ``vital_inbox``. Members write to the inbox alone; reads show both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.newest import Versioned
from mailboxes.readers import Token
from mailboxes.store.given import given
from protocol.messages.records import DeletedVital, Vital, Vitals
from protocol.vitals import VITALS, VitalKind, VitalSource
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

Key = tuple[date, VitalKind]

_KINDS = {kind.number: name for name, kind in VITALS.items()}
_SOURCES: dict[VitalSource, int] = {"typed": 1, "device": 2}
_SOURCE_NAMES = {number: source for source, number in _SOURCES.items()}


class Said(NamedTuple):
    """What was written about a day and kind: a value, or that there is none any more."""

    value: Decimal | None
    source: VitalSource


metadata = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.SmallInteger, primary_key=True),
        sa.Column("value", sa.Numeric),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("source", sa.SmallInteger, nullable=False),
    )


vital = _table("vital")
inbox = _table("vital_inbox")

_COLUMNS = ("day", "kind", "value", "seq", "source")


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
        set_={name: _insert.excluded[name] for name in ("value", "seq", "source")},
        where=_insert.excluded.seq > inbox.c.seq,
    )
)


async def on_days(tx: Transaction, token: Token, days: Sequence[date]) -> dict[Key, Versioned[Said]]:
    """Return what is stored for these days."""
    return {
        (row["day"], _KINDS[row["kind"]]): Versioned(row["seq"], Said(row["value"], _SOURCE_NAMES[row["source"]]))
        for row in await _ON_DAYS.all(tx, token=token, days=days)
    }


async def between(tx: Transaction, token: Token, since: date, until: date) -> Vitals:
    """Return the values from ``since`` to ``until``, both included, by day and kind."""
    rows = await _BETWEEN.all(tx, token=token, since=since, until=until)
    return Vitals.model_construct(
        items=tuple(_vital(row) for row in rows if row["value"] is not None),
        deleted=tuple(_deleted(row) for row in rows if row["value"] is None),
    )


async def write(tx: Transaction, token: Token, changes: Mapping[Key, Versioned[Said]]) -> None:
    """Put what is newer into the inbox."""
    await _WRITE.execute(
        tx,
        token=token,
        day=[day for day, _ in changes],
        kind=[VITALS[kind].number for _, kind in changes],
        value=[version.value.value for version in changes.values()],
        seq=[version.seq for version in changes.values()],
        source=[_SOURCES[version.value.source] for version in changes.values()],
    )


def _vital(row: Record) -> Vital:
    # What is stored was checked when it came; checking it again would cost more than reading it.
    kind = _KINDS[row["kind"]]
    return Vital.model_construct(
        day=row["day"],
        kind=kind,
        value=row["value"],
        unit=VITALS[kind].unit,
        seq=row["seq"],
        source=_SOURCE_NAMES[row["source"]],
    )


def _deleted(row: Record) -> DeletedVital:
    return DeletedVital.model_construct(day=row["day"], kind=_KINDS[row["kind"]], seq=row["seq"])
