"""Officers: two people who each sign a window with a key of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from protocol.deployment import OfficerList
from protocol.signing import SigningKey

from .errors import HomeError, OfficerError
from .secret_files import read_secret


@dataclass(frozen=True)
class Officer:
    """An officer's id and signing key."""

    id: str
    key: SigningKey = field(repr=False)


def load_officers(files: Sequence[Path], listed: OfficerList) -> list[Officer]:
    """Read key files (base64url seeds of 32 bytes); raise ``OfficerError`` unless two different listed officers are among them.

    Who the officer is follows from the key, not from the file's name.
    """
    found: dict[str, Officer] = {}
    for file in files:
        try:
            key = SigningKey(read_secret(file))
        except HomeError as error:
            raise OfficerError(str(error)) from error
        officer = next((one.id for one in listed.officers if one.key == key.public_bytes), None)
        if officer is None:
            raise OfficerError(f"the key in {file} is on no officer list of this deployment")
        found[officer] = Officer(officer, key)
    if len(found) < 2:
        raise OfficerError("two different officers must sign: give --officer FILE twice")
    return list(found.values())
