"""Separate networks: from inside each, exactly what is documented can be reached."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from local import paths
from local.layout import ROOT
from support import reach
from support.separate_networks import UNDOCUMENTED

_FORBIDDEN = 77
DOCUMENTED = reach.told(paths.documented().routes)


def said(what: str, home: Path) -> Any:
    """Return what the program inside networks of its own says; skip where the kernel gives none."""
    program = [sys.executable, "-m", "support.separate_networks", what, str(home)]
    found_in = os.pathsep.join(str(ROOT / folder) for folder in ("deploy/local", "tests"))
    environment = {**os.environ, "PYTHONPATH": found_in}
    done = subprocess.run(program, check=False, capture_output=True, text=True, env=environment)
    if done.returncode == _FORBIDDEN:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def wires(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Lay the networks alone, and return what could be reached in them."""
    return said("wires", tmp_path_factory.mktemp("wires") / "home")


def test_wires_pass_what_is_documented_and_nothing_else(wires: Any) -> None:
    """From no place, at no port, neither plainly nor disguised as an answer, does anything arrive that is not in the file."""
    assert wires["plain"] == DOCUMENTED
    # Few of these are answered at all: an answer goes to a caller's ephemeral port.
    assert [route for route in wires["disguised"] if route not in DOCUMENTED] == []


def test_an_opened_path_is_seen(wires: Any) -> None:
    """A path that somebody opened, and wrote down nowhere, is found from inside."""
    assert [route for route in wires["opened"] if route not in DOCUMENTED] == [list(UNDOCUMENTED)]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Run a whole deployment on separate networks, let a member sign in and read, and return what it said."""
    return said("deployment", tmp_path_factory.mktemp("isolated") / "home")


def test_from_inside_every_running_host(deployment: Any) -> None:
    """With all services and databases running, each host reaches what is documented: no foreign database, nobody outside."""
    assert deployment["plain"] == DOCUMENTED


def test_a_member_signs_in_across_separate_networks(deployment: Any) -> None:
    """Import, sign-in, reading, writing and logging off work, so it is not merely closed; each database is its host's."""
    assert deployment["checkups"] > 0
    assert all(count > 0 for count in deployment["databases"])


def test_the_documentation_says_the_same() -> None:
    """The table in deploy/README.md is the file, line by line."""
    table = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8").partition("|---|---|---|---|\n")[2].split("\n\n")[0]
    rows = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in table.strip().splitlines()]

    expected = [(", ".join(line.callers), ", ".join(line.callees), line.port, line.why) for line in paths.documented().lines]

    assert rows == expected
