"""Rows of ``analysis_export``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from analysis.sheets import Sheet
from chassis.database import Record, Transaction, statement
from protocol.messages.exports import AskExport, Export
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import BYTEA, insert

metadata = sa.MetaData()
export = sa.Table(
    "analysis_export",
    metadata,
    sa.Column("id", BYTEA, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("sheet", sa.Text, nullable=False),
    sa.Column("snapshot", sa.Text, nullable=False),
    sa.Column("definitions", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asker", BYTEA, nullable=False),
    sa.Column("asked", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided", sa.Date),
    sa.Column("taken_by", sa.Text),
    sa.Column("taken", sa.Date),
)

_LATER = ("decided_by", "decided", "taken_by", "taken")
_SAID = ("snapshot", "definitions", "asked_by", "asked", "state", *_LATER)
_shown = (export.c.content, *(export.c[name] for name in _SAID))
_id, _who, _day = sa.bindparam("name", type_=BYTEA), sa.bindparam("who", type_=sa.Text), sa.bindparam("day", type_=sa.Date)
_ASK = statement(
    insert(export)
    .values(
        state="asked",
        **{
            column.name: sa.bindparam(column.name, type_=column.type)
            for column in export.columns
            if column.name not in {"state", *_LATER}
        },
    )
    .on_conflict_do_nothing()
)
_FIND = statement(sa.select(*_shown, export.c.sheet).where(export.c.id == _id))
_LISTED = statement(
    sa.select(*_shown)
    .order_by(export.c.state != "asked", export.c.asked.desc(), export.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_DECIDE = statement(
    sa.update(export)
    .where(
        export.c.id == _id,
        export.c.state == "asked",
        export.c.asker != sa.bindparam("person", type_=BYTEA),
        export.c.asked_by != _who,
    )
    .values(state=sa.bindparam("to", type_=sa.Text), decided_by=_who, decided=_day)
)
_TAKE = statement(
    sa.update(export)
    .where(export.c.id == _id, export.c.state == "approved", export.c.taken.is_(None))
    .values(taken_by=_who, taken=_day)
)
_SHEET = TypeAdapter(Sheet)


@dataclass(frozen=True, slots=True)
class Kept:
    """An export, and what leaves by it."""

    export: Export
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, of what snapshot and by which definitions."""

    sheet: Sheet
    snapshot: str
    definitions: str


async def ask(tx: Transaction, asked: AskExport, answered: Answered, who: str, person: bytes, day: date) -> None:
    """Insert an export, unless there is one of its id."""
    fields = {"content": asked.model_dump_json(), "sheet": _SHEET.dump_json(answered.sheet).decode(), "asked_by": who}
    said = {"snapshot": answered.snapshot, "definitions": answered.definitions, "asker": person, "asked": day}
    await _ASK.execute(tx, id=bytes.fromhex(asked.id), **fields, **said)


async def find(tx: Transaction, name: str) -> Kept | None:
    """Return an export with what leaves by it."""
    row = await _FIND.one_or_none(tx, name=bytes.fromhex(name))
    return None if row is None else Kept(_export(row), _SHEET.validate_json(row["sheet"]))


async def listed(tx: Transaction, most: int) -> Sequence[Export]:
    """Return exports: those to be decided first, then the newest."""
    return [_export(row) for row in await _LISTED.all(tx, most=most)]


async def decide(tx: Transaction, name: str, who: str, person: bytes, day: date, *, approved: bool) -> bool:
    """Write how an export was decided; False where it was decided before, or by whoever asked."""
    fields = {"name": bytes.fromhex(name), "who": who, "person": person, "day": day}
    return await _DECIDE.execute(tx, **fields, to="approved" if approved else "refused") == 1


async def take(tx: Transaction, name: str, who: str, day: date) -> None:
    """Write who takes an approved file, if nobody did before."""
    await _TAKE.execute(tx, name=bytes.fromhex(name), who=who, day=day)


def _export(row: Record) -> Export:
    asked = AskExport.model_validate_json(row["content"])
    said = {name: row[name] for name in _SAID}
    return Export(id=asked.id, of=asked.of, form=asked.form, purpose=asked.purpose, **said)
