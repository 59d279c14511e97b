"""Groups of people as a question names them, and the offsets by which each one's numbers are rounded."""

import json
from collections.abc import Iterable
from hashlib import sha256
from struct import Struct

from analysis.answers import Cell
from analysis.disclosure import STEP, Offsets
from analysis.policy import Policy
from analysis.questions import Plan
from analysis.variables import UNKNOWN, Rung, variables

_HALVES = Offsets(STEP // 2, STEP // 2)
_OFFSETS = Struct(">QQ")
_BLOCK = 64
"""Bytes that SHA-256 takes at a time."""


class Grid:
    """All groups of a question in their order, each `hidden`; `places`: by fiscal year and levels, None where one is unknown."""

    def __init__(self, hidden: Iterable[Cell]) -> None:
        self.hidden = tuple(hidden)
        self.places = {
            (cell.year, *(None if level == UNKNOWN else level for level in cell.levels)): place
            for place, cell in enumerate(self.hidden)
        }


class Drawn(dict[int, Offsets]):
    """The offsets of a question's groups, by their places: whatever rungs name one and whatever is measured of it, the same."""

    def __init__(self, key: bytes, asked: Plan, grid: Grid, policy: Policy) -> None:
        super().__init__()
        self._key = _Key(key)
        self._offset = policy.offset
        self._groups = grid.hidden
        rungs = (*asked.by, *(rung for rung, _ in asked.where))
        self._chosen = tuple(level for _, level in asked.where)
        self._cohort = sorted(json.dumps([rung.variable, levels]) for (rung, levels), *_ in asked.cohort)
        self._names = {year: tuple(_Names(rung, year) for rung in rungs) for year in asked.years}
        self._order = sorted(range(len(rungs)), key=lambda place: rungs[place].variable)
        self._people = [place for place in self._order if variables()[rungs[place].variable].of != "disease"]

    def __missing__(self, place: int) -> Offsets:
        """Draw those of a group.

        Whatever disease is counted, how many people there are is rounded alike: else asking about many would average it.
        """
        if not self._offset:
            return _HALVES
        found = self._offsets(place, self._order)
        if self._people != self._order:
            found = Offsets(self._offsets(place, self._people).people, found.counted)
        self[place] = found
        return found

    def _offsets(self, place: int, order: list[int]) -> Offsets:
        year, levels = self._groups[place][:2]
        named, names = levels + self._chosen, self._names[year]
        text = ", ".join([*(names[rung][named[rung]] for rung in order), *self._cohort])
        return Offsets(*_OFFSETS.unpack_from(self._key.hmac(f"[{year}, [{text}]]".encode())))


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
    """The names of a rung's levels in a year, as JSON: the finest that each joins, so that two rungs name the same people alike.

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
