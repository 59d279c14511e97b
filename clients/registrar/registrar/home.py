"""The workstation's folder: the insurer's key, the roster's key, the roster, the keys of open windows.

| file | what |
|---|---|
| insurer.key | seed of the insurer's X-Wing key, to which split seals are made |
| roster.key | key of the roster |
| roster.sqlite | the encrypted roster |
| windows/ | keys of windows until they expire, and whom they are about |
| requests/ | the same of windows that officers on other machines have yet to sign |
| reidentify/ | sealed member numbers that wait for the second window of a re-identification |
| officers.json | the officers' lists after the one in deployment.json |
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from protocol.sealing import XWingPrivateKey

from .errors import HomeError
from .roster import Roster
from .secret_files import keep_secret, private_folder, read_secret

DEFAULT_HOME = Path(".warifu/registrar")


@dataclass(frozen=True)
class Home:
    """An existing folder with its two keys read."""

    path: Path
    insurer: XWingPrivateKey = field(repr=False)
    roster_key: bytes = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> "Home":
        """Open the folder; raise ``HomeError`` when it was never made or its keys are not private."""
        if not (path / "insurer.key").exists():
            raise HomeError(f"{path} is no registrar's home; make one with: warifu-registrar init --home {path}")
        roster_key = path / "roster.key"
        if not roster_key.exists() and (path / "roster.sqlite").exists():
            raise HomeError(f"{roster_key} is missing, and without it the roster does not open")
        return cls(path, XWingPrivateKey(read_secret(path / "insurer.key")), keep_secret(roster_key))

    @property
    def windows(self) -> Path:
        """Folder of the open windows' keys."""
        return private_folder(self.path / "windows")

    @property
    def requests(self) -> Path:
        """Folder of the keys of windows that are not signed yet."""
        return private_folder(self.path / "requests")

    def roster(self) -> Roster:
        """Open the roster, made if missing."""
        return Roster.open(self.path / "roster.sqlite", self.roster_key)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home alone: two imports at a time would mint two sets of references for one person."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise HomeError(f"another import is running in {self.path}") from error
            yield


def create(path: Path) -> bytes:
    """Make the folder and its keys where missing, and return the insurer's X-Wing public key (1,216 bytes).

    It is called before the deployment's public file is written, because that file holds this key.
    """
    private_folder(path)
    insurer = XWingPrivateKey(keep_secret(path / "insurer.key"))
    Home.load(path).roster().close()
    return insurer.public_bytes
