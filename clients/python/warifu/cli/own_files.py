"""Files that a member writes: only their owner reads them, and none is ever written over."""

import os
from pathlib import Path

from warifu.errors import InputRefused


def write_own(path: Path, content: bytes) -> None:
    """Write a new file; InputRefused (``file``) where that cannot be."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except OSError:
        raise InputRefused("file", "the file cannot be written") from None
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
