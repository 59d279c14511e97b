"""The memory of a process is read, and what is looked for is there to be found."""

import subprocess
import sys

import pytest
from health.items import items

from drill import memory
from drill.scan import Needles

_CODES = {item.code.encode() for item in items()}


@pytest.mark.parametrize(
    ("program", "knows"),
    [
        ("import health.items as known; known.items()", True),
        ("import gateway.app as known", False),
    ],
)
def test_codes_of_examinations_stand_in_programs_that_know_health(program: str, knows: bool) -> None:
    """A process that read the table of examinations has its codes in memory; the gateway's program, on its own, has none."""
    script = f"{program}; print('ready', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        needles = Needles(_CODES)
        found = {value for piece in memory.pieces(process.pid) for _, value in needles.find(piece)}
        process.communicate(b"\n")

    assert bool(found) == knows
