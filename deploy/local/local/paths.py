"""Who may open a connection to whom: reads `deploy/paths.toml`, which networks, compose file and documentation share."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).resolve().parents[2] / "paths.toml"


@dataclass(frozen=True, order=True)
class Route:
    """One caller may connect to one port of one callee."""

    caller: str
    callee: str
    port: int


@dataclass(frozen=True)
class Line:
    """One entry of the file, as a person reads it."""

    callers: tuple[str, ...]
    callees: tuple[str, ...]
    port: str
    """The port's name."""
    why: str


@dataclass(frozen=True)
class Paths:
    """The whole file."""

    ports: dict[str, int]
    lines: tuple[Line, ...]

    @property
    def routes(self) -> frozenset[Route]:
        """Every documented connection."""
        return frozenset(
            Route(caller, callee, self.ports[line.port])
            for line in self.lines
            for caller in line.callers
            for callee in line.callees
        )

    @property
    def places(self) -> tuple[str, ...]:
        """All that call or are called, in the order in which they first appear."""
        return tuple(dict.fromkeys(name for line in self.lines for name in (*line.callers, *line.callees)))

    def address(self, place: str) -> str:
        """Return the address of a place where each has a network of its own."""
        return f"10.77.{self.places.index(place)}.1"

    def gate(self, place: str) -> str:
        """Return the router's address at the other end of a place's cable."""
        return f"10.77.{self.places.index(place)}.0"


def name_of(place: str) -> str:
    """Return the name of a place where each has a network of its own: of a domain that is nobody's (RFC 6761 section 6.2)."""
    return f"{place}.warifu.test"


def read(file: Path = FILE) -> Paths:
    """Read a file of paths."""
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    lines = tuple(Line(tuple(one["from"]), tuple(one["to"]), one["port"], one["why"]) for one in raw["path"])
    return Paths(dict(raw["ports"]), lines)


@functools.cache
def documented() -> Paths:
    """Return the paths of `deploy/paths.toml`."""
    return read()
