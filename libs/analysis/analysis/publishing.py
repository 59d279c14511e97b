"""From finished tables to a snapshot that is there: until then no file with rows of people has a name.

Files are written without one (`O_TMPFILE`, open(2)): with the process that writes them they are gone, however it ends. They get
their names, whole, in a folder that is no month's, which becomes the month's by its next step. A kill between the two leaves what
would have been published; `clear` removes it before anything else is made.
"""

import os
import shutil
from collections.abc import Mapping
from hashlib import file_digest
from io import BufferedRandom, BytesIO, UnsupportedOperation
from pathlib import Path

from analysis.snapshots import Manifest, seal

_UNFINISHED = ".unfinished"
Nameless = BufferedRandom | BytesIO


def clear(shelf: Path) -> None:
    """Remove what was not published."""
    shutil.rmtree(shelf / _UNFINISHED, ignore_errors=True)


def nameless(shelf: Path) -> Nameless:
    """Return a file on the disk of `shelf` that has no name, in memory where the disk knows no such files."""
    try:
        return os.fdopen(os.open(shelf, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b")
    except OSError:
        return BytesIO()


def hashed(file: Nameless) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    file.seek(0)
    return file_digest(file, "sha256").hexdigest()


def publish(shelf: Path, manifest: Manifest, files: Mapping[str, Nameless]) -> None:
    """Let a month's snapshot be there as a whole."""
    unfinished = shelf / _UNFINISHED
    unfinished.mkdir(mode=0o700)
    seal(unfinished, manifest)
    folder = os.open(unfinished, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name, file in files.items():
            _name(file, unfinished / name, folder)
        os.fsync(folder)
    finally:
        os.close(folder)
    unfinished.rename(shelf / manifest.month)


def _name(file: Nameless, target: Path, folder: int) -> None:
    """Give a file its name; `folder` is an open one: without it Python follows no link to the file (bpo-37612)."""
    try:
        written = file.fileno()
    except UnsupportedOperation:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
            file.seek(0)
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
    else:
        file.flush()
        os.fsync(written)
        os.link(f"/proc/self/fd/{written}", target, src_dir_fd=folder)
