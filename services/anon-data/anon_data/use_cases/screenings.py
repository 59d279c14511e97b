"""The registrar says who took part in cancer screenings, and takes back what it said wrongly; the member reads it."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from chassis.database import Database
from mailboxes.order import require_sorted, require_unique
from mailboxes.readers import Reader
from mailboxes.store import batches, mailboxes
from protocol.messages.screenings import (
    SCREENINGS,
    OwnScreenings,
    ScreenedYear,
    ScreeningRow,
    ScreeningsStored,
    ScreeningsWithdrawn,
)
from windows import RegistrarCall, spend

from anon_data.store import screenings as store


async def store_screenings(db: Database, caller: RegistrarCall, rows: Sequence[ScreeningRow]) -> ScreeningsStored:
    """Keep rows of open mailboxes; those that are there change nothing."""
    _check(rows)
    async with db.transaction("store-screenings") as tx:
        await spend(tx, caller, "screening", len(rows))
        await batches.hold(tx)
        known = await mailboxes.known(tx, [row.token for row in rows])
        kept = [_key(row) for row in rows if row.token in known]
        inserted = await store.insert_all(tx, kept)
    unknown = tuple(at for at, row in enumerate(rows) if row.token not in known)
    return ScreeningsStored(inserted=inserted, unchanged=len(kept) - inserted, unknown=unknown)


async def withdraw_screenings(db: Database, caller: RegistrarCall, rows: Sequence[ScreeningRow]) -> ScreeningsWithdrawn:
    """Remove these rows, and say how many were there."""
    _check(rows)
    async with db.transaction("withdraw-screenings") as tx:
        await spend(tx, caller, "withdraw", len(rows))
        await batches.hold(tx)
        withdrawn = await store.delete(tx, [_key(row) for row in rows])
    return ScreeningsWithdrawn(withdrawn=withdrawn, absent=len(rows) - withdrawn)


async def read_screenings(db: Database, reader: Reader) -> OwnScreenings:
    """Return what the reader's member took part in, the newest year first."""
    async with db.statements("read-screenings") as tx:
        rows = await store.of_token(tx, await reader.for_reading(tx))
    years = groupby(rows, itemgetter("fiscal_year"))
    return OwnScreenings(
        years=tuple(ScreenedYear(fiscal_year=year, kinds=tuple(SCREENINGS[row["kind"] - 1] for row in of)) for year, of in years)
    )


def _check(rows: Sequence[ScreeningRow]) -> None:
    require_sorted([row.token for row in rows])
    require_unique([_key(row) for row in rows])


def _key(row: ScreeningRow) -> store.ScreeningKey:
    return row.token, row.fiscal_year, SCREENINGS.index(row.kind) + 1
