"""Officers: two people who each sign a window with a key of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from protocol.deployment import OfficerList
from protocol.officers import FEWEST
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
    found = {officer.id: officer for officer in (load_officer(file, listed) for file in files)}
    if len(found) < FEWEST:
        raise OfficerError("two different officers must sign: give --officer FILE twice")
    return list(found.values())


def load_officer(file: Path, listed: OfficerList) -> Officer:
    """Read one key file; raise ``OfficerError`` unless its key is on this list."""
    key = load_key(file)
    officer = next((one.id for one in listed.officers if one.key == key.public_bytes), None)
    if officer is None:
        raise OfficerError(f"the key in {file} is not on the current officers' list of this deployment")
    return Officer(officer, key)


def load_key(file: Path) -> SigningKey:
    """Read a key file (base64url seed of 32 bytes)."""
    try:
        return SigningKey(read_secret(file))
    except HomeError as error:
        raise OfficerError(str(error)) from error
