"""``python killing.py FOLDER``: kills the making of a snapshot before one step after the other, and says what each left.

A step is anything that is done to a file or folder of the shelf, some people read, or a sentence that is told. Each time another
shelf is begun; then the snapshot is made once more without the last person, and not killed. One line of JSON for each step.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis import MemberYear, SnapshotUnusable, newest
from analysis.making import making
from analysis.snapshots import digest
from pyarrow import parquet

PEOPLE = 60
MONTH = "2026-11"
LAST = 999_999.0
"""What the last person cost: nobody else costs as much."""


def rows(people: int) -> Iterator[MemberYear]:
    for number in range(people):
        yen = LAST if number == PEOPLE - 1 else 1000.0 * number
        yield MemberYear(number.to_bytes(2), 2025, 45, "male", "insured", "mill", {"smoking": "no"}, {"yen": yen})


def make(shelf: Path, people: int, step: Callable[[str], None]) -> None:
    with making(shelf, MONTH, told=step) as made:
        for number, row in enumerate(rows(people)):
            made.add(row)
            if number % 20 == 0:
                step("read")


def killed(shelf: Path, before: int) -> bool:
    """Make the snapshot in a process of its own, and say whether it came to the step before which it is killed."""
    child = os.fork()
    if not child:
        left = before

        def step(_what: str) -> None:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(lambda event, of: step(event) if str(shelf) in str(of) else None)
        make(shelf, PEOPLE, step)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("it failed, and was not killed")
    return os.WIFSIGNALED(status)


def left(shelf: Path) -> dict[str, object]:
    """Return months, files with rows that are no month's, and whether these are whole."""
    others = {shelf / MONTH, shelf / ".builder", shelf / ".rounding-key", shelf / ".rounding-key.new"}
    files = [file for file in shelf.rglob("*") if file.is_file() and others.isdisjoint((file, file.parent))]
    rows = sorted(file for file in files if file.name != "manifest.json")
    manifest = json.loads((shelf / ".unfinished" / "manifest.json").read_text()) if rows else {}
    return {
        "months": [newest(shelf).month] if (shelf / MONTH).exists() else [],
        "rows": [str(file.relative_to(shelf)) for file in rows],
        "whole": all(digest(file) == manifest["files"][file.name] for file in rows),
    }


def again(shelf: Path) -> dict[str, object]:
    """Make it once more, and return what there is then, and which months the builder knew when it began to read."""
    known: list[str] = []

    def step(what: str) -> None:
        if what == "read":
            known.extend(file.stem for file in (shelf / ".builder").glob("*.parquet"))

    try:
        make(shelf, PEOPLE - 1, step)
    except SnapshotUnusable as error:
        return {"refused": str(error).rpartition(": ")[2]}
    yen = parquet.read_table(newest(shelf).member_years)["yen"].to_pylist()
    roster = parquet.read_metadata(shelf / ".builder" / f"{MONTH}.parquet").num_rows
    files = sorted(str(file.relative_to(shelf)) for file in shelf.rglob("*"))
    return {"people": len(yen), "last": LAST in yen, "remembered": roster, "files": files, "known": known}


def main() -> None:
    steps, stopped = 0, True
    while stopped:
        steps += 1
        shelf = Path(sys.argv[1]) / f"shelf-{steps}"
        stopped = killed(shelf, steps)
        print(json.dumps({"stopped": stopped, "left": left(shelf), "again": again(shelf)}))


if __name__ == "__main__":
    main()
