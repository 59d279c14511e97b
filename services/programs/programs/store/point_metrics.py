"""What members did, as rules ask for it: some thousand members at a time, in the order of their tokens.

Whose mailbox is suspended is nobody here: who is no member any more gets no points.
"""

from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.point_rules import Rule
from sqlalchemy.dialects.postgresql import BYTEA

from programs.point_awards import Done
from programs.store.day_totals import of_day

_DONE = statement(
    sa.text(
        f"""
        WITH who AS MATERIALIZED (
            SELECT m.token FROM mailbox m
            WHERE m.token > :after AND NOT EXISTS (SELECT FROM suspension s WHERE s.token = m.token)
            ORDER BY m.token LIMIT :most
        ), written AS (
            SELECT i.token, i.install, i.day, i.steps FROM who JOIN step_day_inbox i USING (token)
            WHERE i.day BETWEEN :first AND :last
            UNION ALL
            SELECT f.token, f.install, f.day, f.steps FROM who JOIN step_day f USING (token)
            WHERE f.day BETWEEN :first AND :last AND NOT EXISTS (
                SELECT FROM step_day_inbox i WHERE i.token = f.token AND i.install = f.install AND i.day = f.day
            )
        ), walked AS MATERIALIZED (
            SELECT w.token, w.day, least({of_day("w.steps", "w.install", "s.install")}, :daily_cap) AS steps
            FROM written w LEFT JOIN step_source s USING (token) GROUP BY w.token, w.day
        ), sums AS (
            SELECT token, sum(steps)::bigint AS steps, (count(*) FILTER (WHERE steps >= :steps))::integer AS active
            FROM walked GROUP BY token
        ), runs AS (
            SELECT token, day - (row_number() OVER (PARTITION BY token ORDER BY day))::integer AS run
            FROM walked WHERE steps >= :steps
        ), streaks AS (
            SELECT token, max(length)::integer AS longest
            FROM (SELECT token, count(*) AS length FROM runs GROUP BY token, run) AS lengths GROUP BY token
        ), facts AS (
            SELECT f.token, count(*)::integer AS facts FROM who JOIN point_fact f USING (token)
            WHERE f.kind = :fact AND f.fiscal_year = :fiscal_year GROUP BY f.token
        ), granted AS (
            SELECT e.token, sum(e.amount)::integer AS points, bool_or(e.id = :run) AS had
            FROM who JOIN point_entries e USING (token)
            WHERE e.against = 'issued' AND e.party = :rule AND e.day >= :since GROUP BY e.token
        )
        SELECT who.token, coalesce(sums.steps, 0) AS steps, coalesce(sums.active, 0) AS active,
               coalesce(streaks.longest, 0) AS streak, coalesce(facts.facts, 0) AS facts,
               coalesce(granted.points, 0) AS granted, coalesce(granted.had, false) AS had
        FROM who LEFT JOIN sums USING (token) LEFT JOIN streaks USING (token) LEFT JOIN facts USING (token)
        LEFT JOIN granted USING (token) ORDER BY who.token
        """  # noqa: S608  # our own words
    ).bindparams(
        *(sa.bindparam(name, type_=BYTEA) for name in ("after", "run")),
        *(sa.bindparam(name, type_=sa.Integer) for name in ("most", "daily_cap", "steps", "fiscal_year")),
        *(sa.bindparam(name, type_=sa.Date) for name in ("first", "last", "since")),
        *(sa.bindparam(name, type_=sa.Text) for name in ("fact", "rule")),
    )
)
_GRANTED = statement(
    sa.text(
        """
        SELECT coalesce(sum(-amount), 0)::bigint FROM ledger_posting
        WHERE side = 'issued' AND party = :rule AND fiscal_year = :fiscal_year
        """
    ).bindparams(sa.bindparam("rule", type_=sa.Text), sa.bindparam("fiscal_year", type_=sa.Integer))
)


async def done(  # what a rule looks at, and where
    tx: Transaction, rule: Rule, name: str, run: bytes, *, first: date, last: date, since: date, year: int, after: bytes, most: int
) -> tuple[list[Done], bytes | None]:
    """Return what so many members after a token did from ``first`` to ``last``, and the last token; None at the end.

    Who has had points of this run is left out. ``since`` is the first day of the fiscal year in which points are granted, ``year``
    that of the facts.
    """
    rows = await _DONE.all(
        tx,
        after=after,
        run=run,
        most=most,
        daily_cap=rule.daily_cap,
        steps=rule.steps or 1,
        fiscal_year=year,
        first=first,
        last=last,
        since=since,
        fact=rule.fact or "",
        rule=name,
    )
    found = [
        Done(row["token"], row["steps"], row["active"], row["streak"], row["facts"], row["granted"])
        for row in rows
        if not row["had"]
    ]
    return found, rows[-1]["token"] if len(rows) == most else None


async def granted(tx: Transaction, rule: str, year: int) -> int:
    """Return the points of a rule in a fiscal year."""
    return int(await _GRANTED.scalar(tx, rule=rule, fiscal_year=year))
