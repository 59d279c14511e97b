"""Whatever kills the making of a snapshot, nothing half-made is there and no rows of people are left."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WHOLE = [".rounding-key", "2026-11", "2026-11/disease_year.parquet", "2026-11/manifest.json", "2026-11/member_year.parquet"]
BUILDER = [".builder", ".builder/2026-11.parquet", ".builder/roster-key"]
BOTH = [".unfinished/disease_year.parquet", ".unfinished/member_year.parquet"]
ANEW = {"people": 59, "last": False, "remembered": 59, "files": BUILDER + WHOLE, "known": []}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    program = Path(__file__).with_name("killing.py")
    command = [sys.executable, str(program), str(tmp_path_factory.mktemp("killed"))]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def test_rows_have_names_when_they_are_whole(steps: list[dict[str, Any]]) -> None:
    """A kill before any step leaves no rows that have a name, but in the two steps from there to the month: whole files."""
    left = [step["left"] for step in steps]

    assert [one["rows"] for one in left if one["rows"]] == [BOTH[1:], BOTH]
    assert {one["whole"] for one in left} == {True}


def test_there_or_not(steps: list[dict[str, Any]]) -> None:
    """Until one step no month is there, from it on it is, whole; only the last attempt was not killed."""
    there = [bool(step["left"]["months"]) for step in steps]

    assert len(steps) > 30
    assert there == sorted(there)
    assert [step["stopped"] for step in steps] == [True] * (len(steps) - 1) + [False]


def test_the_next_attempt_begins_anew(steps: list[dict[str, Any]]) -> None:
    """Nothing of who withdrew in between is in the snapshot, among names or anywhere else; what is there is not made again."""
    again = [step["again"] for step in steps if not step["left"]["months"]]
    refused = {step["again"]["refused"] for step in steps if step["left"]["months"]}

    assert refused == {"is there already, and a snapshot is never changed"}
    assert [one for one in again if one != ANEW] == []
