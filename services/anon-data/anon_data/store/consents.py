"""Rows of ``consent``: what members agreed to, and the views by which everything else asks for it."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.readers import Token
from protocol.messages.consents import ConsentEntry, ConsentPurpose
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

metadata = sa.MetaData()
purpose_table = sa.Table(
    "consent_purpose",
    metadata,
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("counts_from", sa.SmallInteger, nullable=False),
)
consent = sa.Table(
    "consent",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("purpose", sa.Text, sa.ForeignKey("consent_purpose.purpose"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("version", sa.SmallInteger, nullable=False),
)
consenting = sa.table("consenting", sa.column("token", BYTEA), sa.column("purpose", sa.Text))
"""The view of consents that stand."""

_token, _purpose = sa.bindparam("token", type_=BYTEA), sa.bindparam("purpose", type_=sa.Text)
_HISTORIES = statement(
    sa.select(consent.c.purpose, consent.c.day, consent.c.given, consent.c.version)
    .where(consent.c.token == _token)
    .order_by(consent.c.purpose, consent.c.day.desc())
)
_insert = insert(consent).values(
    token=_token,
    purpose=_purpose,
    day=sa.bindparam("day", type_=sa.Date),
    given=sa.bindparam("given", type_=sa.Boolean),
    version=sa.bindparam("version", type_=sa.SmallInteger),
)
_PUT = statement(
    _insert.on_conflict_do_update(
        index_elements=[consent.c.token, consent.c.purpose, consent.c.day],
        set_={name: _insert.excluded[name] for name in ("given", "version")},
    )
)
_KEEP = statement(
    sa.delete(consent).where(
        consent.c.token == _token,
        consent.c.purpose == _purpose,
        consent.c.day != sa.all_(sa.bindparam("days", type_=ARRAY(sa.Date))),
    )
)


def agreed(token: "sa.ColumnElement[bytes]", purpose: ConsentPurpose) -> "sa.ColumnElement[bool]":
    """Return the condition that this token's consent to a purpose stands."""
    return sa.exists().where(consenting.c.token == token, consenting.c.purpose == sa.literal_column(f"'{purpose}'"))


async def histories(tx: Transaction, token: Token) -> dict[str, tuple[ConsentEntry, ...]]:
    """Return what was decided by purpose, the newest first."""
    rows = await _HISTORIES.all(tx, token=token)
    return {
        purpose: tuple(ConsentEntry(day=row["day"], given=row["given"], version=row["version"]) for row in found)
        for purpose, found in groupby(rows, key=lambda row: row["purpose"])
    }


async def put(tx: Transaction, token: Token, purpose: ConsentPurpose, history: Sequence[ConsentEntry]) -> None:
    """Write the newest decision of a history, and forget those that are no longer in it."""
    newest = history[0]
    await _PUT.execute(tx, token=token, purpose=purpose, day=newest.day, given=newest.given, version=newest.version)
    await _KEEP.execute(tx, token=token, purpose=purpose, days=_days(history))


def _days(history: Sequence[ConsentEntry]) -> list[date]:
    return [entry.day for entry in history]
