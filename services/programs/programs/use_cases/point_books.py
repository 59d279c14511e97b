"""The office checks the books of points, and takes them along for accounting."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from chassis.database import Database
from mailboxes import GATE
from protocol.messages.point_rules import Books, BookSide, Budget, Budgets, OrderSums
from pydantic import TypeAdapter

from programs.fiscal_year import fiscal_year
from programs.point_errors import BooksDisagree
from programs.store import point_checks, point_metrics, point_rules, point_sums
from programs.store.point_checks import Month
from programs.store.point_sums import Side

_SIDES = TypeAdapter(tuple[BookSide, ...])


async def read_books(db: Database) -> Books:
    """Return the sums that must agree and the sides of the books, all of one moment."""
    async with db.moment("read-books", GATE, readonly=True) as tx:
        sums = await point_sums.sums(tx)
        sides = await point_sums.sides(tx)
        orders = await point_checks.orders(tx)
    return Books(
        agree=sums.agree and orders.agree,
        postings=sums.postings,
        entries=sums.entries,
        balances=sums.balances,
        lots=sums.lots,
        held=sums.held,
        holds=sums.holds,
        parts=sums.parts,
        orders=OrderSums(**asdict(orders)),
        sides=_SIDES.validate_python(
            [{"fiscal_year": one.fiscal_year, "side": one.side, "party": one.party, "points": one.amount} for one in sides]
        ),
    )


async def read_accounts(db: Database) -> str:
    """Return every account by month as CSV; raises BooksDisagree where the months are not what the books say."""
    async with db.moment("read-accounts", GATE, readonly=True) as tx:
        agree = (await point_sums.sums(tx)).agree and (await point_checks.orders(tx)).agree
        months, sides = await point_checks.months(tx), await point_sums.sides(tx)
    if not agree or not _add_up(months, sides):
        raise BooksDisagree
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("month", "fiscal_year", "side", "party", "debit", "credit"))
    rows.writerows((one.month, one.fiscal_year, one.side, one.party, one.debit, one.credit) for one in months)
    return out.getvalue()


async def read_budgets(db: Database, today: date) -> Budgets:
    """Return of every rule its budget of this fiscal year, and what was granted of it."""
    year = fiscal_year(today)
    async with db.transaction("read-budgets", readonly=True) as tx:
        rules = sorted((await point_rules.newest(tx)).items())
        granted = [await point_metrics.granted(tx, name, year) for name, _ in rules]
    return Budgets(
        budgets=tuple(
            Budget(rule=name, fiscal_year=year, budget=version.rule.budget, granted=spent)
            for (name, version), spent in zip(rules, granted, strict=True)
        )
    )


def _add_up(months: Sequence[Month], sides: Sequence[Side]) -> bool:
    by_month: Counter[str] = Counter()
    by_side: Counter[tuple[int, str, str]] = Counter()
    for one in months:
        by_month[one.month] += one.credit - one.debit
        by_side[one.fiscal_year, one.side, one.party] += one.credit - one.debit
    return not any(by_month.values()) and by_side == Counter({(one.fiscal_year, one.side, one.party): one.amount for one in sides})


def as_csv(books: Books) -> str:
    """Return the sides as CSV (RFC 4180) with a line of titles."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("fiscal_year", "side", "party", "points"))
    rows.writerows((one.fiscal_year, one.side, one.party, one.points) for one in books.sides)
    return out.getvalue()
