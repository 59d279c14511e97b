"""Everything counted once more from the members' day totals alone, by another way than :mod:`programs.store.counting`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA, insert

from programs.store.counting import HELD_ABOVE
from programs.store.planning import without_loops
from programs.store.tables import recount_night

_contest = sa.bindparam("contest", type_=BYTEA)
_TRUTH = f"""
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
        ), counted AS MATERIALIZED (
            SELECT e.token, coalesce(e.team, u.unit) AS team, t.day, least(t.steps, c.daily_cap) AS steps, c.active_steps
            FROM total t JOIN contest c ON c.id = :contest
            JOIN entry e ON e.token = t.token AND e.contest = c.id AND NOT e.excused
                AND t.day >= e.since AND t.day <= coalesce(e.until, t.day)
            LEFT JOIN unit u ON c.teams = 'units' AND u.token = t.token AND t.day BETWEEN u.since AND u.ends
            LEFT JOIN held_day h ON h.token = t.token AND h.contest = c.id AND h.day = t.day
            WHERE (t.steps <= {HELD_ABOVE} OR (h.accepted AND h.steps = t.steps)) AND coalesce(e.team, u.unit) IS NOT NULL
        ), different AS (
            SELECT team, day, coalesce(truth.steps, 0) AS steps
            FROM (SELECT team, day, sum(steps) AS steps FROM counted GROUP BY team, day) AS truth
            FULL JOIN (SELECT team, day, steps FROM team_day WHERE contest = :contest) AS kept USING (team, day)
            WHERE coalesce(truth.steps, 0) <> coalesce(kept.steps, 0)
        ), wrong AS (
            SELECT e.token, coalesce(truth.steps, 0) AS steps, coalesce(truth.days, 0) AS days
            FROM entry e LEFT JOIN (
                SELECT token, sum(steps) AS steps, count(*) FILTER (WHERE steps >= active_steps) AS days FROM counted GROUP BY token
            ) AS truth USING (token)
            WHERE e.contest = :contest AND (e.steps, e.days) IS DISTINCT FROM (coalesce(truth.steps, 0), coalesce(truth.days, 0))
        )
"""  # noqa: S608  # our own number
_REPAIRS = """
        , repaired AS (
            INSERT INTO team_day (contest, team, day, steps) SELECT :contest, team, day, steps FROM different
            ON CONFLICT (contest, team, day) DO UPDATE SET steps = excluded.steps
        ), corrected AS (
            UPDATE entry SET steps = wrong.steps, days = wrong.days FROM wrong
            WHERE entry.token = wrong.token AND entry.contest = :contest
        )
"""
_SAID = "SELECT (SELECT count(*) FROM different) AS team_days, (SELECT count(*) FROM wrong) AS entries"
COMPARE = statement(sa.text(_TRUTH + _SAID).bindparams(_contest))
_REPAIR = statement(sa.text(_TRUTH + _REPAIRS + _SAID).bindparams(_contest))
_NOTE = statement(
    insert(recount_night).values({column.name: sa.bindparam(column.name, type_=column.type) for column in recount_night.columns})
)
_NIGHTS = statement(
    sa.select(*recount_night.columns).order_by(recount_night.c.day.desc()).limit(sa.bindparam("most", type_=sa.Integer))
)


@dataclass(frozen=True)
class Recounted:
    """What a recount of running contests found."""

    contests: int
    team_days: int = 0
    """Whose running total was another."""
    entries: int = 0
    """Members' running totals or active days that were others."""

    @property
    def agrees(self) -> bool:
        """Whether nothing differed."""
        return not (self.team_days or self.entries)

    def __str__(self) -> str:
        """Return it as a sentence."""
        if self.agrees:
            return f"{self.contests} running contests counted anew; nothing differed"
        return f"{self.contests} running contests counted anew; {self.team_days} days of teams and {self.entries} entries differed"


async def compared(tx: Transaction, contests: Sequence[bytes], *, repair: bool) -> Recounted:
    """Compare running totals with what members walked; ``repair`` puts right what differs."""
    # Nobody else may count meanwhile.
    await without_loops(tx)
    rows: list[Record] = [await (_REPAIR if repair else COMPARE).one(tx, contest=one) for one in contests]
    return Recounted(len(rows), sum(row["team_days"] for row in rows), sum(row["entries"] for row in rows))


async def note(tx: Transaction, day: date, found: Recounted) -> None:
    """Keep what a night's recount found."""
    await _NOTE.execute(tx, day=day, contests=found.contests, team_days=found.team_days, entries=found.entries)


async def nights(tx: Transaction, most: int) -> Sequence[tuple[date, Recounted]]:
    """Return what the last nights' recounts found, the latest first."""
    rows = await _NIGHTS.all(tx, most=most)
    return [(row["day"], Recounted(row["contests"], row["team_days"], row["entries"])) for row in rows]
