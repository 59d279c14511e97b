"""The staff list of this store: accepted from two officers, and verified again whenever it is used."""

from chassis.database import Database, Transaction
from protocol import passkey
from protocol.encoding import sha256
from protocol.messages.staff import PutStaffList, StaffListHere
from protocol.signed_lists import ListRefused, SignedList
from protocol.staff import SignedStaffList, StaffList
from windows import Deployed, NotLaterError, list_number, replace_list, verified_list

from staff.errors import StaffListBehind, StaffListDiffers, StaffListRefused
from staff.store import sessions
from staff.store.lists import LISTS


async def accept(db: Database, deployed: Deployed, request: PutStaffList) -> tuple[StaffListHere, bool]:
    """Put a list of a higher number in the place of the present one, and say whether it is new; every session ends with that.

    The same list again changes nothing.
    """
    signed = SignedStaffList(request.staff, dict(request.signatures))
    async with db.transaction("accept-staff-list") as tx:
        listed = await _replace(tx, deployed, signed)
        if listed is not None:
            if not all(passkey.is_passkey_key(one.public_key) for one in listed.passkeys):
                raise StaffListRefused
            await sessions.end_all(tx)
    return _here(deployed, signed), listed is not None


async def here(db: Database, deployed: Deployed) -> StaffListHere:
    """Say which list this store goes by."""
    async with db.statements("read-staff-list") as tx:
        return _here(deployed, await LISTS.current(tx))


async def keep(tx: Transaction) -> None:
    """Keep the list as it is until the transaction ends."""
    await LISTS.share(tx)


async def verified(tx: Transaction, deployed: Deployed) -> StaffList | None:
    """Return the staff list this store goes by, not taken from the disk on trust; None where there is none that holds."""
    return await verified_list(tx, deployed, LISTS)


async def _replace(tx: Transaction, deployed: Deployed, signed: SignedStaffList) -> StaffList | None:
    try:
        return await replace_list(tx, deployed, LISTS, signed)
    except ListRefused:
        raise StaffListRefused from None
    except NotLaterError as error:
        if error.number == error.present:
            raise StaffListDiffers from None
        raise StaffListBehind(number=error.present) from None


def _here(deployed: Deployed, stored: SignedList[StaffList] | None) -> StaffListHere:
    number = list_number(deployed, stored)
    return StaffListHere(number=number, hash=None if stored is None or number == 0 else sha256(stored.raw))
