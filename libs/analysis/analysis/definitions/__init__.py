"""Measures and variables as data: a reviewer reads their differences, and a snapshot names the ones it was made by."""

import tomllib
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import Any

NAMES = ("variables", "measures")


def read(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries of one file in its order."""
    for key, entry in tomllib.loads(_text(name)).items():
        if isinstance(entry, dict):
            yield key, entry


def digest(name: str) -> str:
    """Return the SHA-256 of one file, in hexadecimal."""
    return sha256(_text(name).encode()).hexdigest()


def _text(name: str) -> str:
    return files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
