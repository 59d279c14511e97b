"""The staff list: who may work at the stores, proposed by the registrar, signed by two officers, kept in the home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from protocol import strict_json
from protocol.deployment import Deployment
from protocol.encoding import lp
from protocol.messages.base import Message
from protocol.messages.officers import Officers
from protocol.messages.staff import PutStaffList, StaffEnrolment
from protocol.names import StoreName
from protocol.signing import SignatureRefused, verify
from protocol.staff import Role, SignedStaffList, StaffGrant, StaffList, StaffPasskey, StaffRefused
from pydantic import ValidationError

from .errors import OfficerError, RequestRefused
from .officer_lists import OfficerChain, signed_lists
from .secret_files import read_private, write_private

_FILE = "staff.json"


class StaffProposal(Message):
    """The file in which a list travels to officers: the officers' lists, the staff list until now, and the next one."""

    v: Literal[1] = 1
    officers: tuple[Officers, ...] = ()
    before: PutStaffList | None = None
    proposed: PutStaffList

    @classmethod
    def load(cls, path: Path) -> "StaffProposal":
        """Read a file; raise ``RequestRefused`` when it is no proposal of a staff list."""
        try:
            return cls.model_validate(strict_json.loads_object(path.read_bytes()))
        except (OSError, ValidationError, strict_json.JsonRefused):
            raise RequestRefused("not-a-staff-proposal") from None

    def save(self, path: Path) -> None:
        """Write the file; it holds public keys alone."""
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")

    @property
    def signed(self) -> SignedStaffList:
        """The proposed list as it goes to the stores."""
        return SignedStaffList(self.proposed.staff, dict(self.proposed.signatures))

    def signed_by(self, signed: SignedStaffList) -> "StaffProposal":
        """Return a copy with these signatures."""
        return self.model_copy(update={"proposed": PutStaffList(staff=signed.raw, signatures=signed.signatures)})


@dataclass(frozen=True)
class StaffChange:
    """What a proposal changes."""

    chain: OfficerChain
    before: StaffList | None
    after: StaffList
    signers: tuple[str, ...]

    @property
    def added(self) -> tuple[StaffPasskey, ...]:
        """Entries that are new, or new in this form."""
        return tuple(one for one in self.after.passkeys if one not in self._known)

    @property
    def removed(self) -> tuple[StaffPasskey, ...]:
        """Entries that go, or go in this form."""
        return tuple(one for one in self._known if one not in self.after.passkeys)

    @property
    def stays(self) -> tuple[StaffPasskey, ...]:
        """Entries that stay as they are."""
        return tuple(one for one in self.after.passkeys if one in self._known)

    @property
    def _known(self) -> tuple[StaffPasskey, ...]:
        return self.before.passkeys if self.before else ()


def load(home: Path) -> PutStaffList | None:
    """Return the list that was published last from this home."""
    path = home / _FILE
    if not path.exists():
        return None
    try:
        return PutStaffList.model_validate_json(read_private(path))
    except ValidationError:
        raise OfficerError(f"{path} does not hold a staff list") from None


def save(home: Path, listed: PutStaffList) -> None:
    """Keep a list in the home."""
    write_private(home / _FILE, listed.model_dump_json())


def entry(name: str, enrolment: StaffEnrolment, roles: Mapping[StoreName, Sequence[Role]]) -> StaffPasskey:
    """Return a new entry; raise ``OfficerError`` where it names a store for which the enrolment has no subject."""
    if missing := sorted(set(roles) - set(enrolment.subjects)):
        raise OfficerError(f"the enrolment has no subject for {', '.join(missing)}")
    try:
        stores = {store: StaffGrant(subject=enrolment.subjects[store], roles=tuple(given)) for store, given in roles.items()}
        return StaffPasskey(id=name, credential_id=enrolment.credential_id, public_key=enrolment.public_key, stores=stores)
    except ValidationError:
        raise OfficerError("--as is a short plain word, and at least one --role is needed") from None


def propose(
    chain: OfficerChain, deployment: Deployment, before: PutStaffList | None, add: Sequence[StaffPasskey], remove: Sequence[str]
) -> StaffProposal:
    """Return the next list, not yet signed; raise ``OfficerError`` when it could never be accepted."""
    known = _read(before, deployment)
    present = known.passkeys if known else ()
    if unknown := [one for one in remove if one not in {passkey.id for passkey in present}]:
        raise OfficerError(f"{len(unknown)} of those to remove are not on the list")
    staying = [one for one in present if one.id not in remove]
    try:
        number = known.number + 1 if known else 1
        after = StaffList(number=number, officers=chain.current.number, passkeys=(*staying, *add))
    except ValidationError:
        raise OfficerError("an id and a passkey stand on the list once") from None
    draft = SignedStaffList.draft(after, deployment.sorted_origins)
    proposed = PutStaffList(staff=draft.raw, signatures={})
    return StaffProposal(officers=chain.messages, before=before, proposed=proposed)


def read(proposal: StaffProposal, deployment: Deployment) -> StaffChange:
    """Check everything that can be checked before two have signed; raise ``RequestRefused`` with a code."""
    try:
        chain = OfficerChain.of(deployment, signed_lists(proposal.officers))
    except OfficerError:
        raise RequestRefused("officers") from None
    try:
        before = _read(proposal.before, deployment)
        after = proposal.signed.read(deployment.sorted_origins)
    except (OfficerError, StaffRefused):
        raise RequestRefused("not-a-staff-proposal") from None
    if after.officers != chain.current.number or after.number <= (before.number if before else 0):
        raise RequestRefused("list-number")
    for signer, signature in proposal.proposed.signatures.items():
        try:
            verify(chain.current.key_of(signer) or b"", signature, lp("staff", proposal.proposed.staff))
        except SignatureRefused:
            raise RequestRefused("signature") from None
    return StaffChange(chain, before, after, tuple(sorted(proposal.proposed.signatures)))


def publishable(proposal: StaffProposal, chain: OfficerChain, deployment: Deployment) -> PutStaffList:
    """Return what goes to the stores; raise ``OfficerError`` unless two officers of the current list signed it."""
    try:
        proposal.signed.check(chain.current, deployment.sorted_origins)
    except StaffRefused as error:
        raise OfficerError(f"the stores would refuse this staff list: {error}") from error
    return proposal.proposed


def _read(listed: PutStaffList | None, deployment: Deployment) -> StaffList | None:
    if listed is None:
        return None
    try:
        return SignedStaffList(listed.staff, dict(listed.signatures)).read(deployment.sorted_origins)
    except StaffRefused:
        raise OfficerError("the staff list in the home is another deployment's") from None
