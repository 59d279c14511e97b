"""Invented workplaces: skewed in size, each with a few departments."""

from dataclasses import dataclass
from random import Random

INSURER_NUMBER = "06990019"
"""Prefecture 99 does not exist, so no insurer has this number."""

_BUSINESSES = ("製作所", "物産", "電装", "食品", "運輸", "情報", "薬品", "化成", "通信", "建設")
_DEPARTMENTS = ("総務部", "営業部", "開発部", "製造部", "品質保証部", "物流部", "情報部", "企画部")


@dataclass(frozen=True, slots=True)
class Department:
    """A department of one site."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """One workplace; `weight` is its share of the employees, `symbol` the card symbol its people carry."""

    code: str
    name: str
    symbol: str
    weight: float
    departments: tuple[Department, ...]


def make_sites(members: int, rng: Random) -> tuple[Site, ...]:
    """About one site per 400 members, sizes falling off like 1/rank."""
    return tuple(_site(rank, rng) for rank in range(max(2, round(members / 400))))


def _site(rank: int, rng: Random) -> Site:
    code = f"S{rank + 1:04d}"
    business = _BUSINESSES[rank % len(_BUSINESSES)]
    ordinal = f"第{rank // len(_BUSINESSES) + 1}" if rank >= len(_BUSINESSES) else ""
    names = sorted(rng.sample(_DEPARTMENTS, rng.randint(2, 5)), key=_DEPARTMENTS.index)
    departments = tuple(Department(f"{code}-{place:02d}", name) for place, name in enumerate(names, 1))
    return Site(code, f"架空{business}{ordinal}", str(101 + rank), 1 / (rank + 1), departments)
