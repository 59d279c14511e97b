"""A list that the registrar proposes, two officers sign, a host takes and the home keeps: of staff, of suppliers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from protocol import strict_json
from protocol.deployment import Deployment
from protocol.messages.base import Message
from protocol.messages.officers import Officers
from protocol.signed_lists import Entry, ListRefused, NumberedList, SignedList
from pydantic import ValidationError

from .errors import OfficerError, RequestRefused
from .officer_lists import OfficerChain, signed_lists
from .officers import Officer
from .secret_files import read_private, write_private

EntryT = TypeVar("EntryT", bound=Entry)
PutT = TypeVar("PutT", bound=Message)


class Proposal(Message, Generic[PutT]):
    """The file in which a list travels to officers: the officers' lists, the list until now, and the next one."""

    v: Literal[1] = 1
    officers: tuple[Officers, ...] = ()
    before: PutT | None = None
    proposed: PutT

    def save(self, path: Path) -> None:
        """Write the file; it holds public keys alone."""
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")


@dataclass(frozen=True)
class ListChange(Generic[EntryT]):
    """What a proposal changes."""

    chain: OfficerChain
    before: NumberedList[EntryT] | None
    after: NumberedList[EntryT]
    signers: tuple[str, ...]

    @property
    def added(self) -> tuple[EntryT, ...]:
        """Entries that are new, or new in this form."""
        return tuple(one for one in self.after.entries if one not in self._known)

    @property
    def removed(self) -> tuple[EntryT, ...]:
        """Entries that go, or go in this form."""
        return tuple(one for one in self._known if one not in self.after.entries)

    @property
    def stays(self) -> tuple[EntryT, ...]:
        """Entries that stay as they are."""
        return tuple(one for one in self.after.entries if one in self._known)

    @property
    def _known(self) -> tuple[EntryT, ...]:
        return self.before.entries if self.before else ()


@dataclass(frozen=True)
class ListKind(Generic[EntryT, PutT]):
    """One kind of list: how it is called, kept, sent and read."""

    title: str
    """What it is called in a sentence."""
    file: str
    """Its name in the home."""
    refused: str
    """The code for officers of a file that is no proposal of one."""
    put: type[PutT]
    """The message in which it goes to a host, and stands in files."""
    proposal: type[Proposal[PutT]]
    signed: Callable[[PutT], SignedList[NumberedList[EntryT]]]
    """The list that a message carries."""
    message: Callable[[SignedList[NumberedList[EntryT]]], PutT]
    """The message that carries a list."""
    draft: Callable[[int, int, tuple[EntryT, ...], Sequence[str]], SignedList[NumberedList[EntryT]]]
    """A list by its number, the officers' list's, its entries and origins, not yet signed."""
    replaces: bool
    """Whether an entry that is added takes the place of the one of its id, or is refused beside it."""

    def load(self, home: Path) -> PutT | None:
        """Return the list that was published last from this home."""
        path = home / self.file
        if not path.exists():
            return None
        try:
            return self.put.model_validate_json(read_private(path))
        except ValidationError:
            raise OfficerError(f"{path} does not hold {self.title}") from None

    def load_proposal(self, path: Path) -> Proposal[PutT]:
        """Read a file; raise ``RequestRefused`` when it is no proposal of such a list."""
        try:
            return self.proposal.model_validate(strict_json.loads_object(path.read_bytes()))
        except (OSError, ValidationError, strict_json.JsonRefused):
            raise RequestRefused(self.refused) from None

    def propose(
        self, chain: OfficerChain, deployment: Deployment, before: PutT | None, add: Sequence[EntryT], remove: Sequence[str]
    ) -> Proposal[PutT]:
        """Return the next list, not yet signed; raise ``OfficerError`` when it could never be accepted."""
        known = self._read(before, deployment)
        present = known.entries if known else ()
        if unknown := set(remove) - {one.id for one in present}:
            raise OfficerError(f"{len(unknown)} of those to remove are not on the list")
        going = {*remove, *(one.id for one in add if self.replaces)}
        entries = (*(one for one in present if one.id not in going), *add)
        try:
            number = known.number + 1 if known else 1
            draft = self.draft(number, chain.current.number, entries, deployment.sorted_origins)
        except ValidationError:
            raise OfficerError("an id and a key stand on the list once") from None
        return self.proposal(officers=chain.messages, before=before, proposed=self.message(draft))

    def read(self, proposal: Proposal[PutT], deployment: Deployment) -> ListChange[EntryT]:
        """Check everything that can be checked before two have signed; raise ``RequestRefused`` with a code."""
        try:
            chain = OfficerChain.of(deployment, signed_lists(proposal.officers))
        except OfficerError:
            raise RequestRefused("officers") from None
        signed = self.signed(proposal.proposed)
        try:
            before = self._read(proposal.before, deployment)
            after = signed.read(deployment.sorted_origins)
        except (OfficerError, ListRefused):
            raise RequestRefused(self.refused) from None
        if after.officers != chain.current.number or after.number <= (before.number if before else 0):
            raise RequestRefused("list-number")
        for signer in signed.signatures:
            try:
                signed.check_signature(chain.current, signer)
            except ListRefused:
                raise RequestRefused("signature") from None
        return ListChange(chain, before, after, tuple(sorted(signed.signatures)))

    def signed_by(self, proposal: Proposal[PutT], officer: Officer) -> tuple[Proposal[PutT], int]:
        """Return the proposal with this officer's signature too, and how many have signed."""
        signed = self.signed(proposal.proposed).signed_by(officer.id, officer.key)
        return proposal.model_copy(update={"proposed": self.message(signed)}), len(signed.signatures)

    def publish_from(self, home: Path, deployment: Deployment, file: Path | None) -> PutT:
        """Return what goes to hosts, kept in the home: what a file proposes, or else the last one again.

        Raises ``OfficerError`` unless two officers of the current list signed what the file proposes.
        """
        if file is None:
            last = self.load(home)
            if last is None:
                raise OfficerError(f"{self.title} was never published from this home")
            return last
        proposed = self.load_proposal(file).proposed
        try:
            self.signed(proposed).check(OfficerChain.load(home, deployment).current, deployment.sorted_origins)
        except ListRefused as error:
            raise OfficerError(f"hosts would refuse {self.title}: {error}") from error
        write_private(home / self.file, proposed.model_dump_json())
        return proposed

    def _read(self, listed: PutT | None, deployment: Deployment) -> NumberedList[EntryT] | None:
        try:
            return None if listed is None else self.signed(listed).read(deployment.sorted_origins)
        except ListRefused:
            raise OfficerError(f"{self.title} in the home is another deployment's") from None
