"""Rows of ``step_day`` and ``step_day_inbox``. Members write to the inbox alone; reads show both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.newest import Versioned
from mailboxes.readers import Token
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
_INSTALLS = statement(
    sa.union(*(sa.select(table.c.install).where(table.c.token == _token, table.c.day >= _first) for table in (inbox, step_day)))
)
# What contests count follows later: that it has to be made anew is written down by the statement that changes it.
_WRITE = statement(
    sa.text(
        """
        WITH written AS (
            INSERT INTO step_day_inbox AS kept (token, install, day, steps, manual_steps, seq)
            SELECT :token, :install, day, steps, manual_steps, seq
            FROM unnest(:days, :steps, :manual_steps, :seqs) AS given (day, steps, manual_steps, seq)
            ON CONFLICT (token, install, day) DO UPDATE
            SET steps = excluded.steps, manual_steps = excluded.manual_steps, seq = excluded.seq
            WHERE excluded.seq > kept.seq
            RETURNING day
        )
        INSERT INTO step_change (token, day, mark)
        SELECT :token, day, uuid_send(gen_random_uuid()) FROM written
        WHERE EXISTS (SELECT FROM entry WHERE entry.token = :token)
        """
    ).bindparams(
        _token,
        _install,
        _days,
        *(sa.bindparam(name, type_=ARRAY(sa.Integer)) for name in ("steps", "manual_steps")),
        sa.bindparam("seqs", type_=ARRAY(sa.BigInteger)),
    )
)
_SOURCE = statement(sa.select(step_source.c.install).where(step_source.c.token == _token))
_CHOOSE = statement(
    insert(step_source)
    .values(token=_token, install=_install)
    .on_conflict_do_update(index_elements=[step_source.c.token], set_={"install": _install})
)
_FORGET_SOURCE = statement(sa.delete(step_source).where(step_source.c.token == _token))


async def of_install(tx: Transaction, token: Token, install: bytes, days: Sequence[date]) -> dict[date, Versioned[Counted]]:
    """Return what one installation wrote for these days."""
    rows = await _OF_INSTALL.all(tx, token=token, install=install, days=days)
    return {row["day"]: Versioned(row["seq"], Counted(row["steps"], row["manual_steps"])) for row in rows}


async def installs(tx: Transaction, token: Token, first: date) -> set[bytes]:
    """Return the installations that wrote a total of this day or a later one."""
    return {row["install"] for row in await _INSTALLS.all(tx, token=token, first=first)}


async def totals(tx: Transaction, token: Token, since: date, until: date) -> tuple[StepDay, ...]:
    """Return each day's total from ``since`` to ``until``, both included: of the chosen installation, or else the largest."""
    rows = await _TOTALS.all(tx, token=token, since=since, until=until)
    # What is stored was checked when it came.
    return tuple(StepDay.model_construct(**dict(row)) for row in rows)


async def write(tx: Transaction, token: Token, install: bytes, changes: Mapping[date, Versioned[Counted]]) -> None:
    """Put newer totals into the inbox."""
    await _WRITE.execute(
        tx,
        token=token,
        install=install,
        days=list(changes),
        steps=[version.value.steps for version in changes.values()],
        manual_steps=[version.value.manual_steps for version in changes.values()],
        seqs=[version.seq for version in changes.values()],
    )


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
