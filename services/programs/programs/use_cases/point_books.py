"""The office checks the books of points, and takes them along for accounting."""

import csv
import io

from chassis.database import Database
from protocol.messages.point_rules import Books, BookSide
from pydantic import TypeAdapter

from programs.store import point_sums

_SIDES = TypeAdapter(tuple[BookSide, ...])


async def read_books(db: Database) -> Books:
    """Return the sums that must agree and the sides of the books, all of one moment."""
    async with db.transaction("read-books", readonly=True, isolation="repeatable_read") as tx:
        sums = await point_sums.sums(tx)
        sides = await point_sums.sides(tx)
    return Books(
        agree=sums.agree,
        postings=sums.postings,
        entries=sums.entries,
        balances=sums.balances,
        lots=sums.lots,
        held=sums.held,
        holds=sums.holds,
        parts=sums.parts,
        sides=_SIDES.validate_python(
            [{"fiscal_year": one.fiscal_year, "side": one.side, "party": one.party, "points": one.amount} for one in sides]
        ),
    )


def as_csv(books: Books) -> str:
    """Return the sides as CSV (RFC 4180) with a line of titles."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("fiscal_year", "side", "party", "points"))
    rows.writerows((one.fiscal_year, one.side, one.party, one.points) for one in books.sides)
    return out.getvalue()
