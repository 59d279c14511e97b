"""Folders with a package.json: installed by their lock, and built, when something needs them first.

What was done is remembered by a hash of what decides it, so a second call ends in milliseconds. Several processes wait for one
another.
"""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import StepFailed
from local.node import node, npm

ROOT = Path(__file__).resolve().parents[3]
TYPESCRIPT = ROOT / "clients" / "typescript"
PORTAL = ROOT / "clients" / "portal"
_CONTRACTS = ROOT / "contracts"
_MADE = frozenset({"node_modules", "dist"})


def installed(folder: Path) -> None:
    """Install what the folder's package-lock.json names; StepFailed says what npm said."""
    with _alone(folder):
        _install(folder)


def typescript_sdk() -> Path:
    """Return the folder of the TypeScript SDK, installed and built from its sources, the contracts and the tables of the rules."""
    with _alone(TYPESCRIPT):
        _install(TYPESCRIPT)
        stamp = TYPESCRIPT / "dist" / ".warifu-built"
        wanted = _hash([*_sources(TYPESCRIPT), *sorted(_CONTRACTS.glob("*.json"))])
        if not _says(stamp, wanted):
            _npm(TYPESCRIPT, "run", "build", "--silent")
            stamp.write_text(wanted, encoding="ascii")
    return TYPESCRIPT


def portal() -> Path:
    """Return the folder of the portal, installed and built from its sources and the SDK."""
    sdk = typescript_sdk()
    with _alone(PORTAL):
        _install(PORTAL)
        stamp = PORTAL / "dist" / ".warifu-built"
        wanted = _hash([*_sources(PORTAL), sdk / "dist" / ".warifu-built"])
        if not _says(stamp, wanted):
            _npm(PORTAL, "run", "build", "--silent")
            stamp.write_text(wanted, encoding="ascii")
    return PORTAL


def _install(folder: Path) -> None:
    wanted = _hash([folder / "package-lock.json"])
    stamp = folder / "node_modules" / ".warifu-installed"
    if not _says(stamp, wanted):
        _npm(folder, "ci", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts")
        stamp.write_text(wanted, encoding="ascii")


def _npm(folder: Path, *words: str) -> None:
    # Scripts of packages call `node`, which must be this one.
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [*npm(), *words], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StepFailed(f"npm {words[0]} failed in {folder.name}:\n{done.stdout}{done.stderr}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _says(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="ascii") == wanted


def _sources(folder: Path) -> list[Path]:
    made = folder / "src" / "contracts"
    found = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _MADE and Path(here, name) != made]
        found += [Path(here, name) for name in names]
    return sorted(found)


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
