"""Rows of ``step_day`` and ``step_day_inbox``. Members write to the inbox alone; reads show both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from chassis import once
from chassis.database import Record, Transaction, statement
from mailboxes.newest import Versioned
from mailboxes.readers import Token
from mailboxes.store.admission import Signed, admitting_to_write
from protocol.messages.steps import StepDay
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, distinct_on, insert

metadata = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("install", BYTEA, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("manual_steps", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )


step_day = _table("step_day")
inbox = _table("step_day_inbox")
step_source = sa.Table(
    "step_source", metadata, sa.Column("token", BYTEA, primary_key=True), sa.Column("install", BYTEA, nullable=False)
)

_token, _install = sa.bindparam("token", type_=BYTEA), sa.bindparam("install", type_=BYTEA)
_since, _until = sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)
_days = sa.bindparam("days", type_=ARRAY(sa.Date))
_first = sa.bindparam("first", type_=sa.Date)
_COLUMNS = ("day", "steps", "manual_steps", "seq")


@dataclass(frozen=True)
class Counted:
    """What one installation counted on a day."""

    steps: int
    manual_steps: int


@dataclass(frozen=True)
class Written:
    """What one installation writes."""

    install: bytes
    changes: Mapping[date, Versioned[Counted]]
    first: date
    """Of the days that may be written."""
    most: int
    """Installations that may have totals of these days beside each other."""

    @property
    def parameters(self) -> dict[str, object]:
        """The values for the statement that writes them."""
        return {
            "install": self.install,
            "first": self.first,
            "most": self.most,
            "days": list(self.changes),
            "steps": [version.value.steps for version in self.changes.values()],
            "manual_steps": [version.value.manual_steps for version in self.changes.values()],
            "seqs": [version.seq for version in self.changes.values()],
        }


def _both(condition: Callable[[sa.Table], sa.ColumnElement[bool]]) -> sa.Subquery:
    """Return the newest row of each key: an inbox row is always newer than the folded one."""
    newer = sa.exists(sa.select(1).where(*(inbox.c[name] == step_day.c[name] for name in ("token", "install", "day"))))
    recent, folded = (
        sa.select(table.c.install, *(table.c[name] for name in _COLUMNS)).where(table.c.token == _token, condition(table))
        for table in (inbox, step_day)
    )
    return sa.union_all(recent, folded.where(~newer)).subquery("both")


_of_install = _both(lambda table: sa.and_(table.c.install == _install, table.c.day == sa.any_(_days)))
_OF_INSTALL = statement(sa.select(*(_of_install.c[name] for name in _COLUMNS)))

_between = _both(lambda table: table.c.day.between(_since, _until))
_chosen = sa.exists().where(step_source.c.token == _token, step_source.c.install == _between.c.install)
_TOTALS = statement(
    # Never a sum: two installations count the same steps. The chosen one comes first, then the one with the most.
    sa.select(
        _between.c.day,
        _between.c.steps,
        _between.c.manual_steps,
        sa.func.max(_between.c.seq).over(partition_by=_between.c.day).label("seq"),
    )
    .ext(distinct_on(_between.c.day))
    .order_by(_between.c.day, _chosen.desc(), (_between.c.steps + _between.c.manual_steps).desc(), _between.c.steps.desc())
)
# Whether there is room is asked last, and where it has to be looked for by a statement of its own. What contests count follows
# later: that it has to be made anew is written down by the statement that changes it.
_PUT = """
WITH admitted AS ({admitted}), written AS (
    INSERT INTO step_day_inbox AS found (token, install, day, steps, manual_steps, seq)
    SELECT :token, :install, given.day, given.steps, given.manual_steps, given.seq
    FROM admitted, unnest(:days, :steps, :manual_steps, :seqs) AS given (day, steps, manual_steps, seq)
    WHERE NOT EXISTS (
        SELECT FROM step_day AS folded
        WHERE folded.token = :token AND folded.install = :install AND folded.day >= :first
            AND folded.day = given.day AND folded.seq >= given.seq
    ) AND (
        EXISTS (SELECT FROM step_day_inbox WHERE token = :token AND install = :install AND day >= :first)
        OR (SELECT has_room(:token, :install, :first, :most))
    )
    ON CONFLICT (token, install, day) DO UPDATE
    SET steps = excluded.steps, manual_steps = excluded.manual_steps, seq = excluded.seq
    WHERE excluded.seq > found.seq
    RETURNING day
), queued AS (
    INSERT INTO step_change (token, day, mark)
    SELECT :token, day, uuid_send(gen_random_uuid()) FROM written WHERE takes_part(:token)
)
SELECT written.day FROM admitted LEFT JOIN written ON true
"""
_binds: "tuple[sa.BindParameter[Any], ...]" = (
    _install,
    _days,
    _first,
    sa.bindparam("most", type_=sa.Integer),
    *(sa.bindparam(name, type_=ARRAY(sa.Integer)) for name in ("steps", "manual_steps")),
    sa.bindparam("seqs", type_=ARRAY(sa.BigInteger)),
)
_PUT_OF_READER = tuple(admitting_to_write(slot, _PUT, _binds) for slot in once.SLOTS)
_PUT_OF_TOKEN = statement(sa.text(_PUT.replace("{admitted}", "SELECT")).bindparams(_token, *_binds))
_SOURCE = statement(sa.select(step_source.c.install).where(step_source.c.token == _token))
_CHOOSE = statement(
    insert(step_source)
    .values(token=_token, install=_install)
    .on_conflict_do_update(index_elements=[step_source.c.token], set_={"install": _install})
)
_FORGET_SOURCE = statement(sa.delete(step_source).where(step_source.c.token == _token))


async def of_install(tx: Transaction, token: bytes, install: bytes, days: Sequence[date]) -> dict[date, Versioned[Counted]]:
    """Return what one installation wrote for these days."""
    rows = await _OF_INSTALL.all(tx, token=token, install=install, days=days)
    return {row["day"]: Versioned(row["seq"], Counted(row["steps"], row["manual_steps"])) for row in rows}


async def totals(tx: Transaction, token: Token, since: date, until: date) -> tuple[StepDay, ...]:
    """Return each day's total from ``since`` to ``until``, both included: of the chosen installation, or else the largest."""
    rows = await _TOTALS.all(tx, token=token, since=since, until=until)
    # What is stored was checked when it came.
    return tuple(StepDay.model_construct(**dict(row)) for row in rows)


async def put_of_reader(tx: Transaction, signed: Signed, said: Written) -> set[date] | None:
    """Put what is newer than what is stored into the inbox and return its days; None where the request is not admitted.

    The same statement decides that, and needs no transaction around it.
    """
    rows = await _PUT_OF_READER[signed.slot].all(tx, **signed.writing_parameters, **said.parameters)
    return _days_of(rows) if rows else None


async def put_of_token(tx: Transaction, token: Token, said: Written) -> set[date]:
    """Do as `put_of_reader` for a request that was admitted before."""
    return _days_of(await _PUT_OF_TOKEN.all(tx, token=token, **said.parameters))


async def source(tx: Transaction, token: Token) -> bytes | None:
    """Return the installation that the member chose."""
    found: bytes | None = await _SOURCE.scalar(tx, token=token)
    return found


async def choose(tx: Transaction, token: Token, install: bytes | None) -> None:
    """Let this installation count, or again the largest total."""
    if install is None:
        await _FORGET_SOURCE.execute(tx, token=token)
    else:
        await _CHOOSE.execute(tx, token=token, install=install)


def _days_of(rows: Sequence[Record]) -> set[date]:
    return {day for (day,) in rows if day is not None}
