"""The list of suppliers: accepted from two officers, verified whenever it is used."""

from chassis.database import Database, Transaction
from chassis.once import Once
from protocol.encoding import sha256
from protocol.messages.exchange import PutSuppliers, Suppliers
from protocol.messages.officers import Officers
from protocol.proof import Proof
from protocol.signed_lists import ListRefused, SignedList
from protocol.suppliers import SignedSupplierList, Supplier, SupplierList
from windows import Deployed, NotLaterError, later_officers, replace_list, verified_list
from windows.errors import Replayed

from programs.order_errors import SuppliersBehind, SuppliersRefused, SuppliersUnknown, SupplierUnknown
from programs.store.supplier_lists import LISTS


async def accept_suppliers(db: Database, deployed: Deployed, request: PutSuppliers) -> tuple[Suppliers, bool]:
    """Put a list of a higher number in the place of the present one, and say whether it is new; the same again changes nothing."""
    signed = SignedSupplierList(request.suppliers, dict(request.signatures))
    async with db.transaction("accept-suppliers") as tx:
        try:
            listed = await replace_list(tx, deployed, LISTS, signed)
        except ListRefused:
            raise SuppliersRefused from None
        except NotLaterError as error:
            raise SuppliersBehind(number=error.present) from None
        return await _said(tx, deployed, signed), listed is not None


async def read_suppliers(db: Database, deployed: Deployed) -> Suppliers:
    """Return the list with everything by which a device checks it."""
    async with db.transaction("read-suppliers", readonly=True) as tx:
        stored = await LISTS.current(tx)
        if stored is None:
            raise SuppliersUnknown
        return await _said(tx, deployed, stored)


async def verified(tx: Transaction, deployed: Deployed) -> SupplierList | None:
    """Return the list this host goes by, not taken from the disk on trust; None where there is none that holds."""
    return await verified_list(tx, deployed, LISTS)


async def admit_supplier(db: Database, deployed: Deployed, once: Once, made: Proof) -> Supplier:
    """Return the listed supplier whose key made a proof, which counts once."""
    async with db.statements("admit-supplier") as tx:
        listed = await verified(tx, deployed)
        found = None if listed is None else listed.named(made.subject.decode(errors="replace"))
        if found is None or found.request_jkt != made.jkt:
            raise SupplierUnknown
        if not await once.first_within(tx, sha256(made.jkt, made.jti.encode()), made.iat):
            raise Replayed
    return found


async def _said(tx: Transaction, deployed: Deployed, signed: SignedList[SupplierList]) -> Suppliers:
    later = [Officers(officers=one.raw, signatures=one.signatures) for one in await later_officers(tx, deployed)]
    return Suppliers(suppliers=signed.raw, signatures=signed.signatures, officers=tuple(later))
