"""The folder of Data Health Plans, read whenever it is asked: files change while the host runs."""

import re
from dataclasses import dataclass
from pathlib import Path

from plans.plan import Plan, read_plan
from plans.recorded import Actuals, beside, read_actuals
from plans.scoring import Reference, reference_of

_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\.toml")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A plan with what stands beside it."""

    plan: Plan
    actuals: Actuals
    reference: Reference | None


class PlanShelf:
    """Plans by name."""

    def __init__(self, folder: Path | None) -> None:
        """Read nothing yet."""
        self._folder = folder

    def plans(self) -> dict[str, Plan]:
        """Return every plan; raise FileUnusable."""
        found = [] if self._folder is None or not self._folder.is_dir() else sorted(self._folder.iterdir())
        return {file.stem: read_plan(file) for file in found if _FILE.fullmatch(file.name)}

    def plan(self, name: str) -> Shelved | None:
        """Return a plan, where there is one of this name; raise FileUnusable."""
        file = None if self._folder is None else self._folder / f"{name}.toml"
        if file is None or not _FILE.fullmatch(file.name) or not file.is_file():
            return None
        return Shelved(read_plan(file), read_actuals(beside(file)), reference_of(file))
