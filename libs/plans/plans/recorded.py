"""The actuals that a plan had when they were filled in: a file beside the plan, ``NAME.actuals.toml``, reviewed as a difference.

A snapshot knows five fiscal years and a plan lasts longer. Every number in the file is one that analysis showed, with its mark, the
version of the measure and the snapshot.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from analysis.tables import Asks
from pydantic import Field

from plans.actuals import Actual, by_year
from plans.files import Data, read
from plans.plan import Id, Measured, Plan

Side = Literal["indicator", "output", "outcome"]
Key = tuple[str, Side]
"""The id of a problem or of a programme, and which of its indicators it is."""
Actuals = dict[Key, dict[int, Actual]]
_HEAD = "# Written by `python -m plans fill`. Every number is one that analysis shows.\n"


class _Row(Data):
    of: Id
    side: Side
    year: int
    snapshot: str
    measure: str
    version: int
    mark: Literal["", "hidden", "low", "high"]
    people: int | None = None
    counted: int | None = None
    value: float | None = None


class _File(Data):
    actuals: list[_Row] = Field(default_factory=list)


def indicators(plan: Plan) -> dict[Key, Measured]:
    """Return all that is measured of a plan."""
    found: dict[Key, Measured] = {(one.id, "indicator"): one.indicator for one in plan.problems}
    for one in plan.programmes:
        found |= {(one.id, "output"): one.output, (one.id, "outcome"): one.outcome}
    return found


def ask_all(plan: Plan, asks: Asks) -> Actuals:
    """Ask everything that the plan measures."""
    return {key: by_year(asks, indicator.question) for key, indicator in indicators(plan).items()}


def read_actuals(file: Path) -> Actuals:
    """Read a file of actuals, empty where there is none; raise FileUnusable."""
    if not file.exists():
        return {}
    found: Actuals = {}
    for row in read(file, _File).actuals:
        entry = row.model_dump(exclude={"of", "side"})
        found.setdefault((row.of, row.side), {})[row.year] = Actual(**entry)
    return found


def joined(plan: Plan, earlier: Actuals, now: Actuals) -> Actuals:
    """Take today's answer of each year there is one of, else the earlier; nothing of what the plan does not measure (any more)."""
    return {
        key: {
            **{year: one for year, one in earlier.get(key, {}).items() if one.measure == indicator.measure},
            **now.get(key, {}),
        }
        for key, indicator in indicators(plan).items()
    }


def written(actuals: Actuals) -> str:
    """Return the file's text."""
    rows = (_row(key, one) for key, years in actuals.items() for _, one in sorted(years.items()))
    return _HEAD + "".join(rows)


def _row(key: Key, actual: Actual) -> str:
    entries: Iterable[tuple[str, object]] = {"of": key[0], "side": key[1], **asdict(actual)}.items()
    # Texts and numbers of JSON are texts and numbers of TOML.
    lines = (f"{name} = {json.dumps(value)}\n" for name, value in entries if value is not None)
    return "\n[[actuals]]\n" + "".join(lines)


def beside(plan: Path) -> Path:
    """Return where a plan's actuals are."""
    return plan.with_suffix(".actuals.toml")
