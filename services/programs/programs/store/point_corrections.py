"""Rows of ``point_case`` and ``point_correction``."""

from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.point_corrections import Correction, ProposeCorrection
from sqlalchemy.dialects.postgresql import BYTEA, insert

from programs.store.point_tables import case, correction

_id, _day = sa.bindparam("id", type_=BYTEA), sa.bindparam("day", type_=sa.Date)
_SHOWN = tuple(correction.c[name] for name in Correction.model_fields)
_case = insert(case).values(token=sa.bindparam("token", type_=BYTEA), id=_id, day=_day)
_PUT_CASE = statement(
    _case.on_conflict_do_update(index_elements=[case.c.token], set_={"id": _case.excluded.id, "day": _case.excluded.day})
)
_WHOSE = statement(
    sa.text("SELECT token FROM point_case WHERE id = :id UNION ALL SELECT token FROM exchange_orders WHERE id = :id").bindparams(
        _id
    )
)
_PROPOSE = statement(
    insert(correction)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in correction.columns})
    .on_conflict_do_nothing()
)
_FIND = statement(sa.select(*_SHOWN, correction.c.proposer).where(correction.c.id == _id).with_for_update())
_DECIDE = statement(
    sa.update(correction)
    .where(correction.c.id == sa.bindparam("name", type_=BYTEA))
    .values(
        state=sa.bindparam("to", type_=sa.Text),
        decided_by=sa.bindparam("who", type_=sa.Text),
        decided=_day,
    )
)
_LISTED = statement(
    sa.select(*_SHOWN)
    .order_by(correction.c.state != "proposed", correction.c.proposed.desc(), correction.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


async def put_case(tx: Transaction, token: bytes, name: bytes, day: date) -> None:
    """Write by what name a member asks the office."""
    await _PUT_CASE.execute(tx, token=token, id=name, day=day)


async def whose(tx: Transaction, about: bytes) -> bytes | None:
    """Return whose case or order has this name."""
    found = await _WHOSE.all(tx, id=about)
    return bytes(found[0]["token"]) if found else None


async def propose(tx: Transaction, asked: ProposeCorrection, who: str, person: bytes, day: date) -> bool:
    """Insert a proposal; False where its id is there."""
    fields = {**asked.model_dump(), "proposed_by": who, "proposer": person, "proposed": day}
    return await _PROPOSE.execute(tx, **fields, state="proposed", decided_by=None, decided=None) == 1


async def find(tx: Transaction, name: bytes) -> tuple[Correction, bytes] | None:
    """Return a correction, which nobody else decides until the transaction ends, and who proposed it."""
    row = await _FIND.one_or_none(tx, id=name)
    if row is None:
        return None
    fields = dict(row)
    person = bytes(fields.pop("proposer"))
    return Correction.model_validate(fields), person


async def decide(tx: Transaction, name: bytes, who: str, day: date, *, approved: bool) -> None:
    """Write how a proposal was decided."""
    await _DECIDE.execute(tx, name=name, to="approved" if approved else "declined", who=who, day=day)


async def listed(tx: Transaction, most: int) -> list[Correction]:
    """Return corrections: those to be decided first, then the newest."""
    return [Correction.model_validate(dict(row)) for row in await _LISTED.all(tx, most=most)]
