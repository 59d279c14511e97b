"""Rows of ``vital`` and ``vital_inbox``. Members write to the inbox alone; reads show both."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from chassis import once
from chassis.database import Record, Transaction, statement
from mailboxes.newest import Versioned
from mailboxes.readers import Token
from mailboxes.store.admission import Signed, admitting_to_write
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

# The arrays come from queries of their own so that the planner does not count their elements: it would plan each call anew for the
# few that there are, which costs as much as the call.
#
# Gives a row for each value that was newer than what is stored, and one without a day where the request is admitted and none was.
_PUT = """
WITH admitted AS ({admitted}), written AS (
    INSERT INTO vital_inbox AS found (token, day, kind, value, seq, source)
    SELECT :token, day, kind, value, seq, source
    FROM admitted, unnest((SELECT :day), (SELECT :kind), (SELECT :value), (SELECT :seq), (SELECT :source))
        AS given (day, kind, value, seq, source)
    WHERE NOT EXISTS (
        SELECT FROM vital AS folded
        WHERE (folded.token, folded.day, folded.kind) = (:token, given.day, given.kind) AND folded.seq >= given.seq
    )
    ON CONFLICT (token, day, kind) DO UPDATE SET value = excluded.value, seq = excluded.seq, source = excluded.source
    WHERE excluded.seq > found.seq
    RETURNING day, kind
)
SELECT day, kind FROM admitted LEFT JOIN written ON true
"""
_arrays = tuple(sa.bindparam(name, type_=ARRAY(inbox.c[name].type)) for name in _COLUMNS)
_PUT_OF_READER = tuple(admitting_to_write(slot, _PUT, _arrays) for slot in once.SLOTS)
_PUT_OF_TOKEN = statement(sa.text(_PUT.replace("{admitted}", "SELECT")).bindparams(_token, *_arrays))

_given = given(*(inbox.c[name] for name in _COLUMNS))
_insert = insert(inbox).from_select(["token", *_COLUMNS], sa.select(_token, *(_given.c[name] for name in _COLUMNS)))
_WRITE = statement(
    _insert.on_conflict_do_update(
        index_elements=[inbox.c.token, inbox.c.day, inbox.c.kind],
        set_={name: _insert.excluded[name] for name in ("value", "seq", "source")},
        where=_insert.excluded.seq > inbox.c.seq,
    )
)


async def on_days(tx: Transaction, token: Token, days: Collection[date]) -> dict[Key, Versioned[Said]]:
    """Return what is stored for these days."""
    return {
        (row["day"], _KINDS[row["kind"]]): Versioned(row["seq"], Said(row["value"], _SOURCE_NAMES[row["source"]]))
        for row in await _ON_DAYS.all(tx, token=token, days=list(days))
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
    await _WRITE.execute(tx, token=token, **_columns(changes))


async def put_of_reader(tx: Transaction, signed: Signed, changes: Mapping[Key, Versioned[Said]]) -> set[Key] | None:
    """Put what is newer than what is stored into the inbox, and return whose; None where the request is not admitted.

    The same statement decides that, and needs no transaction around it.
    """
    rows = await _PUT_OF_READER[signed.slot].all(tx, **signed.writing_parameters, **_columns(changes))
    return _keys(rows) if rows else None


async def put_of_token(tx: Transaction, token: Token, changes: Mapping[Key, Versioned[Said]]) -> set[Key]:
    """Do as `put_of_reader` for a request that was admitted before."""
    return _keys(await _PUT_OF_TOKEN.all(tx, token=token, **_columns(changes)))


def _columns(changes: Mapping[Key, Versioned[Said]]) -> dict[str, list[object]]:
    return {
        "day": [day for day, _ in changes],
        "kind": [VITALS[kind].number for _, kind in changes],
        "value": [version.value.value for version in changes.values()],
        "seq": [version.seq for version in changes.values()],
        "source": [_SOURCES[version.value.source] for version in changes.values()],
    }


def _keys(rows: Sequence[Record]) -> set[Key]:
    return {(day, _KINDS[number]) for day, number in rows if day is not None}


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
