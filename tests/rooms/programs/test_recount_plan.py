"""How PostgreSQL goes about a recount, where it knows nothing of the tables: nobody may count until it is done."""

from collections.abc import Iterator
from typing import Any

from chassis.database import Transaction
from programs.store import recount

from .books import Books

CONTEST = bytes(16)


def loops(node: dict[str, Any]) -> Iterator[list[str | None]]:
    """Yield the tables that stand directly below each loop within a loop."""
    below = node.get("Plans", ())
    if node["Node Type"] == "Nested Loop":
        yield [one.get("Relation Name") for one in below]
    for one in below:
        yield from loops(one)


def test_a_recount_takes_no_square(books: Books) -> None:
    """Loops within loops go over the one row of the contest, and over nothing that grows with members."""

    async def planned(tx: Transaction) -> dict[str, Any]:
        await recount.compared(tx, [CONTEST], repair=False)
        (row,) = await tx.fetch(f"EXPLAIN (FORMAT JSON) {recount.COMPARE.text}", recount.COMPARE.arguments({"contest": CONTEST}))
        plan: dict[str, Any] = row[0][0]["Plan"]
        return plan

    found = list(loops(books.do(planned)))

    assert found
    assert all("contest" in tables for tables in found), found
