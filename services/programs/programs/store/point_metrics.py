"""What members did, as rules ask for it: some thousand members at a time, in the order of their tokens.

Whose mailbox is suspended is nobody here: who is no member any more gets no points.
"""

from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.point_rules import OF_TEAMS, Rule
from sqlalchemy.dialects.postgresql import BYTEA

from programs.point_awards import Done
from programs.store.day_totals import of_day
from programs.store.planning import without_loops

_WITHIN = "{0}.token > :after AND {0}.token <= :through"
"""Of each table that part is read: joined to the page alone it would be read whole for each page."""
_LAST = statement(
    sa.text(
        "SELECT max(token) AS token, count(*) AS members "
        "FROM (SELECT token FROM mailbox WHERE token > :after ORDER BY token LIMIT :most) AS page"
    ).bindparams(sa.bindparam("after", type_=BYTEA), sa.bindparam("most", type_=sa.Integer))
)
DONE = statement(
    sa.text(
        f"""
        WITH who AS MATERIALIZED (
            SELECT m.token FROM mailbox m
            WHERE {_WITHIN.format("m")} AND NOT EXISTS (SELECT FROM suspension s WHERE s.token = m.token)
        ), written AS (
            SELECT i.token, i.install, i.day, i.steps FROM step_day_inbox i
            WHERE :walking AND {_WITHIN.format("i")} AND i.day BETWEEN :first AND :last
            UNION ALL
            SELECT f.token, f.install, f.day, f.steps FROM step_day f
            WHERE :walking AND {_WITHIN.format("f")} AND f.day BETWEEN :first AND :last AND NOT EXISTS (
                SELECT FROM step_day_inbox i
                WHERE i.token = f.token AND i.install = f.install AND i.day = f.day AND {_WITHIN.format("i")}
            )
        ), walked AS MATERIALIZED (
            SELECT w.token, w.day, least({of_day("w.steps", "w.install", "s.install")}, :daily_cap) AS steps
            FROM written w LEFT JOIN step_source s USING (token) GROUP BY w.token, w.day
        ), sums AS (
            SELECT token, sum(steps)::bigint AS steps, (count(*) FILTER (WHERE steps >= :steps))::integer AS active
            FROM walked GROUP BY token
        ), runs AS (
            SELECT token, day - (row_number() OVER (PARTITION BY token ORDER BY day))::integer AS run
            FROM walked WHERE :running AND steps >= :steps
        ), streaks AS (
            SELECT token, max(length)::integer AS longest
            FROM (SELECT token, count(*) AS length FROM runs GROUP BY token, run) AS lengths GROUP BY token
        ), facts AS (
            SELECT f.token, count(*)::integer AS facts FROM point_fact f
            WHERE {_WITHIN.format("f")} AND f.kind = :fact AND f.fiscal_year = :fiscal_year GROUP BY f.token
        ), granted AS (
            SELECT e.token, sum(e.amount)::integer AS points, bool_or(e.id = :run) AS had
            FROM point_entries e
            WHERE {_WITHIN.format("e")} AND e.against = 'issued' AND e.party = :rule AND e.day >= :since GROUP BY e.token
        )
        SELECT who.token, coalesce(sums.steps, 0) AS steps, coalesce(sums.active, 0) AS active,
               coalesce(streaks.longest, 0) AS streak, coalesce(facts.facts, 0) AS facts,
               coalesce(granted.points, 0) AS granted, coalesce(granted.had, false) AS had
        FROM who LEFT JOIN sums USING (token) LEFT JOIN streaks USING (token) LEFT JOIN facts USING (token)
        LEFT JOIN granted USING (token) ORDER BY who.token
        """  # noqa: S608  # our own words
    ).bindparams(
        *(sa.bindparam(name, type_=BYTEA) for name in ("after", "through", "run")),
        *(sa.bindparam(name, type_=sa.Integer) for name in ("daily_cap", "steps", "fiscal_year")),
        *(sa.bindparam(name, type_=sa.Date) for name in ("first", "last", "since")),
        *(sa.bindparam(name, type_=sa.Text) for name in ("fact", "rule")),
        *(sa.bindparam(name, type_=sa.Boolean) for name in ("walking", "running")),
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
    """Return what the next so many mailboxes after a token did from ``first`` to ``last``, and the last token; None at the end.

    Who has had points of this run is left out. ``since`` is the first day of the fiscal year in which points are granted, ``year``
    that of the facts.
    """
    await without_loops(tx)
    page = await _LAST.one(tx, after=after, most=most)
    if page["token"] is None:
        return [], None
    rows = await DONE.all(
        tx,
        after=after,
        through=page["token"],
        run=run,
        daily_cap=rule.daily_cap,
        steps=rule.steps or 1,
        fiscal_year=year,
        first=first,
        last=last,
        since=since,
        fact=rule.fact or "",
        rule=name,
        walking=rule.metric not in {"fact", *OF_TEAMS},
        running=rule.metric == "streak",
    )
    found = [
        Done(row["token"], row["steps"], row["active"], row["streak"], row["facts"], row["granted"])
        for row in rows
        if not row["had"]
    ]
    return found, page["token"] if page["members"] == most else None


async def granted(tx: Transaction, rule: str, year: int) -> int:
    """Return the points of a rule in a fiscal year."""
    return int(await _GRANTED.scalar(tx, rule=rule, fiscal_year=year))
