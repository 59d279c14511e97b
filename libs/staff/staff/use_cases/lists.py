"""The staff list of this store: accepted from two officers, and verified again whenever it is used."""

from chassis.database import Database, Transaction
from protocol import passkey
from protocol.encoding import sha256
from protocol.messages.staff import PutStaffList, StaffListHere
from protocol.staff import SignedStaffList, StaffList
from protocol.staff import StaffRefused as Refused
from windows import Deployed, current_officers, numbered_officers

from staff.errors import StaffListBehind, StaffListDiffers, StaffListRefused
from staff.store import lists as store
from staff.store import sessions


async def accept(db: Database, deployed: Deployed, request: PutStaffList) -> tuple[StaffListHere, bool]:
    """Put a list of a higher number in the place of the present one, and say whether it is new; every session ends with that.

    The same list again changes nothing.
    """
    signed = SignedStaffList(request.staff, dict(request.signatures))
    async with db.transaction("accept-staff-list") as tx:
        await store.hold(tx)
        stored = await store.current(tx)
        if stored is not None and stored.raw == signed.raw:
            return _here(deployed, stored), False
        try:
            listed = signed.check(await current_officers(tx, deployed), deployed.deployment.sorted_origins)
        except Refused:
            raise StaffListRefused from None
        if not all(passkey.is_passkey_key(one.public_key) for one in listed.passkeys):
            raise StaffListRefused
        _require_later(deployed, listed, stored)
        await store.replace(tx, listed.number, signed)
        await sessions.end_all(tx)
    return _here(deployed, signed), True


async def here(db: Database, deployed: Deployed) -> StaffListHere:
    """Say which list this store goes by."""
    async with db.statements("read-staff-list") as tx:
        return _here(deployed, await store.current(tx))


async def keep(tx: Transaction) -> None:
    """Keep the list as it is until the transaction ends."""
    await store.share(tx)


async def verified(tx: Transaction, deployed: Deployed) -> StaffList | None:
    """Return the staff list this store goes by, not taken from the disk on trust; None where there is none that holds."""
    stored = await store.current(tx)
    if stored is None:
        return None
    origins = deployed.deployment.sorted_origins
    try:
        officers = await numbered_officers(tx, deployed, stored.read(origins).officers)
        return None if officers is None else stored.check(officers, origins)
    except Refused:
        return None


def _require_later(deployed: Deployed, listed: StaffList, stored: SignedStaffList | None) -> None:
    known = _here(deployed, stored).number
    if listed.number == known:
        raise StaffListDiffers
    if listed.number < known:
        raise StaffListBehind(number=known)


def _here(deployed: Deployed, stored: SignedStaffList | None) -> StaffListHere:
    # A list from before the origins changed is as good as none.
    try:
        number = 0 if stored is None else stored.read(deployed.deployment.sorted_origins).number
    except Refused:
        number = 0
    return StaffListHere(number=number, hash=None if stored is None or number == 0 else sha256(stored.raw))
