"""The reader keys at both stores: the newest one of the bundle is the one that reads, named there by the one before."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import date

from protocol.bundle import Bundle
from protocol.names import STORES, StoreName

from ._stores import Store
from ._wire import Wire
from .errors import HostUnavailable, KeyMaterialRefused


async def enter(wire: Wire, bundle: Bundle, *, renewed: bool = False) -> frozenset[StoreName]:
    """Make the bundle's newest reader keys the ones that read; return the stores that could not be asked, for a later login.

    ``renewed`` says that the newest ones are most likely not known yet.
    """
    entered = await asyncio.gather(*(_enter(wire, bundle, store, renewed=renewed) for store in STORES))
    return frozenset(store for store, done in zip(STORES, entered, strict=True) if not done)


async def recoveries(wire: Wire, bundle: Bundle, but: Collection[StoreName]) -> Mapping[StoreName, date]:
    """Return the stores, but for those that could not be entered, at which somebody may take the mailbox over, with the day."""
    stores = [store for store in STORES if store not in but]
    days = await asyncio.gather(*(Store.of(wire, bundle, store).recovery() for store in stores))
    return {store: day for store, day in zip(stores, days, strict=True) if day is not None}


async def _enter(wire: Wire, bundle: Bundle, store: StoreName, *, renewed: bool) -> bool:
    newest, *older = (Store(wire, store, bundle.seed(store), scalar) for scalar in bundle.readers[store])
    try:
        if renewed:
            await _name(older, newest)
        # A claim is also the first use of a key that was named: from then on no older one reads.
        outcome = await newest.claim()
        if outcome == "another" and await _name(older, newest):
            outcome = await newest.claim()
    except HostUnavailable:
        return False
    if outcome == "another":
        raise KeyMaterialRefused(store, "the mailbox answers to another key")
    return outcome == "held"


async def _name(older: list[Store], newest: Store) -> bool:
    """Let the newest of the older keys that the store knows name the new one."""
    for known in older:
        if await known.name_next(newest):
            return True
    return False
