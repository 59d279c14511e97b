"""Secret files: base64url text, readable by their owner only."""

import os
import stat
from pathlib import Path

from protocol.encoding import EncodingError, b64u, unb64u

from .errors import HomeError


def private_folder(path: Path) -> Path:
    """Return the folder, made if missing, closed to everybody else."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a whole file for its owner only; a reader sees the old text or the new one, never half."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def read_private(path: Path) -> str:
    """Return a file's text; raise ``HomeError`` when it is missing or others could read it."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise HomeError(f"{path} can be read by others; it must belong to its owner alone (mode 600)")
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise HomeError(f"{path} cannot be read") from error


def read_secret(path: Path, size: int = 32) -> bytes:
    """Return the secret of ``size`` bytes in a file."""
    try:
        return unb64u(read_private(path), size)
    except EncodingError as error:
        raise HomeError(f"{path} does not hold a key of {size} bytes") from error


def keep_secret(path: Path, size: int = 32) -> bytes:
    """Return the secret in this file; a fresh random one the first time."""
    if not path.exists():
        write_private(path, b64u(os.urandom(size)))
    return read_secret(path, size)
