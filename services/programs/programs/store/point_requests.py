"""Rows of ``point_request``: what was answered to a key, so that no request is done twice."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA

from programs.store.point_tables import request

_KEY = {name: sa.bindparam(name, type_=request.c[name].type) for name in ("token", "scope", "key")}
_FIND = statement(
    sa.select(request.c.fingerprint, request.c.answer).where(*(request.c[name] == value for name, value in _KEY.items()))
)
_PUT = statement(
    sa.insert(request).values(
        **_KEY,
        fingerprint=sa.bindparam("fingerprint", type_=BYTEA),
        answer=sa.bindparam("answer", type_=sa.Text),
        day=sa.bindparam("day", type_=sa.Date),
    )
)


@dataclass(frozen=True)
class Answered:
    """What was asked with a key, and what was said to it."""

    fingerprint: bytes
    answer: str


async def find(tx: Transaction, token: bytes, scope: str, key: bytes) -> Answered | None:
    """Return what was answered to this key, if anything was."""
    row = await _FIND.one_or_none(tx, token=token, scope=scope, key=key)
    return None if row is None else Answered(row["fingerprint"], row["answer"])


async def put(tx: Transaction, token: bytes, scope: str, key: bytes, answered: Answered, day: date) -> None:
    """Remember an answer; whoever finds none and puts one holds the member's mailbox meanwhile."""
    await _PUT.execute(tx, token=token, scope=scope, key=key, fingerprint=answered.fingerprint, answer=answered.answer, day=day)
