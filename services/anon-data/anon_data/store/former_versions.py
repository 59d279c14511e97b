"""Rows of ``former_checkup``, ``former_observation`` and ``former_claim``: written from the rows that are about to go."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import BYTEA

from anon_data.store import checkups, medical_claims
from anon_data.store.checkups import CheckupKey, InternalChar
from anon_data.store.medical_claims import ClaimKey

metadata = sa.MetaData()
former_checkup = sa.Table(
    "former_checkup",
    metadata,
    sa.Column("exam_date", sa.Date, primary_key=True),
    sa.Column("replaced", sa.Date, nullable=False),
    sa.Column("program", sa.SmallInteger, primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("fiscal_year", sa.SmallInteger, nullable=False),
    sa.Column("age", sa.SmallInteger, nullable=False),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("details", BYTEA),
)
former_observation = sa.Table(
    "former_observation",
    metadata,
    sa.Column("exam_date", sa.Date, primary_key=True),
    sa.Column("program", sa.SmallInteger, primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("item", sa.SmallInteger, primary_key=True),
    sa.Column("absent", sa.SmallInteger),
    sa.Column("flag", InternalChar),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("value", sa.Numeric),
    sa.Column("choice", sa.Text),
)
former_claim = sa.Table(
    "former_claim",
    metadata,
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("replaced", sa.Date, nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("own_payment", sa.Integer, nullable=False),
    sa.Column("days", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("inpatient", sa.Boolean, nullable=False),
    sa.Column("estimated", sa.Boolean, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("claim", BYTEA, primary_key=True),
    sa.Column("details", BYTEA),
)

_CHECKUP_KEY, _CLAIM_KEY = ("token", "exam_date", "program"), ("token", "claim")
_today = sa.bindparam("today", type_=sa.Date)


def _same(key: Sequence[str], one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(*(one.c[name] == other.c[name] for name in key))


def _versions(key: Sequence[str], former: sa.Table, now: sa.FromClause) -> sa.ScalarSelect[int]:
    """Return how many former versions there are of a row."""
    return sa.select(sa.func.count()).select_from(former).where(_same(key, former, now)).correlate(now).scalar_subquery()


def _keeping(key: Sequence[str], source: sa.Table, former: sa.Table, more: dict[str, "sa.ColumnElement[Any]"]) -> sa.Insert:
    """Return the statement that copies the rows of some keys, sorted by token so that their order tells nothing."""
    keys = given(*(source.c[name] for name in key))
    said: dict[str, sa.ColumnElement[Any]] = {
        column.name: source.c[column.name] for column in former.columns if column.name not in more
    }
    said |= more
    found = sa.select(*said.values()).select_from(keys.join(source, _same(key, source, keys)))
    return sa.insert(former).from_select(list(said), found.order_by(*(source.c[name] for name in key)))


_KEEP_CHECKUPS = statement(
    _keeping(
        _CHECKUP_KEY,
        checkups.checkup,
        former_checkup,
        {"replaced": _today, "version": _versions(_CHECKUP_KEY, former_checkup, checkups.checkup) + 1},
    )
)
_KEEP_OBSERVATIONS = statement(
    _keeping(
        _CHECKUP_KEY,
        checkups.observation,
        former_observation,
        {"version": _versions(_CHECKUP_KEY, former_checkup, checkups.observation)},
    )
)
_KEEP_CLAIMS = statement(
    _keeping(
        _CLAIM_KEY,
        medical_claims.claim,
        former_claim,
        {
            "replaced": _today,
            "version": _versions(_CLAIM_KEY, former_claim, medical_claims.claim) + 1,
            "cancelled": sa.bindparam("cancelled", type_=sa.Boolean),
        },
    )
)


def _forgetting(key: Sequence[str], source: sa.Table, former: sa.Table) -> sa.Delete:
    keys = given(*(source.c[name] for name in key))
    return sa.delete(former).where(_same(key, former, keys))


_FORGET_CHECKUPS = [statement(_forgetting(_CHECKUP_KEY, checkups.checkup, table)) for table in (former_observation, former_checkup)]
_FORGET_CLAIMS = statement(_forgetting(_CLAIM_KEY, medical_claims.claim, former_claim))

# The columns of `checkups.of_token`, and after them the day.
_CHECKUPS = statement(
    sa.text(
        """
SELECT (SELECT generation FROM item_generation) AS generation,
       to_char(c.exam_date, 'YYYY-MM-DD') AS exam_date, c.fiscal_year, to_char(c.program, 'FM000') AS program,
       c.age, c.details, o.items, o.texts, o.forms, o.flags, to_char(c.replaced, 'YYYY-MM-DD') AS replaced
FROM former_checkup c CROSS JOIN LATERAL (
    SELECT array_agg(item) AS items,
           array_agg(coalesce(value::text, choice)) AS texts,
           string_agg(coalesce(absent::text, CASE WHEN value IS NULL THEN 'c' ELSE 'v' END), '') AS forms,
           string_agg(coalesce(flag::text, '-'), '') AS flags
    FROM (
        SELECT item, value, choice, absent, flag FROM former_observation
        WHERE token = c.token AND exam_date = c.exam_date AND program = c.program AND version = c.version ORDER BY item
    ) AS ordered
) AS o
WHERE c.token = :token
ORDER BY c.exam_date DESC, c.program, c.version DESC
"""
    ).bindparams(sa.bindparam("token", type_=BYTEA))
)
_CLAIMS = statement(
    sa.select(former_claim)
    .where(
        former_claim.c.token == sa.bindparam("token", type_=BYTEA),
        former_claim.c.month.between(sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)),
    )
    .order_by(former_claim.c.month.desc(), former_claim.c.kind, former_claim.c.claim, former_claim.c.version.desc())
)


async def keep_checkups(tx: Transaction, keys: Sequence[CheckupKey], today: date) -> None:
    """Copy these checkups with their results as they are now, before something else takes their place."""
    arrays = _arrays(_CHECKUP_KEY, keys)
    await _KEEP_CHECKUPS.execute(tx, **arrays, today=today)
    await _KEEP_OBSERVATIONS.execute(tx, **arrays)


async def keep_claims(tx: Transaction, keys: Sequence[ClaimKey], today: date, *, cancelled: bool) -> None:
    """Copy these claims as they are now, without their lines."""
    await _KEEP_CLAIMS.execute(tx, **_arrays(_CLAIM_KEY, keys), today=today, cancelled=cancelled)


async def forget_checkups(tx: Transaction, keys: Sequence[CheckupKey]) -> None:
    """Delete every former version of these checkups: they were somebody else's."""
    for one in _FORGET_CHECKUPS:
        await one.execute(tx, **_arrays(_CHECKUP_KEY, keys))


async def forget_claims(tx: Transaction, keys: Sequence[ClaimKey]) -> None:
    """Delete every former version of these claims: they were somebody else's."""
    await _FORGET_CLAIMS.execute(tx, **_arrays(_CLAIM_KEY, keys))


async def checkups_of(tx: Transaction, token: Token) -> list[Record]:
    """Return a member's former checkups, each with its results and the code table's generation."""
    return await _CHECKUPS.all(tx, token=token)


async def claims_of(tx: Transaction, token: Token, since: date, until: date) -> list[Record]:
    """Return a member's former claims of these months."""
    return await _CLAIMS.all(tx, token=token, since=since, until=until)


def _arrays(key: Sequence[str], keys: Sequence[tuple[object, ...]]) -> dict[str, list[object]]:
    return {name: [one[at] for one in keys] for at, name in enumerate(key)}
