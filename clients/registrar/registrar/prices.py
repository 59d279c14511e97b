"""Prices of drugs on their way to anon-data: a public table, about nobody."""

import asyncio
from collections.abc import Sequence

from protocol.encoding import sha256
from protocol.messages.prices import PRICES_A_CALL, DrugPrice, PutPrices

from .batches import cut
from .files import Source
from .hosts import encode
from .report import ImportSummary, Line, Place
from .run import Run
from .windows import quotas_of


def read_prices(sources: Sequence[Source], summary: ImportSummary) -> dict[str, DrugPrice]:
    """Return the prices of the tables by code, in the order of codes; of a drug in two tables the later table's counts."""
    found: dict[str, DrugPrice] = {}
    for source in sources:
        found |= {row.code: row for _, row in source.read(DrugPrice, summary.lines)}
    summary.prices_read = len(found)
    return dict(sorted(found.items()))


async def load_prices(run: Run, sources: Sequence[Source]) -> None:
    """Make the tables' prices known instead of those before; tables without a single good line leave them as they are."""
    prices = await asyncio.to_thread(read_prices, sources, run.summary)
    if not prices:
        if sources:
            run.summary.lines.append(Line.of(Place(f"{sources[0].number}:prices", None), "prices-none"))
        return
    windows = await run.session.windows("ingest", quotas_of("ingest"))
    edition = sha256(*(one.model_dump_json().encode() for one in prices.values()))[:16]
    pieces = cut(list(prices.values()), PRICES_A_CALL)
    for at, piece in enumerate(pieces, 1):
        body = encode(PutPrices(edition=edition, prices=tuple(piece), last=at == len(pieces)))
        await run.session.hosts.tell("anon-data", windows.pseudonymous, "/prices", body, method="PUT")
