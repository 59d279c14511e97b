"""Where the teams of a contest stand: sums over their days, and how many people are behind them."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.contests import Contest
from sqlalchemy.dialects.postgresql import BYTEA

from programs.ranking import Standing

_BINDS: "tuple[sa.BindParameter[Any], ...]" = (
    sa.bindparam("contest", type_=BYTEA),
    *(sa.bindparam(name, type_=sa.Date) for name in ("first", "until")),
    sa.bindparam("active_days", type_=sa.SmallInteger),
)
_REST = """
    , walked AS (
        SELECT team, sum(steps) AS steps FROM team_day WHERE contest = :contest AND day <= :until GROUP BY team
    ), adjusted AS (
        SELECT team, sum(after - before) AS more FROM adjustment WHERE contest = :contest GROUP BY team
    )
    SELECT p.team, t.name, p.eligible, p.member_days, p.active, adjusted.team IS NOT NULL AS corrected,
           (coalesce({steps}, 0) + coalesce(adjusted.more, 0))::bigint AS steps
    FROM people p JOIN team t ON t.id = p.team
    LEFT JOIN walked ON walked.team = p.team LEFT JOIN adjusted ON adjusted.team = p.team
    WHERE p.member_days > 0
"""
# The roster says who belongs to a unit on each day: a member who moved counts in each for the days there.
_SPANS = """
    WITH span AS (
        SELECT token, unit, greatest(since, :first) AS begins,
               least(coalesce(lead(since) OVER (PARTITION BY token ORDER BY since) - 1, :until), :until) AS ends
        FROM unit_member
    ), people AS (
        SELECT s.unit AS team, sum(s.ends - s.begins + 1) AS member_days, count(*) FILTER (WHERE s.ends = :until) AS eligible,
               count(e.token) FILTER (WHERE s.ends = :until AND e.until IS NULL AND e.days >= :active_days) AS active
        FROM span s LEFT JOIN entry e ON e.token = s.token AND e.contest = :contest
        WHERE s.unit IS NOT NULL AND s.begins <= s.ends AND e.excused IS NOT TRUE
        GROUP BY s.unit
    )
"""
_UNITS = statement(sa.text(_SPANS + _REST.format(steps="walked.steps")).bindparams(*_BINDS))

_BEST = "(SELECT sum(best.steps) FROM best WHERE best.team = p.team AND best.place <= :top)"
_PLACED = """
    , best AS (
        SELECT team, steps, row_number() OVER (PARTITION BY team ORDER BY steps DESC) AS place FROM ({by_member}) AS by_member
    )
"""
# The running total of a member who was in one unit alone is that unit's; only for those who moved their days are looked at.
_OF_UNITS = """
    SELECT s.unit AS team, e.steps FROM entry e JOIN (
        SELECT token, (array_agg(unit))[1] AS unit FROM span WHERE unit IS NOT NULL AND begins <= ends
        GROUP BY token HAVING count(DISTINCT unit) = 1
    ) AS s USING (token) WHERE e.contest = :contest
    UNION ALL
    SELECT walked.team, sum(walked.steps) FROM (
        SELECT token FROM span WHERE begins <= ends GROUP BY token HAVING count(DISTINCT unit) > 1
    ) AS moved JOIN (
        SELECT token, day, team, steps FROM contest_day_recent WHERE contest = :contest
        UNION ALL
        SELECT f.token, f.day, f.team, f.steps FROM contest_day f WHERE f.contest = :contest AND NOT EXISTS (
            SELECT FROM contest_day_recent r WHERE r.token = f.token AND r.contest = f.contest AND r.day = f.day
        )
    ) AS walked USING (token) WHERE walked.team IS NOT NULL AND walked.day <= :until GROUP BY moved.token, walked.team
"""
_top = sa.bindparam("top", type_=sa.SmallInteger)
_TOP_OF_UNITS = statement(
    sa.text(_SPANS + _PLACED.format(by_member=_OF_UNITS) + _REST.format(steps=_BEST)).bindparams(*_BINDS, _top)
)


def _free(steps: str, also: str = "") -> str:
    people = """
        WITH people AS (
            SELECT team, sum(least(coalesce(until, :until), :until) - greatest(since, :first) + 1) AS member_days,
                   count(*) FILTER (WHERE coalesce(until, :until) >= :until) AS eligible,
                   count(*) FILTER (WHERE coalesce(until, :until) >= :until AND days >= :active_days) AS active
            FROM entry
            WHERE contest = :contest AND team IS NOT NULL AND least(coalesce(until, :until), :until) >= greatest(since, :first)
            GROUP BY team
        )
    """
    return people + also + _REST.format(steps=steps)


_FREE = statement(sa.text(_free("walked.steps")).bindparams(*_BINDS))
_OF_FREE = "SELECT team, steps FROM entry WHERE contest = :contest AND team IS NOT NULL"
_TOP = statement(sa.text(_free(_BEST, _PLACED.format(by_member=_OF_FREE))).bindparams(*_BINDS, _top))


async def standings(tx: Transaction, contest: Contest, until: date) -> list[Standing]:
    """Return every team that anybody could have walked for from the contest's first day to ``until``."""
    about = {"contest": contest.id, "first": contest.first, "until": until, "active_days": contest.active_days}
    if contest.score == "top":
        rows = await (_TOP_OF_UNITS if contest.teams == "units" else _TOP).all(tx, **about, top=contest.top)
    else:
        rows = await (_UNITS if contest.teams == "units" else _FREE).all(tx, **about)
    return [Standing(**dict(row)) for row in rows]
