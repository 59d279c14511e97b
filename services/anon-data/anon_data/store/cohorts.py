"""Rows of ``cohort``."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from protocol.messages.cohorts import RegisterCohort, RegisteredCohort
from sqlalchemy.dialects.postgresql import BYTEA

metadata = sa.MetaData()
cohort = sa.Table(
    "cohort",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("registered_by", sa.Text, nullable=False),
    sa.Column("registrant", BYTEA, nullable=False),
    sa.Column("registered", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided", sa.Date),
)

_REGISTER = statement(
    sa.insert(cohort).values(
        state="proposed",
        **{
            column.name: sa.bindparam(column.name, type_=column.type)
            for column in cohort.columns
            if column.name not in {"state", "decided_by", "decided"}
        },
    )
)
_EVERY = statement(
    sa.select(cohort).order_by(cohort.c.state != "proposed", cohort.c.registered.desc(), cohort.c.name, cohort.c.version)
)
_DECIDE = statement(
    sa.update(cohort)
    .where(
        cohort.c.name == sa.bindparam("called", type_=sa.Text),
        cohort.c.version == sa.bindparam("numbered", type_=sa.SmallInteger),
        cohort.c.state == "proposed",
        cohort.c.registrant != sa.bindparam("person", type_=BYTEA),
        cohort.c.registered_by != sa.bindparam("who", type_=sa.Text),
    )
    .values(
        state=sa.bindparam("to", type_=sa.Text),
        decided_by=sa.bindparam("who", type_=sa.Text),
        decided=sa.bindparam("day", type_=sa.Date),
    )
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A version of a cohort, and the person who registered it."""

    shown: RegisteredCohort
    registrant: bytes


async def hold(tx: Transaction) -> None:
    """Keep others who register or decide waiting until the transaction ends: what may be asked follows from all there are."""
    await tx.lock("cohorts")


async def every(tx: Transaction) -> list[Registered]:
    """Return all versions: those to be decided first, then the newest."""
    return [_registered(row) for row in await _EVERY.all(tx)]


async def register(tx: Transaction, asked: RegisterCohort, version: int, who: str, person: bytes, day: date) -> None:
    """Insert a version."""
    content = asked.model_dump_json()
    fields = {"name": asked.name, "version": version, "content": content, "registered_by": who}
    await _REGISTER.execute(tx, **fields, registrant=person, registered=day)


async def decide(tx: Transaction, named: str, who: str, person: bytes, day: date, *, approved: bool) -> bool:
    """Write how a cohort was decided; False where it was decided before, or by whoever registered it."""
    name, _, version = named.partition(":")
    fields = {"called": name, "numbered": int(version), "who": who, "person": person, "day": day}
    return await _DECIDE.execute(tx, **fields, to="approved" if approved else "refused") == 1


def _registered(row: Record) -> Registered:
    asked = RegisterCohort.model_validate_json(row["content"])
    said = {name: row[name] for name in ("state", "registered_by", "registered", "decided_by", "decided")}
    named = f"{row['name']}:{row['version']}"
    return Registered(RegisteredCohort(cohort=named, among=asked.among, purpose=asked.purpose, **said), bytes(row["registrant"]))
