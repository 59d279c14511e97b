"""Counting: from the day totals of members to the day totals of teams.

What counts of a member's day is kept beside what it was made of, so counting a day again adds the difference alone, whatever
changed: a total, the chosen installation, the team, a decision of the office. It may be done twice, and in any order.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from programs.store.day_totals import of_day

HELD_ABOVE = 60_000
"""Steps of one day above which somebody of the office has to look."""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('counting', 0))"

_tokens = sa.bindparam("tokens", type_=ARRAY(BYTEA))
_COUNT = statement(
    sa.text(
        f"""
        WITH dirty AS (
            SELECT token, day FROM unnest(:tokens, :days) AS given (token, day)
        ), total AS MATERIALIZED (
            SELECT dirty.token, e.contest, dirty.day, c.daily_cap, c.active_steps, coalesce(walked.steps, 0) AS total,
                   CASE WHEN dirty.day >= e.since AND dirty.day <= coalesce(e.until, dirty.day) AND NOT e.excused
                        THEN coalesce(e.team, u.unit) END AS team
            FROM dirty
            JOIN entry e ON e.token = dirty.token
            JOIN contest c ON c.id = e.contest AND dirty.day BETWEEN c.first AND c.last AND NOT c.frozen
            LEFT JOIN LATERAL (
                SELECT unit FROM unit_member m
                WHERE m.token = dirty.token AND m.since <= dirty.day ORDER BY m.since DESC LIMIT 1
            ) u ON c.teams = 'units'
            LEFT JOIN step_source s ON s.token = dirty.token
            CROSS JOIN LATERAL (
                SELECT {of_day("x.steps + CASE WHEN c.manual THEN x.manual_steps ELSE 0 END", "x.install", "s.install")} AS steps
                FROM (
                    SELECT i.install, i.steps, i.manual_steps FROM step_day_inbox i
                    WHERE i.token = dirty.token AND i.day = dirty.day
                    UNION ALL
                    SELECT f.install, f.steps, f.manual_steps FROM step_day f
                    WHERE f.token = dirty.token AND f.day = dirty.day AND NOT EXISTS (
                        SELECT FROM step_day_inbox i WHERE i.token = f.token AND i.install = f.install AND i.day = f.day
                    )
                ) AS x
            ) AS walked
        ), counted AS MATERIALIZED (
            SELECT token, contest, day, active_steps, total.total,
                   CASE WHEN total.team IS NULL THEN 0
                        WHEN total.total > {HELD_ABOVE} AND NOT coalesce(h.accepted AND h.steps = total.total, false) THEN 0
                        ELSE least(total.total, daily_cap) END AS steps,
                   total.team
            FROM total LEFT JOIN held_day h USING (token, contest, day)
        ), changed AS MATERIALIZED (
            SELECT n.token, n.contest, n.day, n.active_steps, n.steps, CASE WHEN n.steps > 0 THEN n.team END AS team,
                   coalesce(CASE WHEN r.token IS NULL THEN f.steps ELSE r.steps END, 0) AS steps_before,
                   CASE WHEN r.token IS NULL THEN f.team ELSE r.team END AS team_before
            FROM counted n
            LEFT JOIN contest_day_recent r USING (token, contest, day)
            LEFT JOIN contest_day f USING (token, contest, day)
        ), different AS MATERIALIZED (
            SELECT token, contest, day, active_steps, steps, team, steps_before, team_before
            FROM changed WHERE steps <> steps_before OR team IS DISTINCT FROM team_before
        ), kept AS (
            INSERT INTO contest_day_recent (token, contest, day, team, steps)
            SELECT token, contest, day, team, steps FROM different
            ON CONFLICT (token, contest, day) DO UPDATE SET team = excluded.team, steps = excluded.steps
        ), member AS (
            UPDATE entry SET steps = entry.steps + more.steps, days = entry.days + more.days
            FROM (
                SELECT token, contest, sum(steps - steps_before) AS steps,
                       sum((steps >= active_steps)::int - (steps_before >= active_steps)::int) AS days
                FROM different GROUP BY token, contest
            ) AS more
            WHERE entry.token = more.token AND entry.contest = more.contest
        ), believed AS (
            DELETE FROM held_day h USING counted n
            WHERE h.token = n.token AND h.contest = n.contest AND h.day = n.day AND n.total <= {HELD_ABOVE}
        ), held AS (
            INSERT INTO held_day AS h (token, contest, day, steps, review)
            SELECT token, contest, day, total, substr(sha256(token || contest || convert_to(day::text, 'UTF8')), 1, 16)
            FROM counted WHERE total > {HELD_ABOVE} AND team IS NOT NULL
            ON CONFLICT (token, contest, day) DO UPDATE
            SET steps = excluded.steps, accepted = NULL, decided_by = NULL, reason = NULL WHERE h.steps <> excluded.steps
        )
        INSERT INTO team_day AS t (contest, team, day, steps)
        SELECT contest, team, day, sum(steps) FROM (
            SELECT contest, team, day, steps FROM different WHERE team IS NOT NULL
            UNION ALL SELECT contest, team_before, day, -steps_before FROM different WHERE team_before IS NOT NULL
        ) AS delta
        GROUP BY contest, team, day ORDER BY contest, team, day
        ON CONFLICT (contest, team, day) DO UPDATE SET steps = t.steps + excluded.steps
        """  # noqa: S608  # our own number
    ).bindparams(_tokens, sa.bindparam("days", type_=ARRAY(sa.Date)))
)
CLOSING = (
    # Nobody counts between the two.
    statement(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended('counting', 0)) WHERE cardinality(:tokens) > 0").bindparams(_tokens)
    ),
    statement(
        sa.text(
            """
        UPDATE team_day t SET steps = t.steps - gone.steps
        FROM (
            SELECT counted.contest, counted.team, counted.day, sum(counted.steps) AS steps FROM (
                SELECT contest, team, day, steps FROM contest_day_recent WHERE token = ANY (:tokens)
                UNION ALL
                SELECT f.contest, f.team, f.day, f.steps FROM contest_day f WHERE f.token = ANY (:tokens) AND NOT EXISTS (
                    SELECT FROM contest_day_recent r WHERE r.token = f.token AND r.contest = f.contest AND r.day = f.day
                )
            ) AS counted JOIN contest ON contest.id = counted.contest AND NOT contest.frozen
            WHERE counted.team IS NOT NULL GROUP BY 1, 2, 3
        ) AS gone
        WHERE t.contest = gone.contest AND t.team = gone.team AND t.day = gone.day
        """
        ).bindparams(_tokens)
    ),
)
"""What an erasure does first: takes what these members walked out of the running totals of their teams."""


async def hold(tx: Transaction) -> None:
    """Let nobody else count until the transaction ends."""
    await tx.run(_LOCK)


async def count(tx: Transaction, changes: Sequence[tuple[bytes, date]]) -> None:
    """Count these days of members anew; each stands in ``changes`` once."""
    await _COUNT.execute(tx, tokens=[token for token, _ in changes], days=[day for _, day in changes])
