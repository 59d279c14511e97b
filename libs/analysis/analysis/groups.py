"""Groups of people as a question names them, and the offsets by which each one's numbers are rounded."""

import hmac
import json
from collections.abc import Iterable

from analysis.answers import Cell
from analysis.disclosure import STEP, Offsets
from analysis.policy import Policy
from analysis.questions import Plan
from analysis.variables import UNKNOWN, Rung, variables

_HALF = STEP // 2


class Grid:
    """All groups of a question in their order, each `hidden`; `places`: by fiscal year and levels, None where one is unknown."""

    def __init__(self, hidden: Iterable[Cell]) -> None:
        self.hidden = tuple(hidden)
        self.places = {
            (cell.year, *(None if level == UNKNOWN else level for level in cell.levels)): place
            for place, cell in enumerate(self.hidden)
        }


class Drawn:
    """The offsets of a question's groups: whatever rungs name one and whatever is measured of it, the same."""

    def __init__(self, key: bytes, asked: Plan, policy: Policy) -> None:
        self._key = key
        self._rungs = (*asked.by, *(rung for rung, _ in asked.where))
        self._chosen = tuple(level for _, level in asked.where)
        self._offset = policy.offset
        self._texts: dict[int, tuple[dict[str, str], ...]] = {year: tuple({} for _ in self._rungs) for year in asked.years}
        self._order = sorted(range(len(self._rungs)), key=lambda place: self._rungs[place].variable)
        self._people = [place for place in self._order if variables()[self._rungs[place].variable].of != "disease"]

    def offsets(self, year: int, levels: tuple[str, ...]) -> Offsets:
        """Return those of the group with these levels of the rungs that people are told apart by.

        Whatever disease is counted, how many people there are is rounded alike: else asking about many would average it.
        """
        if not self._offset:
            return Offsets(_HALF, _HALF)
        found = self._offsets(year, levels, self._order)
        return found if self._people == self._order else Offsets(self._offsets(year, levels, self._people).people, found.counted)

    def _offsets(self, year: int, levels: tuple[str, ...], order: list[int]) -> Offsets:
        named = (*levels, *self._chosen)
        texts = self._texts[year]
        text = ", ".join([texts[place].get(named[place]) or self._named(year, place, named[place]) for place in order])
        random = hmac.digest(self._key, f"[{year}, [{text}]]".encode(), "sha256")
        return Offsets(int.from_bytes(random[:8]), int.from_bytes(random[8:16]))

    def _named(self, year: int, place: int, level: str) -> str:
        return self._texts[year][place].setdefault(level, _named(self._rungs[place], level, year))


def _named(rung: Rung, level: str, year: int) -> str:
    """Return variable and level as JSON: the finest levels that it joins, so that two rungs' names of the same people are one.

    In the rung's year itself what somebody was in that year is what they are.
    """
    name = rung.variable if rung.year in {None, year} else f"{rung.variable}@{rung.year}"
    variable = variables()[rung.variable]
    finest = variable.rungs[0].levels
    if level == UNKNOWN or finest is None:
        return json.dumps([name, [rung.name, level] if level == UNKNOWN else [level]])
    place = [one.name for one in variable.rungs].index(rung.name)
    return json.dumps([name, [fine for fine in finest if variable.climb(fine)[place] == level]])
