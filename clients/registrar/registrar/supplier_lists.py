"""The list of suppliers, to whose keys addresses are sealed: proposed by the registrar, signed by two officers, kept at home."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from protocol import strict_json
from protocol.deployment import Deployment
from protocol.encoding import lp
from protocol.messages.base import Message
from protocol.messages.exchange import PutSuppliers
from protocol.messages.officers import Officers
from protocol.signing import SignatureRefused, verify
from protocol.suppliers import SignedSupplierList, Supplier, SupplierList, SuppliersRefused
from pydantic import ValidationError

from .errors import OfficerError, RequestRefused
from .officer_lists import OfficerChain, signed_lists
from .secret_files import read_private, write_private

_FILE = "suppliers.json"


class SupplierProposal(Message):
    """The file in which a list travels to officers: the officers' lists, the suppliers until now, and the next list."""

    v: Literal[1] = 1
    officers: tuple[Officers, ...] = ()
    before: PutSuppliers | None = None
    proposed: PutSuppliers

    @classmethod
    def load(cls, path: Path) -> "SupplierProposal":
        """Read a file; raise ``RequestRefused`` when it is no proposal of a list of suppliers."""
        try:
            return cls.model_validate(strict_json.loads_object(path.read_bytes()))
        except (OSError, ValidationError, strict_json.JsonRefused):
            raise RequestRefused("not-a-supplier-proposal") from None

    def save(self, path: Path) -> None:
        """Write the file; it holds public keys alone."""
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")

    @property
    def signed(self) -> SignedSupplierList:
        """The proposed list as it goes to programs."""
        return SignedSupplierList(self.proposed.suppliers, dict(self.proposed.signatures))

    def signed_by(self, signed: SignedSupplierList) -> "SupplierProposal":
        """Return a copy with these signatures."""
        return self.model_copy(update={"proposed": PutSuppliers(suppliers=signed.raw, signatures=signed.signatures)})


@dataclass(frozen=True)
class SupplierChange:
    """What a proposal changes."""

    chain: OfficerChain
    before: SupplierList | None
    after: SupplierList
    signers: tuple[str, ...]

    @property
    def added(self) -> tuple[Supplier, ...]:
        """Suppliers that are new, or have other keys."""
        return tuple(one for one in self.after.suppliers if one not in self._known)

    @property
    def removed(self) -> tuple[Supplier, ...]:
        """Suppliers that go, or go with these keys."""
        return tuple(one for one in self._known if one not in self.after.suppliers)

    @property
    def stays(self) -> tuple[Supplier, ...]:
        """Suppliers that stay as they are."""
        return tuple(one for one in self.after.suppliers if one in self._known)

    @property
    def _known(self) -> tuple[Supplier, ...]:
        return self.before.suppliers if self.before else ()


def load(home: Path) -> PutSuppliers | None:
    """Return the list that was published last from this home."""
    path = home / _FILE
    if not path.exists():
        return None
    try:
        return PutSuppliers.model_validate_json(read_private(path))
    except ValidationError:
        raise OfficerError(f"{path} does not hold a list of suppliers") from None


def save(home: Path, listed: PutSuppliers) -> None:
    """Keep a list in the home."""
    write_private(home / _FILE, listed.model_dump_json())


def entry(path: Path) -> Supplier:
    """Read what a supplier gives the registrar: id, name and two public keys."""
    try:
        return Supplier.model_validate(strict_json.loads_object(path.read_bytes()))
    except (OSError, ValidationError, strict_json.JsonRefused):
        raise OfficerError(f"{path} is no supplier's file") from None


def propose(
    chain: OfficerChain, deployment: Deployment, before: PutSuppliers | None, add: Sequence[Supplier], remove: Sequence[str]
) -> SupplierProposal:
    """Return the next list, not yet signed; whom ``add`` names again gets new keys. Raises ``OfficerError``."""
    known = _read(before, deployment)
    present = known.suppliers if known else ()
    if unknown := set(remove) - {one.id for one in present}:
        raise OfficerError(f"{len(unknown)} of those to remove are not on the list")
    going = {*remove, *(one.id for one in add)}
    try:
        after = SupplierList(
            number=known.number + 1 if known else 1,
            officers=chain.current.number,
            suppliers=(*(one for one in present if one.id not in going), *add),
        )
    except ValidationError:
        raise OfficerError("an id and a key stand on the list once") from None
    draft = SignedSupplierList.draft(after, deployment.sorted_origins)
    proposed = PutSuppliers(suppliers=draft.raw, signatures={})
    return SupplierProposal(officers=chain.messages, before=before, proposed=proposed)


def read(proposal: SupplierProposal, deployment: Deployment) -> SupplierChange:
    """Check everything that can be checked before two have signed; raise ``RequestRefused`` with a code."""
    try:
        chain = OfficerChain.of(deployment, signed_lists(proposal.officers))
    except OfficerError:
        raise RequestRefused("officers") from None
    try:
        before = _read(proposal.before, deployment)
        after = proposal.signed.read(deployment.sorted_origins)
    except (OfficerError, SuppliersRefused):
        raise RequestRefused("not-a-supplier-proposal") from None
    if after.officers != chain.current.number or after.number <= (before.number if before else 0):
        raise RequestRefused("list-number")
    for signer, signature in proposal.proposed.signatures.items():
        try:
            verify(chain.current.key_of(signer) or b"", signature, lp("suppliers", proposal.proposed.suppliers))
        except SignatureRefused:
            raise RequestRefused("signature") from None
    return SupplierChange(chain, before, after, tuple(sorted(proposal.proposed.signatures)))


def publishable(proposal: SupplierProposal, chain: OfficerChain, deployment: Deployment) -> PutSuppliers:
    """Return what goes to programs; raise ``OfficerError`` unless two officers of the current list signed it."""
    try:
        proposal.signed.check(chain.current, deployment.sorted_origins)
    except SuppliersRefused as error:
        raise OfficerError(f"programs would refuse this list of suppliers: {error}") from error
    return proposal.proposed


def _read(listed: PutSuppliers | None, deployment: Deployment) -> SupplierList | None:
    if listed is None:
        return None
    try:
        return SignedSupplierList(listed.suppliers, dict(listed.signatures)).read(deployment.sorted_origins)
    except SuppliersRefused:
        raise OfficerError("the list of suppliers in the home is another deployment's") from None
