"""Backups as an attacker meets them: files in a seized host's folder, opened with whatever key there is."""

import json
from collections.abc import Iterator
from pathlib import Path

from protocol.encoding import lp
from protocol.sealed_stream import OpeningFile, SealingFile
from protocol.sealing import OpenError, XWingPrivateKey

from drill.seizure import HostCopy

FOLDER = "backups"


def files_of(copy: HostCopy) -> list[Path]:
    """Return the host's backups."""
    return sorted((copy.folder / FOLDER).glob("*.backup"))


def opened(path: Path, host: str, seed: bytes) -> dict[str, bytes] | None:
    """Return each table's rows as PostgreSQL's binary COPY has them, or None where this key does not open the file."""
    try:
        with path.open("rb") as file:
            opening = OpeningFile(file, XWingPrivateKey(seed), lp("backup", host))
            header = json.loads(opening.read(int.from_bytes(opening.read(4))))
            return {name: b"".join(_pieces(opening)) for name, _ in header["tables"]}
    except OpenError:
        return None


def write(path: Path, host: str, seed: bytes, table: str, rows: bytes) -> None:
    """Write a backup of one table, as a careless change would have left it."""
    with path.open("wb") as file:
        sealing = SealingFile(file, XWingPrivateKey(seed).public_bytes, lp("backup", host))
        header = json.dumps({"host": host, "migrations": {}, "tables": [[table, []]]}).encode()
        for piece in (header, rows, b""):
            sealing.write(len(piece).to_bytes(4) + piece)
        sealing.close()


def _pieces(opening: OpeningFile) -> Iterator[bytes]:
    while length := int.from_bytes(opening.read(4)):
        yield opening.read(length)
