"""Everything counted once more from the members' day totals alone, by another way than :mod:`programs.store.counting`."""

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA

from programs.store.counting import HELD_ABOVE

_contest = sa.bindparam("contest", type_=BYTEA)
_DIFFERENCES = statement(
    sa.text(
        f"""
        WITH walked AS (
            SELECT token, install, day, steps, manual_steps FROM step_day_inbox
            UNION ALL
            SELECT f.token, f.install, f.day, f.steps, f.manual_steps
            FROM step_day f LEFT JOIN step_day_inbox i USING (token, install, day) WHERE i.token IS NULL
        ), total AS (
            SELECT w.token, w.day, coalesce(max(v.steps) FILTER (WHERE w.install = s.install), max(v.steps)) AS steps
            FROM walked w JOIN contest c ON c.id = :contest AND w.day BETWEEN c.first AND c.last
            CROSS JOIN LATERAL (SELECT w.steps + CASE WHEN c.manual THEN w.manual_steps ELSE 0 END AS steps) AS v
            LEFT JOIN step_source s ON s.token = w.token
            GROUP BY w.token, w.day
        ), unit AS (
            SELECT token, unit, since, coalesce(lead(since) OVER (PARTITION BY token ORDER BY since) - 1, 'infinity') AS ends
            FROM unit_member
        ), truth AS (
            SELECT coalesce(e.team, u.unit) AS team, t.day, sum(least(t.steps, c.daily_cap)) AS steps
            FROM total t JOIN contest c ON c.id = :contest
            JOIN entry e ON e.token = t.token AND e.contest = c.id AND NOT e.excused
                AND t.day >= e.since AND t.day <= coalesce(e.until, t.day)
            LEFT JOIN unit u ON c.teams = 'units' AND u.token = t.token AND t.day BETWEEN u.since AND u.ends
            LEFT JOIN held_day h ON h.token = t.token AND h.contest = c.id AND h.day = t.day
            WHERE t.steps <= {HELD_ABOVE} OR (h.accepted AND h.steps = t.steps)
            GROUP BY 1, 2
        ), different AS (
            SELECT team, day, coalesce(truth.steps, 0) AS steps
            FROM (SELECT team, day, steps FROM truth WHERE team IS NOT NULL) AS truth
            FULL JOIN (SELECT team, day, steps FROM team_day WHERE contest = :contest) AS kept USING (team, day)
            WHERE coalesce(truth.steps, 0) <> coalesce(kept.steps, 0)
        ), repaired AS (
            INSERT INTO team_day (contest, team, day, steps) SELECT :contest, team, day, steps FROM different
            ON CONFLICT (contest, team, day) DO UPDATE SET steps = excluded.steps
        )
        SELECT count(*) FROM different
        """  # noqa: S608  # our own number
    ).bindparams(_contest)
)


async def repair(tx: Transaction, contest: bytes) -> int:
    """Put the teams' days right that differ from what their members walked, and return how many there were."""
    found: int = await _DIFFERENCES.scalar(tx, contest=contest)
    return found
