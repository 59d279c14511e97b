"""Rows of ``point_rule``, ``point_run`` and ``point_fact``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.store.given import given
from protocol.messages.point_rules import PointFact, Rule, RuleVersion
from sqlalchemy.dialects.postgresql import BYTEA, insert

metadata = sa.MetaData()
rule_table = sa.Table(
    "point_rule",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
run_table = sa.Table(
    "point_run",
    metadata,
    sa.Column("id", BYTEA, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("version", sa.SmallInteger, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
)
fact = sa.Table(
    "point_fact",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("fiscal_year", sa.SmallInteger, primary_key=True, autoincrement=False),
)

_NEWEST = statement(sa.text("SELECT DISTINCT ON (id) id, version, content FROM point_rule ORDER BY id, version DESC"))
_PUT = statement(
    sa.insert(rule_table).values(**{column.name: sa.bindparam(column.name, type_=column.type) for column in rule_table.columns})
)
_RUNS = statement(
    sa.select(run_table.c.id, run_table.c.version, run_table.c.first, run_table.c.last, run_table.c.day, run_table.c.done).where(
        run_table.c.rule == sa.bindparam("rule", type_=sa.Text)
    )
)
_BEGIN = statement(
    sa.insert(run_table).values(
        **{column.name: sa.bindparam(column.name, type_=column.type) for column in run_table.columns if column.name != "done"},
        done=False,
    )
)
_FINISH = statement(sa.update(run_table).where(run_table.c.id == sa.bindparam("run", type_=BYTEA)).values(done=True))
_facts = given(*fact.columns)
_KEEP = statement(
    insert(fact)
    .from_select(
        ["token", "kind", "fiscal_year"],
        sa.select(_facts.c.token, _facts.c.kind, _facts.c.fiscal_year).order_by(
            _facts.c.token, _facts.c.kind, _facts.c.fiscal_year
        ),
    )
    .on_conflict_do_nothing()
)
_DROP = statement(
    sa.delete(fact).where(
        sa.tuple_(fact.c.token, fact.c.kind, fact.c.fiscal_year).in_(sa.select(_facts.c.token, _facts.c.kind, _facts.c.fiscal_year))
    )
)


@dataclass(frozen=True)
class Run:
    """A run of a rule."""

    id: bytes
    version: int
    first: date
    last: date
    day: date
    done: bool


async def newest(tx: Transaction) -> dict[str, RuleVersion]:
    """Return the newest version of every rule, by id."""
    return {row["id"]: _read(row) for row in await _NEWEST.all(tx)}


async def put(tx: Transaction, version: RuleVersion, day: date) -> None:
    """Insert a version."""
    await _PUT.execute(tx, id=version.id, version=version.version, content=version.rule.model_dump_json(), day=day)


async def runs(tx: Transaction, rule: str) -> list[Run]:
    """Return the runs of a rule."""
    return [Run(**dict(row)) for row in await _RUNS.all(tx, rule=rule)]


async def begin(tx: Transaction, rule: str, run: Run) -> None:
    """Insert a run that has granted nothing."""
    await _BEGIN.execute(tx, id=run.id, rule=rule, version=run.version, first=run.first, last=run.last, day=run.day)


async def finish(tx: Transaction, run: bytes) -> None:
    """Say that a run has granted everything."""
    await _FINISH.execute(tx, run=run)


async def keep_facts(tx: Transaction, rows: Sequence[PointFact]) -> int:
    """Insert facts, and return how many are new."""
    return await _KEEP.execute(tx, **_arrays(rows))


async def drop_facts(tx: Transaction, rows: Sequence[PointFact]) -> int:
    """Delete facts, and return how many were there."""
    return await _DROP.execute(tx, **_arrays(rows))


def _arrays(rows: Sequence[PointFact]) -> dict[str, object]:
    return {
        "token": [row.token for row in rows],
        "kind": [row.kind for row in rows],
        "fiscal_year": [row.fiscal_year for row in rows],
    }


def _read(row: Record) -> RuleVersion:
    return RuleVersion(id=row["id"], version=row["version"], rule=Rule.model_validate_json(row["content"]))
