"""Groups of people as a question names them, and the offsets by which each one's numbers are rounded."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from struct import Struct
from typing import Any

from analysis.answers import Cell
from analysis.disclosure import STEP, Offsets
from analysis.policy import Policy
from analysis.questions import Plan
from analysis.variables import UNKNOWN, Rung, population_columns, variables

_HALVES = Offsets(STEP // 2, STEP // 2)
_OFFSETS = Struct(">QQ")
_BLOCK = 64
"""Bytes that SHA-256 takes at a time."""
_COLUMN = {column: place for place, column in enumerate(population_columns())}


class Grid:
    """All groups of a question in their order, each `hidden`; `places`: by fiscal year and levels, None where one is unknown."""

    def __init__(self, hidden: Iterable[Cell]) -> None:
        self.hidden = tuple(hidden)
        self.places = {
            (cell.year, *(None if level == UNKNOWN else level for level in cell.levels)): place
            for place, cell in enumerate(self.hidden)
        }


class Makeup:
    """Of which blocks populations are made: as a number, the same for the same blocks, whatever levels name them.

    `blocks`: of each block that is told from others the fiscal year and its levels by column, as `Backend.blocks` gives them.
    """

    def __init__(self, key: bytes, blocks: Iterable[Sequence[Any]]) -> None:
        named = _Key(key)
        self._blocks = [
            (year, levels, int.from_bytes(named.hmac(json.dumps([year, *levels]).encode())[:16])) for year, *levels in blocks
        ]

    def of(self, asked: Plan) -> Mapping[tuple[Any, ...], int]:
        """Return the numbers of a question's populations, by year and their levels of its population rungs, in its order."""
        by = [_COLUMN[rung.column] for rung in asked.by if rung.column in _COLUMN]
        where = [(_COLUMN[rung.column], level) for rung, level in asked.where if rung.column in _COLUMN]
        cohort = [[(_COLUMN[rung.column], {*levels}) for rung, levels in condition] for condition in asked.cohort]
        found: defaultdict[tuple[Any, ...], int] = defaultdict(int)
        for year, levels, number in self._blocks:
            if all(levels[at] == level for at, level in where) and all(
                any(levels[at] in some for at, some in condition) for condition in cohort
            ):
                found[year, *(levels[at] for at in by)] ^= number
        return found


class Drawn(dict[int, Offsets]):
    """The offsets of a question's groups, by their places: whatever names one and whatever is measured of it, the same.

    A group is a population, by its blocks, and of that who has an attribute or a disease, by its name: that nobody else is in
    it is no secret of ten people, but may be one of somebody's.
    """

    def __init__(self, key: bytes, asked: Plan, grid: Grid, makeup: Makeup, policy: Policy) -> None:
        super().__init__()
        self._key = _Key(key)
        self._offset = policy.offset
        self._groups = grid.hidden
        self._makeup = makeup.of(asked)
        self._cohort = bool(asked.cohort)
        rungs = (*asked.by, *(rung for rung, _ in asked.where))
        self._chosen = tuple(level for _, level in asked.where)
        self._names = {year: tuple(_Names(rung, year) for rung in rungs) for year in asked.years}
        self._population = [place for place, rung in enumerate(asked.by) if rung.column in _COLUMN]
        named = [place for place, rung in enumerate(rungs) if rung.column not in _COLUMN]
        self._named = sorted(named, key=lambda place: rungs[place].variable)
        self._people = [place for place in self._named if variables()[rungs[place].variable].of != "disease"]

    def __missing__(self, place: int) -> Offsets:
        """Draw those of a group.

        Whatever disease is counted, how many people there are is rounded alike: else asking about many would average it.
        """
        if not self._offset:
            return _HALVES
        found = self._offsets(place, self._named)
        if self._people != self._named:
            found = Offsets(self._offsets(place, self._people).people, found.counted)
        self[place] = found
        return found

    def _offsets(self, place: int, named: list[int]) -> Offsets:
        year, levels = self._groups[place][:2]
        population = (None if levels[at] == UNKNOWN else levels[at] for at in self._population)
        makeup = self._makeup.get((year, *population), 0)
        chosen, names = levels + self._chosen, self._names[year]
        text = ", ".join(names[at][chosen[at]] for at in named)
        steps = "cohort" if self._cohort else "people"
        return Offsets(*_OFFSETS.unpack_from(self._key.hmac(f"{steps} {makeup:032x} [{text}]".encode())))


class _Key:
    """HMAC-SHA256 (RFC 2104) by one key, prepared once: thousands of groups are named in a question."""

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(_BLOCK, b"\0")
        self._inner, self._outer = (sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))

    def hmac(self, text: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()


class _Names(dict[str, str]):
    """The names of levels that are somebody's own, as JSON: the finest that each joins, so that two rungs name the same alike.

    In the rung's year itself what somebody was in that year is what they are.
    """

    def __init__(self, rung: Rung, year: int) -> None:
        super().__init__()
        self._rung = rung
        self._variable = rung.variable if rung.year in {None, year} else f"{rung.variable}@{rung.year}"

    def __missing__(self, level: str) -> str:
        self[level] = json.dumps([self._variable, self._joined(level)])
        return self[level]

    def _joined(self, level: str) -> list[str]:
        variable = variables()[self._rung.variable]
        finest = variable.rungs[0].levels
        if level == UNKNOWN:
            return [self._rung.name, level]
        if finest is None:
            return [level]
        place = [one.name for one in variable.rungs].index(self._rung.name)
        return [fine for fine in finest if variable.climb(fine)[place] == level]
