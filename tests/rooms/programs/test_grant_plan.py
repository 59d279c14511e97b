"""How PostgreSQL looks up what members did, where it knows nothing of the tables: some thousand at a time, all of them once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chassis.database import Transaction
from programs.store import point_metrics
from protocol.messages.point_rules import Rule, Tier

from .books import FIRST, Books

RULE = Rule(
    title_ja="歩く (架空)", title_en="Walk", metric="streak", steps=8_000, tiers=(Tier(at=1, points=1),), budget=1, lasts_days=1
)
GROWING = {"mailbox", "step_day", "step_day_inbox", "point_entry", "point_entry_inbox", "point_fact"}
"""Tables with rows of every member."""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def planned(books: Books, *settings: str) -> list[dict[str, Any]]:
    """Plan as the store does after it has asked once, with settings of the planner beside."""
    days = {"first": FIRST, "last": FIRST + timedelta(27), "since": FIRST}
    given = {"after": bytes(1), "through": b"\1", "run": bytes(16), "rule": "walk", "fact": "", "fiscal_year": 2026}
    numbers = {"daily_cap": 30_000, "steps": 8_000, "walking": True, "running": True}

    async def plan(tx: Transaction) -> dict[str, Any]:
        await point_metrics.done(tx, RULE, "walk", bytes(16), **days, year=2026, after=b"", most=9)
        for setting in settings:
            await tx.run(setting)
        said = point_metrics.DONE.arguments({**given, **numbers, **days})
        (row,) = await tx.fetch(f"EXPLAIN (FORMAT JSON) {point_metrics.DONE.text}", said)
        found: dict[str, Any] = row[0][0]["Plan"]
        return found

    return list(nodes(books.do(plan)))


def test_a_page_reads_its_own_members(books: Books) -> None:
    """Of each table that grows with members the part between two tokens: else all of it would be read for each page of them."""
    scans = [node for node in planned(books, "SET LOCAL enable_seqscan TO off") if node.get("Relation Name") in GROWING]
    bounds = [_conditions(node) for node in scans]

    assert {node["Relation Name"] for node in scans} == GROWING
    assert all("token > " in bound and "token <= " in bound for bound in bounds), bounds


def test_no_loops_within_loops(books: Books) -> None:
    """Guesses of one row do not lead to the square of a page."""
    assert [node for node in planned(books) if node["Node Type"] == "Nested Loop"] == []


def _conditions(node: dict[str, Any]) -> str:
    return str([one.get("Index Cond") for one in nodes(node)])
