"""A snapshot on disk: a folder named by its month, with a manifest that names every file, its hash and the definitions.

``2026-11/manifest.json``, ``2026-11/member_year.parquet``, ``2026-11/disease_year.parquet``.
Never changed once it is there; a later month is another folder.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

from analysis import definitions
from analysis.errors import SnapshotUnusable

FORMAT = 3
MEMBER_YEARS = "member_year.parquet"
DISEASE_YEARS = "disease_year.parquet"
_MANIFEST = "manifest.json"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot says of itself.

    `fewest`: people of its smallest block at least. `workplaces`: those of whole blocks.
    `diseases`: classes that as many people have. `rounding_key`: hexadecimal, the same in all
    snapshots of a shelf, so that a year that is over is not rounded anew each month.
    """

    format: int
    month: str
    fewest: int
    rounding_key: str
    fiscal_years: tuple[int, ...]
    workplaces: tuple[str, ...]
    diseases: tuple[str, ...]
    definitions: dict[str, str]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that is whole and of this version."""

    folder: Path
    manifest: Manifest

    @property
    def month(self) -> str:
        """The month of which it is."""
        return self.manifest.month

    @property
    def member_years(self) -> Path:
        """The file of member-years."""
        return self.folder / MEMBER_YEARS

    @property
    def disease_years(self) -> Path:
        """The file of what members were treated for: a row for each of a person's classes in a year, and for each of the groups."""
        return self.folder / DISEASE_YEARS


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; what it names is there already."""
    (folder / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def digest(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def current_definitions() -> dict[str, str]:
    """Return the hashes of the definitions that this version has."""
    return {name: definitions.digest(name) for name in definitions.NAMES}


def open_snapshot(folder: Path) -> Snapshot:
    """Check a folder and return it; raise SnapshotUnusable."""
    try:
        entries = json.loads((folder / _MANIFEST).read_bytes())
        entries |= {name: tuple(entries[name]) for name in ("fiscal_years", "workplaces", "diseases")}
        manifest = Manifest(**entries)
    except (OSError, ValueError, TypeError, KeyError):
        raise SnapshotUnusable(f"{folder}: has no manifest that can be read") from None
    if manifest.format != FORMAT or manifest.definitions["variables"] != definitions.digest("variables"):
        raise SnapshotUnusable(f"{folder}: is of another version; make a new snapshot")
    for name, expected in manifest.files.items():
        if not (folder / name).is_file() or digest(folder / name) != expected:
            raise SnapshotUnusable(f"{folder / name}: is not the file that the manifest names")
    return Snapshot(folder, manifest)


def months(shelf: Path) -> Iterator[str]:
    """Yield the months of which a folder of snapshots has one, the latest first. One that is half made is none."""
    yield from sorted((found.name for found in shelf.iterdir() if _MONTH.fullmatch(found.name)), reverse=True)


def newest(shelf: Path) -> Snapshot:
    """Return the latest snapshot of a folder; raise SnapshotUnusable where there is none."""
    month = next(months(shelf), None) if shelf.is_dir() else None
    if month is None:
        raise SnapshotUnusable(f"{shelf}: holds no snapshot")
    return open_snapshot(shelf / month)
