"""Reading ZIP archives from outside: all or nothing, within limits, by position instead of name."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from zipfile import BadZipFile, ZipFile, ZipInfo

_ENCRYPTED = 0x1
_SCHEMA_FOLDER = "XSD/"


class ArchiveError(Exception):
    """The archive as a whole cannot be used; `code` is a report code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes after decompression, and the number of entries.

    The declared sizes are checked before anything is read, and reading stops at the declared size, so a bomb cannot exceed them.
    """

    entries: int = 400_000
    one: int = 4 << 20
    total: int = 16 << 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive; `position` counts every entry of the directory from 1."""

    position: int
    info: ZipInfo


class SafeZip:
    """An archive that was read through once, check sums included, before the first entry is handed out; a context manager.

    Opening raises ArchiveError: `file-unreadable`, `archive-broken`, `archive-encrypted`, `archive-too-large`.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        try:
            self._zip = ZipFile(path)
        except OSError:
            raise ArchiveError("file-unreadable") from None
        except (BadZipFile, ValueError, NotImplementedError, OverflowError):
            raise ArchiveError("archive-broken") from None
        try:
            self._entries = _checked(self._zip, limits)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def content(self, entry: Entry) -> bytes:
        """Return the entry's bytes."""
        return _content(self._zip, entry.info)


def _checked(archive: ZipFile, limits: Limits) -> tuple[Entry, ...]:
    infos = archive.infolist()
    sizes = [info.file_size for info in infos]
    if len(infos) > limits.entries or sum(sizes) > limits.total or max(sizes, default=0) > limits.one:
        raise ArchiveError("archive-too-large")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise ArchiveError("archive-encrypted")
    # The ministry's schemas travel in XSD/; nothing in it is ever interpreted, so only names decide to skip it.
    entries = tuple(Entry(position, info) for position, info in enumerate(infos, 1) if not _is_schema(info))
    for entry in entries:
        _content(archive, entry.info)
    return entries


def _is_schema(info: ZipInfo) -> bool:
    return info.is_dir() or info.filename.lower().endswith(".xsd") or f"/{_SCHEMA_FOLDER}" in f"/{info.filename}"


def _content(archive: ZipFile, info: ZipInfo) -> bytes:
    try:
        return archive.read(info)
    except (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        # Python's zipfile answers damage with all of these, depending on where the damage lies.
        raise ArchiveError("archive-broken") from None
