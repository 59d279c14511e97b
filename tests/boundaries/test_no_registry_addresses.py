"""Locks are pins with hashes: where packages come from is the machine's business, not the repository's."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def lock_files() -> tuple[list[Path], list[Path]]:
    """Python locks and npm locks that are, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    paths = [ROOT / name for name in listed]
    return (
        [path for path in paths if path.parent == ROOT / "locks" and path.suffix == ".txt"],
        [path for path in paths if path.name == "package-lock.json"],
    )


def test_python_locks() -> None:
    """Python locks name no address and no index."""
    locks, _ = lock_files()
    found = [
        (path.name, line) for path in locks for line in path.read_text().splitlines() if re.search(r"://|--\S*index|--find", line)
    ]

    assert found == []
    assert len(locks) >= 7


def test_python_locks_have_hashes() -> None:
    """Every pin in a Python lock carries at least one hash."""
    locks, _ = lock_files()
    bare = [
        (path.name, pin.splitlines()[0])
        for path in locks
        for pin in re.split(r"\n(?=\S)", path.read_text())
        if "==" in pin and "--hash=sha256:" not in pin
    ]

    assert bare == []


def test_npm_locks() -> None:
    """Npm locks carry hashes and no place to download from."""
    _, locks = lock_files()
    found = []
    for path in locks:
        for name, package in json.loads(path.read_text())["packages"].items():
            if name and (
                ("resolved" in package and not package.get("link"))
                # What another package brings along is in that one's hash.
                or ("integrity" not in package and not package.get("link") and not package.get("inBundle"))
            ):
                found.append((path.parent.name, name))

    assert found == []
    assert locks != []
