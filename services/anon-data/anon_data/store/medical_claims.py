"""Rows of ``medical_claim`` and its lines: in by COPY, out by one statement a member."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import BYTEA

from anon_data.fates import Stored

ClaimKey = tuple[bytes, bytes]
"""Token, claim."""
ClaimRecord = tuple[date, int, int, int, int, bool, bool, bytes, bytes, bytes, bytes | None]
DiagnosisRecord = tuple[bool, bytes, bytes, str, date, int, int]
DrugRecord = tuple[bytes, bytes, str, Decimal | None]

metadata = sa.MetaData()
claim = sa.Table(
    "medical_claim",
    metadata,
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("own_payment", sa.Integer, nullable=False),
    sa.Column("days", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("inpatient", sa.Boolean, nullable=False),
    sa.Column("estimated", sa.Boolean, nullable=False),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("claim", BYTEA, primary_key=True),
    sa.Column("content", BYTEA, nullable=False),
    sa.Column("details", BYTEA),
)
diagnosis = sa.Table(
    "medical_claim_diagnosis",
    metadata,
    sa.Column("main", sa.Boolean, nullable=False),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("claim", BYTEA, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("bearers", sa.SmallInteger, nullable=False),
)
drug = sa.Table(
    "medical_claim_drug",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("claim", BYTEA, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("amount", sa.Numeric),
)

_KEY = ("token", "claim")
_given = given(*(claim.c[name] for name in _KEY))


def _is_given(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == _given.c[name] for name in _KEY))


_STORED = statement(
    sa.select(
        *(claim.c[name] for name in _KEY), claim.c.content, sa.func.sha256(claim.c.details).label("details_hash")
    ).select_from(_given.join(claim, _is_given(claim)))
)
_DELETE = statement(sa.delete(claim).where(_is_given(claim)))
_DELETE_LINES = [statement(sa.delete(table).where(_is_given(table))) for table in (diagnosis, drug)]

_token = sa.bindparam("token", type_=BYTEA)
_since, _until = sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)


def _lines(table: sa.Table, column: str) -> sa.ScalarSelect[object]:
    """Return a column of a claim's lines as an array, in the order of their codes."""
    ordered = sa.func.array_agg(sa.text(f"{table.name}.{column} ORDER BY {table.name}.code"))
    return (
        sa.select(ordered)
        .select_from(table)
        .where(table.c.token == claim.c.token, table.c.claim == claim.c.claim)
        .correlate(claim)
        .scalar_subquery()
    )


_page = sa.select(
    *(claim.c[name] for name in ("claim", "month", "kind", "inpatient", "days", "points", "own_payment", "estimated", "details")),
    _lines(diagnosis, "code").label("diagnoses"),
    _lines(diagnosis, "main").label("mains"),
    _lines(drug, "code").label("drugs"),
    _lines(drug, "amount").label("amounts"),
).where(claim.c.token == _token)
_in_months = _page.where(claim.c.month.between(_since, _until)).order_by(claim.c.month.desc(), claim.c.kind, claim.c.claim)
_with_drugs = sa.exists().where(drug.c.token == claim.c.token, drug.c.claim == claim.c.claim)
_BETWEEN = statement(_in_months)
_DISPENSED = statement(_in_months.where(_with_drugs))
_ONE = statement(_page.where(claim.c.claim == sa.bindparam("claim", type_=BYTEA)))
_COSTS = statement(
    sa.select(
        claim.c.month,
        claim.c.kind,
        sa.func.count().label("claims"),
        sa.func.sum(claim.c.points).label("points"),
        sa.func.sum(claim.c.own_payment).label("own_payment"),
        sa.func.bool_or(claim.c.estimated).label("estimated"),
    )
    .where(claim.c.token == _token, claim.c.month.between(_since, _until))
    .group_by(claim.c.month, claim.c.kind)
    .order_by(claim.c.month, claim.c.kind)
)


async def stored(tx: Transaction, keys: Sequence[ClaimKey]) -> dict[ClaimKey, Stored]:
    """Return the hashes of those claims that are there."""
    rows = await _STORED.all(tx, **_arrays(keys))
    return {(row["token"], row["claim"]): Stored(row["content"], row["details_hash"]) for row in rows}


async def delete(tx: Transaction, keys: Sequence[ClaimKey]) -> int:
    """Delete these claims, but not their lines, and return how many there were."""
    return await _DELETE.execute(tx, **_arrays(keys))


async def delete_lines(tx: Transaction, keys: Sequence[ClaimKey]) -> None:
    """Delete the lines of these claims."""
    for one in _DELETE_LINES:
        await one.execute(tx, **_arrays(keys))


async def insert(
    tx: Transaction, claims: Sequence[ClaimRecord], diagnoses: Sequence[DiagnosisRecord], drugs: Sequence[DrugRecord]
) -> None:
    """Append claims and their lines, in the order given."""
    for table, rows in ((claim, claims), (diagnosis, diagnoses), (drug, drugs)):
        await tx.copy(table, [column.name for column in table.columns], rows)


async def between(tx: Transaction, token: Token, since: date, until: date) -> list[Record]:
    """Return the claims of these months with their lines, the newest month first."""
    return await _BETWEEN.all(tx, token=token, since=since, until=until)


async def dispensed(tx: Transaction, token: Token, since: date, until: date) -> list[Record]:
    """Do as `between` for those with drugs."""
    return await _DISPENSED.all(tx, token=token, since=since, until=until)


async def one(tx: Transaction, token: Token, name: bytes) -> Record | None:
    """Return one claim with its lines."""
    return await _ONE.one_or_none(tx, token=token, claim=name)


async def costs(tx: Transaction, token: Token, since: date, until: date) -> list[Record]:
    """Return the sums of each month and kind, the oldest first."""
    return await _COSTS.all(tx, token=token, since=since, until=until)


def _arrays(keys: Sequence[ClaimKey]) -> dict[str, list[object]]:
    return {name: [key[at] for key in keys] for at, name in enumerate(_KEY)}
