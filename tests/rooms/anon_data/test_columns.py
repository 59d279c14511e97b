"""Columns of millions say exactly what plain loops say of one person after the other, whatever the views hold."""

import asyncio
import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest
from analysis import MemberYear
from analysis.coded import Coded
from analysis.columns import MemberYears
from analysis.member_years import AMOUNTS
from anon_data.snapshots import levels
from anon_data.snapshots.given import Given
from anon_data.snapshots.member_years import member_years
from anon_data.snapshots.membership import Membership
from anon_data.store import analysis_views as views
from health.items import by_code, by_name
from hypothesis import given, settings
from hypothesis import strategies as st

from . import member_years_twin as twin
from .member_years_twin import World

GIVEN = Given(
    Membership({("2025", "a", "insured", "male", "40-49"): 50, ("2024", "", "", "", ""): 75}),
    {"4019014": "0901", "8800001": "1113"},
)
MONTHS = [date(year, month, 1) for year in range(2019, 2027) for month in (1, 3, 4, 5, 6, 9, 12)]
CODES = ("4019014", "2500015", "8800001", "digestive", "never-heard-of", "0000001")
VIEWS = {
    "people": views._PEOPLE,
    "checkups": views._CHECKUPS,
    "results": views._RESULTS,
    "guidance": views._GUIDANCE,
    "claims": views._CLAIMS,
    "diagnoses": views._DIAGNOSES,
    "drugs": views._DRUGS,
    "participation": views._PARTICIPATION,
    "screenings": views._SCREENINGS,
    "portal_use": views._PORTAL_USE,
}


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from((1, 2, 3, 10)))
def test_columns_and_loops_say_the_same(seed: int, fewest: int) -> None:
    """Of any people, with several checkups, methods and odd codes, and of nobody."""
    world = invented(random.Random(seed))
    expected = {(row.person, row.fiscal_year): said(row) for row in twin.member_years(world, GIVEN, fewest)}
    found = by_rows(member_years(as_read(world), GIVEN, fewest))

    assert found == expected


@pytest.mark.parametrize("empty", [*VIEWS, "all"])
def test_a_view_without_rows(empty: str) -> None:
    """A store may have no claims, no checkups, nobody."""
    full = invented(random.Random(1))
    world = World() if empty == "all" else World(**{**vars(full), empty: []})
    expected = {(row.person, row.fiscal_year): said(row) for row in twin.member_years(world, GIVEN, 1)}

    assert by_rows(member_years(as_read(world), GIVEN, 1)) == expected


def invented(chance: random.Random) -> World:
    """Return a store's views."""
    world = World()
    months = chance.sample(MONTHS, 12)
    for number in chance.sample(range(1, 40), chance.randrange(14)):
        known = {"name": number.to_bytes(32), "sex": chance.choice(("male", "female")), "workplace": chance.choice("ab")}
        relation, born = chance.choice(("insured", "dependant")), chance.choice((1945, 1960, 1985, 2000, 2024, 2030))
        world.people.append({"number": number, "birth_year": born, "relation": relation, **known})
    for number in range(1, 40):
        if chance.random() < 0.5:
            _live(world, number, months, chance)
    for number in chance.sample([row["number"] for row in world.people], chance.randrange(len(world.people) + 1)):
        world.screenings.append({"number": number, "fiscal_year": 2024, "kind": 3})
    for rows in vars(world).values():
        chance.shuffle(rows)
    return world


def _live(world: World, number: int, months: list[date], chance: random.Random) -> None:
    for _ in range(chance.randrange(7)):
        when = {"number": number, "month": chance.choice(months), "program": chance.choice((10, 10, 20, 999))}
        age = chance.choice((0, 39, 40, 50, 64, 65, 75, 76))
        if chance.random() < 0.9:
            world.checkups.append({**when, "fiscal_year": chance.randrange(2020, 2027), "age": age})
        world.results += [{**when, **result} for result in _results(chance)]
    for stage in range(chance.randrange(4)):
        world.guidance.append({"number": number, "month": chance.choice(months), "stage": 21 + (stage + number) % 5})
    for _ in range(chance.randrange(6)):
        billed = {"number": number, "month": chance.choice(months), "points": chance.randrange(10_000)}
        world.claims.append({**billed, "kind": chance.randrange(1, 5), "days": chance.randrange(9)})
        for code in chance.sample(CODES, chance.randrange(4)):
            world.diagnoses.append({**billed, "code": code, "bearers": chance.randrange(4)})
    _yearly(world, number, chance)
    if chance.random() < 0.7:
        weeks = {name: chance.choice((0, 5, 6, 26)) for name in ("weeks", "weeks_before")}
        world.portal_use.append({"number": number, "halves": chance.randrange(-1, 3), **weeks})


def _yearly(world: World, number: int, chance: random.Random) -> None:
    for year in range(2018, 2027):
        if chance.random() < 0.2:
            amounts = {"replaceable_amount": float(year), "generic_amount": 2.5}
            world.drugs.append({"number": number, "fiscal_year": year, **amounts})
        if chance.random() < 0.3:
            world.screenings.append({"number": number, "fiscal_year": year, "kind": chance.randrange(1, 6)})
        if chance.random() < 0.4:
            half = date(year, chance.choice((4, 10)), 1)
            world.participation.append({"number": number, "half": half, "level": chance.randrange(3)})


def _results(chance: random.Random) -> list[dict[str, Any]]:
    """Return what a checkup says: of most items something, of some by several methods, or twice."""
    there, healthy = chance.choice((0.3, 0.9, 1.0)), chance.choice((0.2, 0.5, 0.9))
    some = [
        item.code
        for name in levels.NAMES
        if chance.random() < there
        for item in chance.choices(by_name()[name], k=chance.choice((1, 1, 3)))
    ]
    return [{"item": code, **dict.fromkeys(("value", "choice", "absent")), **_said(code, healthy, chance)} for code in some]


def _said(code: str, healthy: float, chance: random.Random) -> dict[str, Any]:
    item = by_code()[code]
    if chance.random() < 0.1:
        return {"absent": chance.randrange(1, 5)}
    if item.name == "hours-since-meal":
        return {"choice": chance.choice("34")}
    well = chance.random() < (0.9 if item.kind == "CD" else healthy)
    if (item.kind == "PQ") is (chance.random() < 0.03):
        return {"choice": "2" if well else chance.choice(("1", "3", "4", "5", "6", "7", "8", "23", "x"))}
    limits = levels.LIMITS.get(item.name, [Decimal(170)])
    if well:
        return {"value": limits[0] - Decimal("0.1") * (item.name != "hdl-cholesterol")}
    value = chance.choice((*limits, Decimal(60), Decimal("NaN")))
    return {"value": value * chance.choice((1, 1, 1, 2, Decimal("0.5"), 0))}


def as_read(world: World) -> views.Read:
    """Return the views as COPY's lines say them."""
    item = {code: number for number, code in enumerate(levels.CODES, 7)}
    numbered = [{**row, "item": item[row["item"]], "month": _days(row["month"])} for row in world.results]
    claims, diagnoses = ([{**row, "month": _days(row["month"])} for row in rows] for rows in (world.claims, world.diagnoses))
    world = World(**{**vars(world), "results": numbered, "claims": claims, "diagnoses": diagnoses})
    tables = asyncio.run(_parsed(world))
    return views.Read(**{**tables, "results": views.named(tables["results"], {number: code for code, number in item.items()})})


def _days(month: date) -> int:
    return (month - date(1970, 1, 1)).days


async def _parsed(world: World) -> dict[str, pa.Table]:
    """Parse what comes in pieces by blocks of a few lines: each has words of its own."""
    tables = {}
    with patch.object(views, "_BLOCK", 1_000):
        for name, view in VIEWS.items():
            blocks = views._Blocks(view.columns, lambda _: None)
            lines = _lines(getattr(world, name), [*view.columns])
            for at in range(0, len(lines), 151):
                await blocks.take(lines[at : at + 151])
            tables[name] = await blocks.table()
    return tables


def _lines(rows: list[dict[str, Any]], columns: list[str]) -> bytes:
    return "".join(",".join(_text(row[name]) for name in columns) + "\n" for row in rows).encode()


def _text(value: object) -> str:
    return "" if value is None else value.hex() if isinstance(value, bytes) else str(value)


def by_rows(found: MemberYears) -> dict[tuple[bytes, int], tuple[Any, ...]]:
    """Return what is compared, by person and year."""
    billed: defaultdict[int, dict[str, float]] = defaultdict(dict)
    for level in found.billed.values():
        for row, place, yen in zip(level.row.tolist(), level.disease.number, level.yen, strict=True):
            billed[row][level.disease.values[place]] = round(float(yen), 6)
    rows = {}
    for row, (person, year) in enumerate(zip(found.person.tolist(), found.fiscal_year.tolist(), strict=True)):
        who = tuple(_at(column, row) for column in (found.age, found.sex, found.relation, found.workplace))
        attributes = {name: _at(column, row) for name, column in found.attributes.items()}
        known = {name: level for name, level in attributes.items() if level is not None}
        amounts = tuple(float(found.amounts[name][row]) for name in AMOUNTS)
        rows[found.people[person], year] = (*who, known, amounts, billed[row])
    return rows


def _at(column: Coded, row: int) -> Any:
    return column.values[column.number[row]]


def said(row: MemberYear) -> tuple[Any, ...]:
    """Return what is compared; yen are divided, and floats."""
    billed: defaultdict[str, float] = defaultdict(float)
    for disease, yen in row.diseases.items():
        for level in filter(None, (disease.number, disease.group)):
            billed[level] += yen
    amounts = tuple(row.amounts[name] for name in AMOUNTS)
    rounded = {level: round(yen, 6) for level, yen in billed.items()}
    return row.age, row.sex, row.relation, row.workplace, dict(row.attributes), amounts, rounded
