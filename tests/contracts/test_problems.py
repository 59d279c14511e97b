"""contracts/problems.md is what the code says, and says it once."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "contracts" / "problems.md"


def generated() -> str:
    """Return the page as `make contracts` writes it; in a process of its own, because tests define problems too."""
    code = "import sys; from local.contracts import problem_page; sys.stdout.write(problem_page())"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "deploy" / "local")}
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(text: str) -> list[list[str]]:
    """Return the cells of each problem type."""
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text.splitlines()
        if line.startswith("| `")
    ]


def test_page_is_current() -> None:
    """The page is what `make contracts` writes."""
    assert (PAGE.read_text(encoding="utf-8") if PAGE.exists() else "") == generated(), (
        "contracts/problems.md is stale: run make contracts"
    )


def test_types_mean_one_thing() -> None:
    """A type has the same status wherever it is refused with, because a client tells problems apart by it."""
    found = {(cells[0], cells[1]) for cells in rows(PAGE.read_text(encoding="utf-8"))}

    assert sorted(type_ for type_, _ in found) == sorted({type_ for type_, _ in found})
    assert len(found) > 20


def test_types_are_explained() -> None:
    """Every type says in a sentence what it means."""
    assert [(cells[0], cells[4]) for cells in rows(PAGE.read_text(encoding="utf-8")) if len(cells[3]) < 15] == []
