"""Who is to be reminded and whom guidance is for, by token, and rows of ``guidance_support``."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from chassis.database import Record, Statement, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

from anon_data.store.messages import GUIDANCE_ITEM

metadata = sa.MetaData()
support = sa.Table(
    "guidance_support",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("fiscal_year", sa.SmallInteger, primary_key=True),
    sa.Column("kind", sa.SmallInteger, primary_key=True),
    sa.Column("times", sa.SmallInteger, nullable=False),
)


def _statement(text: str, **types: "sa.types.TypeEngine[Any]") -> Statement:
    return statement(sa.text(text).bindparams(*(sa.bindparam(name, type_=kind) for name, kind in types.items())))


_REMINDERS = _statement(
    """
    SELECT p.token,
           (SELECT max(c.fiscal_year) FROM checkup c WHERE c.token = p.token AND c.fiscal_year < :year) AS last_examined
    FROM person p
    WHERE p.token > :after AND :year - p.birth_year BETWEEN 40 AND 74
      AND NOT EXISTS (SELECT FROM checkup c WHERE c.token = p.token AND c.fiscal_year = :year)
      AND NOT EXISTS (SELECT FROM suspension s WHERE s.token = p.token)
    ORDER BY p.token LIMIT :most
    """,
    after=BYTEA(),
    year=sa.SmallInteger(),
    most=sa.Integer(),
)


def _targets(which: str) -> str:
    """Return the words that say whom guidance is for: by the newest checkup of a year that says a level, as with messages."""
    return f"""
    WITH levelled AS (
        SELECT DISTINCT ON (c.token, c.fiscal_year) c.token, c.fiscal_year, c.exam_date, o.choice
        FROM checkup c
        JOIN observation o ON o.token = c.token AND o.exam_date = c.exam_date AND o.program = c.program
        JOIN item i ON i.id = o.item AND i.code = '{GUIDANCE_ITEM}'
        WHERE {which} AND o.choice IS NOT NULL
          AND NOT EXISTS (SELECT FROM suspension s WHERE s.token = c.token)
        ORDER BY c.token, c.fiscal_year, c.exam_date DESC, c.program DESC
    ),
    target AS (SELECT token, fiscal_year, exam_date, choice FROM levelled WHERE choice IN ('1', '2'))
    """  # noqa: S608  # our own words


_OF_THE_YEAR = _targets("c.fiscal_year = :year")
_STAGES = """ARRAY(
        SELECT DISTINCT g.stage FROM guidance g
        WHERE g.token = t.token AND g.day >= t.exam_date
          AND NOT EXISTS (
              SELECT FROM checkup c WHERE c.token = t.token AND c.exam_date > t.exam_date AND c.exam_date <= g.day
          )
    ) AS stages"""
"""Until the next checkup."""
_GUIDANCE = _statement(
    f"""
    {_OF_THE_YEAR}
    SELECT t.token, t.choice, {_STAGES} FROM target t
    WHERE t.token > :after ORDER BY t.token LIMIT :most
    """,  # noqa: S608  # our own words
    after=BYTEA(),
    year=sa.SmallInteger(),
    most=sa.Integer(),
)
_OWN = _statement(
    f"{_targets('c.token = :token')} SELECT t.fiscal_year, t.choice, {_STAGES} FROM target t",  # noqa: S608  # our own words
    token=BYTEA(),
)
_TARGETS = _statement(
    f"{_OF_THE_YEAR} SELECT token FROM target WHERE token = ANY (:tokens)",  # noqa: S608  # our own words
    year=sa.SmallInteger(),
    tokens=ARRAY(BYTEA),
)
_of_year = support.c.fiscal_year == sa.bindparam("year", type_=sa.SmallInteger)
_of_tokens = support.c.token == sa.any_(sa.bindparam("tokens", type_=ARRAY(BYTEA)))
_SUPPORT = statement(
    sa.select(support.c.token, support.c.kind, support.c.times)
    .where(_of_year, _of_tokens)
    .order_by(support.c.token, support.c.kind)
)
_OWN_SUPPORT = statement(
    sa.select(support.c.fiscal_year, support.c.kind, support.c.times)
    .where(support.c.token == sa.bindparam("token", type_=BYTEA))
    .order_by(support.c.fiscal_year, support.c.kind)
)
_given = given(support.c.token, support.c.kind, support.c.times)
_insert = insert(support).from_select(
    ["token", "fiscal_year", "kind", "times"],
    sa.select(_given.c.token, sa.bindparam("year", type_=sa.SmallInteger), _given.c.kind, _given.c.times).order_by(
        _given.c.token, _given.c.kind
    ),
)
_TELL = statement(
    _insert.on_conflict_do_update(
        index_elements=list(support.primary_key.columns),
        set_={"times": _insert.excluded.times},
        where=support.c.times != _insert.excluded.times,
    )
)
_TAKE_BACK = statement(sa.delete(support).where(_of_year, _of_tokens, support.c.times == 0))


async def reminders(tx: Transaction, year: int, after: bytes, most: int) -> list[Record]:
    """Return tokens and the latest year in which they were examined, of whoever was not in this one."""
    return await _REMINDERS.all(tx, year=year, after=after, most=most)


async def targets(tx: Transaction, year: int, after: bytes, most: int) -> list[Record]:
    """Return tokens, codes of levels, and the stages that reports name until the next checkup."""
    return await _GUIDANCE.all(tx, year=year, after=after, most=most)


async def own_years(tx: Transaction, token: Token) -> list[Record]:
    """Return the fiscal years in which guidance is for somebody, with code of the level and stages as `targets`."""
    return await _OWN.all(tx, token=token)


async def own_support(tx: Transaction, token: Token) -> list[Record]:
    """Return what was told of somebody: fiscal year, kind, times."""
    return await _OWN_SUPPORT.all(tx, token=token)


async def known(tx: Transaction, year: int, tokens: Sequence[bytes]) -> set[bytes]:
    """Return those tokens whom guidance of this year is for."""
    return {row["token"] for row in await _TARGETS.all(tx, year=year, tokens=tokens)}


async def support_of(tx: Transaction, year: int, tokens: Sequence[bytes]) -> list[Record]:
    """Return what was told of these tokens: token, kind, times."""
    return await _SUPPORT.all(tx, year=year, tokens=tokens)


async def tell(tx: Transaction, year: int, rows: Sequence[tuple[bytes, int, int]]) -> None:
    """Keep how often each was done; of what was never done there is no row."""
    token, kind, times = ([row[at] for row in rows] for at in range(3))
    await _TELL.execute(tx, year=year, token=token, kind=kind, times=times)
    await _TAKE_BACK.execute(tx, year=year, tokens=token)
