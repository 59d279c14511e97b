"""A reservation in one statement, ``reserve_order`` in the migrations: what is asked for most often is not asked for in seven."""

from dataclasses import dataclass
from typing import Any, Literal, cast

import sqlalchemy as sa
from chassis import once
from chassis.database import Transaction, statement
from mailboxes.store.admission import Signed, admitting_to_write
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from programs.store.orders import Stored
from programs.store.point_requests import Answered

Outcome = Literal["done", "points", "name", "units", "answered"]
"""Done, or why nothing was done: too little of something, an order's id that is another's, a key that was answered before."""
_ARGUMENTS: "dict[str, sa.types.TypeEngine[Any]]" = {
    "token": BYTEA(),
    "id": BYTEA(),
    "supplier": sa.Text(),
    "kind": sa.Text(),
    "points": sa.Integer(),
    "products": ARRAY(BYTEA),
    "units": ARRAY(sa.Integer),
    "prices": ARRAY(sa.Integer),
    "until": sa.Date(),
    "day": sa.Date(),
    "reply_key": BYTEA(),
    "key": BYTEA(),
    "fingerprint": BYTEA(),
    "answer": sa.Text(),
}
_CALL = f"reserve_order({', '.join(f':{name}' for name in _ARGUMENTS)})"
_binds = tuple(sa.bindparam(name, type_=kind) for name, kind in _ARGUMENTS.items())
_OF_READER = tuple(
    # In the list, not in FROM: there it might be called before it is known whether the request is admitted.
    admitting_to_write(slot, f"WITH admitted AS ({{admitted}}) SELECT {_CALL} FROM admitted", _binds[1:])  # noqa: S608  # our own words
    for slot in once.SLOTS
)
_OF_TOKEN = statement(sa.text(f"SELECT {_CALL}").bindparams(*_binds))


@dataclass(frozen=True)
class Wanted:
    """An order to be reserved, the key of the request, and what it is to be answered."""

    made: Stored
    reply_key: bytes | None
    """To which a supplier of vouchers seals."""
    key: bytes
    answered: Answered

    @property
    def parameters(self) -> dict[str, object]:
        """The function's arguments."""
        made = self.made
        # In one order for everybody, so that no two orders wait for each other's units.
        lines = sorted(made.lines, key=lambda line: line.product)
        return {
            "token": made.token,
            "id": made.id,
            "supplier": made.supplier,
            "kind": made.kind,
            "points": made.points,
            "products": [line.product for line in lines],
            "units": [line.units for line in lines],
            "prices": [line.points for line in lines],
            "until": made.until,
            "day": made.day,
            "reply_key": self.reply_key,
            "key": self.key,
            "fingerprint": self.answered.fingerprint,
            "answer": self.answered.answer,
        }


async def reserve_of_reader(tx: Transaction, signed: Signed, wanted: Wanted) -> Outcome | None:
    """Write an order whose points and units are held, and what was answered to its key, in the scope ``reserve``; all or nothing.

    None where the request is not admitted. The same statement decides that, and needs no transaction around it.
    """
    given = {**signed.writing_parameters, **wanted.parameters}
    return cast("Outcome | None", await _OF_READER[signed.slot].scalar(tx, **given))


async def reserve(tx: Transaction, wanted: Wanted) -> Outcome:
    """Do as `reserve_of_reader` for a request that was admitted before."""
    return cast("Outcome", await _OF_TOKEN.scalar(tx, **wanted.parameters))
