"""The officers' lists that followed the pinned one, kept in the home as they were signed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.deployment import Deployment, OfficerList
from protocol.messages.officers import Officers
from protocol.officers import OfficersRefused, SignedOfficerList, follow
from pydantic import ValidationError

from .errors import OfficerError
from .secret_files import read_private, write_private

_FILE = "officers.json"


@dataclass(frozen=True)
class OfficerChain:
    """The list that counts now, and how it came about: a chain that was verified from the one in deployment.json."""

    current: OfficerList
    later: tuple[SignedOfficerList, ...] = ()
    """Every list after the pinned one."""

    @classmethod
    def of(cls, deployment: Deployment, later: Sequence[SignedOfficerList]) -> "OfficerChain":
        """Verify lists one after the other; raise ``OfficerError`` where one does not follow."""
        try:
            current = follow(deployment.officers, later, deployment.sorted_origins)
        except OfficersRefused as error:
            raise OfficerError(f"the officers' lists do not follow the one in deployment.json: {error}") from error
        return cls(current, tuple(later))

    @classmethod
    def load(cls, home: Path, deployment: Deployment) -> "OfficerChain":
        """Read the home's lists; those that deployment.json has caught up with are left out."""
        path = home / _FILE
        if not path.exists():
            return cls(deployment.officers)
        try:
            later = signed_lists([Officers.model_validate(one) for one in json.loads(read_private(path))])
            new = [one for one in later if one.read(deployment.sorted_origins).number > deployment.officers.number]
        except (ValueError, TypeError, ValidationError, OfficersRefused) as error:
            raise OfficerError(f"{path} does not hold this deployment's officers' lists") from error
        return cls.of(deployment, new)

    def followed_by(self, signed: SignedOfficerList, deployment: Deployment) -> "OfficerChain":
        """Return the chain with one more list; raise ``OfficerError`` when it does not follow."""
        return OfficerChain.of(deployment, (*self.later, signed))

    def save(self, home: Path) -> None:
        """Keep the lists in the home."""
        write_private(home / _FILE, json.dumps([one.model_dump(mode="json") for one in self.messages]))

    @property
    def messages(self) -> tuple[Officers, ...]:
        """The later lists as they go over the wire and into files for officers."""
        return tuple(Officers(officers=one.raw, signatures=one.signatures) for one in self.later)


def signed_lists(messages: Sequence[Officers]) -> list[SignedOfficerList]:
    """Return lists as they were signed."""
    return [SignedOfficerList(one.officers, dict(one.signatures)) for one in messages]
