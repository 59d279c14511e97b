"""The list of suppliers, to whose keys addresses are sealed."""

from pathlib import Path

from protocol import strict_json
from protocol.messages.exchange import PutSuppliers
from protocol.suppliers import SignedSupplierList, Supplier, SupplierList
from pydantic import ValidationError

from .errors import OfficerError
from .signed_lists import ListKind, Proposal

SUPPLIERS: ListKind[Supplier, PutSuppliers] = ListKind(
    title="a list of suppliers",
    file="suppliers.json",
    refused="not-a-supplier-proposal",
    put=PutSuppliers,
    proposal=Proposal[PutSuppliers],
    signed=lambda put: SignedSupplierList(put.suppliers, dict(put.signatures)),
    message=lambda signed: PutSuppliers(suppliers=signed.raw, signatures=signed.signatures),
    draft=lambda number, officers, entries, origins: SignedSupplierList.draft(
        SupplierList(number=number, officers=officers, suppliers=entries), origins
    ),
    # Suppliers change their keys.
    replaces=True,
)


def entry(path: Path) -> Supplier:
    """Read what a supplier gives the registrar: id, name and two public keys."""
    try:
        return Supplier.model_validate(strict_json.loads_object(path.read_bytes()))
    except (OSError, ValidationError, strict_json.JsonRefused):
        raise OfficerError(f"{path} is no supplier's file") from None
