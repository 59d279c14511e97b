"""A proposal: the file in which the officers' next list travels to those who sign it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from protocol import strict_json
from protocol.deployment import Deployment, Officer, OfficerList
from protocol.encoding import lp
from protocol.messages.base import Message
from protocol.messages.officers import Officers
from protocol.officers import OfficersRefused, SignedOfficerList
from protocol.signing import SignatureRefused, verify
from pydantic import ValidationError

from .errors import OfficerError, RequestRefused
from .officer_lists import OfficerChain, signed_lists


class Proposal(Message):
    """The file's content: the lists until now, and the one that is proposed, whoever signed it so far."""

    v: Literal[1] = 1
    officers: tuple[Officers, ...] = ()
    proposed: Officers

    @classmethod
    def load(cls, path: Path) -> "Proposal":
        """Read a file; raise ``RequestRefused`` when it is no proposal."""
        try:
            return cls.model_validate(strict_json.loads_object(path.read_bytes()))
        except (OSError, ValidationError, strict_json.JsonRefused):
            raise RequestRefused("not-a-proposal") from None

    def save(self, path: Path) -> None:
        """Write the file; it holds public keys alone."""
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")

    @property
    def signed(self) -> SignedOfficerList:
        """The proposed list as it goes to the hosts."""
        return signed_lists([self.proposed])[0]


@dataclass(frozen=True)
class Change:
    """What a proposal changes."""

    chain: OfficerChain
    after: OfficerList
    signers: tuple[str, ...]

    @property
    def added(self) -> tuple[Officer, ...]:
        """Entries that are new, or new in this form."""
        return tuple(one for one in self.after.officers if one not in self.chain.current.officers)

    @property
    def removed(self) -> tuple[Officer, ...]:
        """Entries that go, or go in this form."""
        return tuple(one for one in self.chain.current.officers if one not in self.after.officers)

    @property
    def may_sign(self) -> tuple[Officer, ...]:
        """Officers of both lists, whose entry stays the same."""
        return tuple(one for one in self.chain.current.officers if one in self.after.officers)


def propose(chain: OfficerChain, deployment: Deployment, add: Mapping[str, bytes], remove: Sequence[str]) -> Proposal:
    """Return the next list, not yet signed; raise ``OfficerError`` when it could never be accepted."""
    current = chain.current
    if unknown := [one for one in remove if current.key_of(one) is None]:
        raise OfficerError(f"{len(unknown)} of those to remove are no officers now")
    staying = [one for one in current.officers if one.id not in remove]
    try:
        added = [Officer(id=name, key=key) for name, key in add.items()]
        after = OfficerList(number=current.number + 1, officers=(*staying, *added))
    except ValidationError:
        raise OfficerError("an officer's id is a short plain word, and ids and keys stand in the list once") from None
    if len(staying) < 2:
        raise OfficerError("two officers must stay, because two who stay must sign")
    drafted = SignedOfficerList.draft(after, deployment.sorted_origins)
    return Proposal(officers=chain.messages, proposed=Officers(officers=drafted.raw, signatures={}))


def read(proposal: Proposal, deployment: Deployment) -> Change:
    """Check everything that can be checked before two have signed; raise ``RequestRefused`` with a code."""
    try:
        chain = OfficerChain.of(deployment, signed_lists(proposal.officers))
        after = proposal.signed.read(deployment.sorted_origins)
    except (OfficerError, OfficersRefused):
        raise RequestRefused("officers") from None
    if after.number != chain.current.number + 1:
        raise RequestRefused("list-number")
    change = Change(chain, after, tuple(sorted(proposal.proposed.signatures)))
    for signer, signature in proposal.proposed.signatures.items():
        _check_signature(change, signer, signature, proposal.proposed.officers)
    return change


def _check_signature(change: Change, signer: str, signature: bytes, raw: bytes) -> None:
    key = next((one.key for one in change.may_sign if one.id == signer), None)
    try:
        verify(key or b"", signature, lp("officers", raw))
    except SignatureRefused:
        raise RequestRefused("signature") from None
