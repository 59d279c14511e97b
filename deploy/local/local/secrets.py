"""Secret files: base64url text without a line end, readable by their owner only."""

import base64
import os
import secrets
from pathlib import Path


def encode(raw: bytes) -> str:
    """Return unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


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


def keep_secret(path: Path, size: int = 32) -> bytes:
    """Return the secret in this file; a fresh random one of `size` bytes the first time."""
    if not path.exists():
        write_private(path, encode(secrets.token_bytes(size)))
    return decode(path.read_text(encoding="ascii"))
