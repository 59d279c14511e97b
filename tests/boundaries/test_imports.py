"""Who may import whom between rooms: the contracts in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from boundaries.repository import ROOT, files, text_of


def importlinter() -> dict[str, Any]:
    configured: dict[str, Any] = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["importlinter"]
    return configured


def packages(folder: str) -> set[str]:
    """Import names of the rooms below a folder."""
    projects = [path for path in files(".toml") if path.name == "pyproject.toml" and path.relative_to(ROOT).parts[0] == folder]
    return {tomllib.loads(text_of(path))["tool"]["uv"]["build-backend"]["module-name"] for path in projects}


def test_import_contracts() -> None:
    """Every import contract is kept."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert (done.returncode, "0 broken" in done.stdout) == (0, True), done.stdout + done.stderr


def test_every_room_is_under_contract() -> None:
    """The contracts look at every room there is."""
    rooms = packages("libs") | packages("services") | packages("clients")

    assert sorted(importlinter()["root_packages"]) == sorted(rooms)


def test_every_service_is_independent() -> None:
    """The first contract, that no service knows another, names every service."""
    first = next(contract for contract in importlinter()["contracts"] if contract["name"] == "No service knows another")

    assert sorted(first["modules"]) == sorted(packages("services"))
