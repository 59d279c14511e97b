"""Teams of a contest, as rules ask for them: who was in which on its last day, and how many had entered."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.contests import Contest
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

_LAST_UNIT = """
    LEFT JOIN LATERAL (
        SELECT m.unit FROM unit_member m WHERE m.token = who.token AND m.since <= :last ORDER BY m.since DESC LIMIT 1
    ) u ON :units
"""
_BINDS = (
    sa.bindparam("contest", type_=BYTEA),
    sa.bindparam("last", type_=sa.Date),
    sa.bindparam("units", type_=sa.Boolean),
)
_MEMBERS = statement(
    sa.text(
        f"""
        SELECT who.token, coalesce(e.team, u.unit) AS team,
               coalesce(e.days >= :active_days AND coalesce(e.until, :last) >= :last, false) AS active
        FROM unnest(:tokens) AS who (token)
        LEFT JOIN entry e ON e.token = who.token AND e.contest = :contest
        {_LAST_UNIT}
        WHERE e.excused IS NOT TRUE AND coalesce(e.team, u.unit) IS NOT NULL AND (:units OR coalesce(e.until, :last) >= :last)
        """  # noqa: S608  # our own words
    ).bindparams(*_BINDS, sa.bindparam("tokens", type_=ARRAY(BYTEA)), sa.bindparam("active_days", type_=sa.SmallInteger))
)
_ENTERED = statement(
    sa.text(
        f"""
        SELECT coalesce(who.team, u.unit) AS team, count(*)::integer AS entered
        FROM entry who {_LAST_UNIT}
        WHERE who.contest = :contest AND NOT who.excused AND coalesce(who.until, :last) >= :last
          AND coalesce(who.team, u.unit) IS NOT NULL
        GROUP BY coalesce(who.team, u.unit)
        """  # noqa: S608  # our own words
    ).bindparams(*_BINDS)
)


async def members(tx: Transaction, contest: Contest, tokens: Sequence[bytes]) -> dict[bytes, tuple[bytes, bool]]:
    """Return the team of each of these tokens on the contest's last day, and whether they took part; who is in none is left out."""
    rows = await _MEMBERS.all(tx, tokens=tokens, active_days=contest.active_days, **_about(contest))
    return {row["token"]: (row["team"], row["active"]) for row in rows}


async def entered(tx: Transaction, contest: Contest) -> dict[bytes, int]:
    """Return how many members of each team had entered the contest on its last day."""
    return {row["team"]: row["entered"] for row in await _ENTERED.all(tx, **_about(contest))}


def _about(contest: Contest) -> dict[str, bytes | date | bool]:
    return {"contest": contest.id, "last": contest.last, "units": contest.teams == "units"}
