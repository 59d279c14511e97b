"""Lists of which a host has the newest alone: accepted from two officers, and verified again whenever they are used."""

from typing import TypeVar

from chassis.database import Transaction
from protocol.signed_lists import Entry, ListRefused, NumberedList, SignedList

from windows.start import Deployed
from windows.store.signed_lists import ListStore

from .officers import current as current_officers
from .officers import numbered as numbered_officers

ListT = TypeVar("ListT", bound=NumberedList[Entry])


class NotLaterError(Exception):
    """A list whose number is not higher than that of the present one."""

    def __init__(self, number: int, present: int) -> None:
        """Keep the two numbers."""
        super().__init__(number, present)
        self.number, self.present = number, present


async def replace(tx: Transaction, deployed: Deployed, store: ListStore[ListT], signed: SignedList[ListT]) -> ListT | None:
    """Put a list of a higher number in the place of the present one and return it; None where it is the present one.

    Raises :class:`protocol.signed_lists.ListRefused` and :class:`NotLaterError`.
    """
    await store.hold(tx)
    stored = await store.current(tx)
    if stored is not None and stored.raw == signed.raw:
        return None
    listed = signed.check(await current_officers(tx, deployed), deployed.deployment.sorted_origins)
    present = number_of(deployed, stored)
    if listed.number <= present:
        raise NotLaterError(listed.number, present)
    await store.replace(tx, listed.number, signed)
    return listed


async def verified(tx: Transaction, deployed: Deployed, store: ListStore[ListT]) -> ListT | None:
    """Return the list this host goes by, not taken from the disk on trust; None where there is none that holds."""
    stored = await store.current(tx)
    if stored is None:
        return None
    origins = deployed.deployment.sorted_origins
    try:
        officers = await numbered_officers(tx, deployed, stored.read(origins).officers)
        return None if officers is None else stored.check(officers, origins)
    except ListRefused:
        return None


def number_of(deployed: Deployed, stored: SignedList[ListT] | None) -> int:
    """Return a list's number; 0 for none, and for one from before the origins changed, which is as good as none."""
    try:
        return 0 if stored is None else stored.read(deployed.deployment.sorted_origins).number
    except ListRefused:
        return 0
