"""Rows of ``checkup`` and ``observation``: in by COPY, out by one statement a member."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from chassis import once
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.admission import Signed, admitting
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import BYTEA

from anon_data.fates import Stored

CheckupKey = tuple[bytes, date, int]
"""Token, day of the examination, programme."""
CheckupRecord = tuple[date, int, int, int, bytes, bytes, bytes | None]

metadata = sa.MetaData()


class InternalChar(sa.types.UserDefinedType[str]):
    """PostgreSQL's one-byte type "char"."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name, which is quoted in SQL."""
        return '"char"'


checkup = sa.Table(
    "checkup",
    metadata,
    sa.Column("exam_date", sa.Date, primary_key=True),
    sa.Column("fiscal_year", sa.SmallInteger, nullable=False),
    sa.Column("program", sa.SmallInteger, primary_key=True),
    sa.Column("age", sa.SmallInteger, nullable=False),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("content", BYTEA, nullable=False),
    sa.Column("details", BYTEA),
)
observation = sa.Table(
    "observation",
    metadata,
    sa.Column("exam_date", sa.Date, primary_key=True),
    sa.Column("program", sa.SmallInteger, primary_key=True),
    sa.Column("item", sa.SmallInteger, primary_key=True),
    sa.Column("absent", sa.SmallInteger),
    sa.Column("flag", InternalChar),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("value", sa.Numeric),
    sa.Column("choice", sa.Text),
)

_KEY = ("token", "exam_date", "program")
RESULT_COLUMNS = ("exam_date", "program", "token", "item", "absent", "flag", "value", "choice")
_given = given(*(checkup.c[name] for name in _KEY))


def _is_given(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == _given.c[name] for name in _KEY))


_STORED = statement(
    sa.select(
        *(checkup.c[name] for name in _KEY), checkup.c.content, sa.func.sha256(checkup.c.details).label("details_hash")
    ).select_from(_given.join(checkup, _is_given(checkup)))
)
_DELETE_OBSERVATIONS = statement(sa.delete(observation).where(_is_given(observation)))
_DELETE_CHECKUPS = statement(sa.delete(checkup).where(_is_given(checkup)))
_BY_YEAR = statement(
    sa.text(
        """
        SELECT fiscal_year, sum(people)::integer AS people FROM (
            SELECT fiscal_year, count(DISTINCT token) AS people FROM checkup GROUP BY fiscal_year
            UNION ALL
            SELECT fiscal_year, count(DISTINCT person) FROM kept_checkup GROUP BY fiscal_year
        ) AS examined
        GROUP BY fiscal_year ORDER BY fiscal_year DESC
        """
    )
)

# Results come as four parallel lists a checkup, because one row a result would cost the reader several times as much:
# `forms` says of each whether `texts` holds a value (v), a choice (c), or which absence it is (1 to 4); `flags` has - for none.
_PAGE = """
SELECT (SELECT generation FROM item_generation) AS generation,
       to_char(c.exam_date, 'YYYY-MM-DD') AS exam_date, c.fiscal_year, to_char(c.program, 'FM000') AS program,
       c.age, c.details, o.items, o.texts, o.forms, o.flags
FROM (SELECT 1 FROM admitted) AS reader LEFT JOIN checkup c ON c.token = :token CROSS JOIN LATERAL (
    SELECT array_agg(item) AS items,
           array_agg(coalesce(value::text, choice)) AS texts,
           string_agg(coalesce(absent::text, CASE WHEN value IS NULL THEN 'c' ELSE 'v' END), '') AS forms,
           string_agg(coalesce(flag::text, '-'), '') AS flags
    FROM (
        SELECT item, value, choice, absent, flag FROM observation
        WHERE token = c.token AND exam_date = c.exam_date AND program = c.program ORDER BY item
    ) AS ordered
) AS o
ORDER BY c.exam_date DESC, c.program
"""
_OF_READER = tuple(admitting(slot, f"WITH admitted AS ({{admitted}}) {_PAGE}") for slot in once.SLOTS)
_OF_TOKEN = statement(sa.text(f"WITH admitted AS (SELECT) {_PAGE}").bindparams(sa.bindparam("token", type_=BYTEA)))


async def of_reader(tx: Transaction, signed: Signed) -> list[Record] | None:
    """Return every checkup of a member, the newest first, each with its results and the code table's generation.

    None where the request is not admitted, which the same statement decides: that saves a round trip.
    """
    rows = await _OF_READER[signed.slot].all(tx, **signed.parameters)
    return _without_empty(rows) if rows else None


async def of_token(tx: Transaction, token: Token) -> list[Record]:
    """Do as `of_reader` for a request that was admitted before."""
    return _without_empty(await _OF_TOKEN.all(tx, token=token))


async def people_by_year(tx: Transaction) -> list[tuple[int, int]]:
    """Return of each fiscal year, the latest first, how many people were examined, those who were erased since included."""
    return [(row["fiscal_year"], row["people"]) for row in await _BY_YEAR.all(tx)]


def _without_empty(rows: list[Record]) -> list[Record]:
    # A mailbox without checkups gives one empty row.
    return [row for row in rows if row["exam_date"] is not None]


async def stored(tx: Transaction, keys: Sequence[CheckupKey]) -> dict[CheckupKey, Stored]:
    """Return the hashes of those checkups that are there."""
    rows = await _STORED.all(tx, **_arrays(keys))
    return {(row["token"], row["exam_date"], row["program"]): Stored(row["content"], row["details_hash"]) for row in rows}


async def delete_checkups(tx: Transaction, keys: Sequence[CheckupKey]) -> int:
    """Delete these checkups, but not their results, and return how many there were."""
    return await _DELETE_CHECKUPS.execute(tx, **_arrays(keys))


async def delete_observations(tx: Transaction, keys: Sequence[CheckupKey]) -> None:
    """Delete the results of these checkups."""
    await _DELETE_OBSERVATIONS.execute(tx, **_arrays(keys))


async def insert(tx: Transaction, headers: Sequence[CheckupRecord], results: Iterable[bytes]) -> None:
    """Append checkups and their results, in the order given.

    Results are rows of COPY's binary format with the fields `RESULT_COLUMNS`.
    """
    await tx.copy(checkup, [column.name for column in checkup.columns], headers)
    await tx.copy_binary(observation, RESULT_COLUMNS, b"".join(results))


def _arrays(keys: Sequence[CheckupKey]) -> dict[str, list[object]]:
    return {name: [key[at] for key in keys] for at, name in enumerate(_KEY)}
