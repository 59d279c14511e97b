"""Member-years of one person at a time, by plain loops over rows of the views: what columns of millions are compared with."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any, get_args

from analysis import MemberYear
from analysis.member_years import Disease, age_band
from anon_data.snapshots.diseases import disease_of
from anon_data.snapshots.given import Given
from health import Absent, Observed
from protocol.messages.screenings import SCREENINGS

from .levels_twin import levels

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]
_ABSENT: tuple[Absent, ...] = get_args(Absent)
_LEVELS = ("none", "some", "regular")
_HALVES = {4: "participation-summer", 10: "participation-winter"}


@dataclass
class World:
    """Rows of the views."""

    people: Rows = field(default_factory=list)
    checkups: Rows = field(default_factory=list)
    results: Rows = field(default_factory=list)
    guidance: Rows = field(default_factory=list)
    claims: Rows = field(default_factory=list)
    diagnoses: Rows = field(default_factory=list)
    drugs: Rows = field(default_factory=list)
    participation: Rows = field(default_factory=list)
    screenings: Rows = field(default_factory=list)
    portal_use: Rows = field(default_factory=list)


@dataclass
class _Year:
    attributes: dict[str, str] = field(default_factory=lambda: {"examined": "no"})
    amounts: dict[str, float] = field(default_factory=dict)
    examined: date | None = None


def member_years(world: World, given: Given, fewest: int) -> Iterator[MemberYear]:
    """Yield a member-year for each person and fiscal year since their birth."""
    months = _common(world, world.claims, "month", fewest)
    counted = Counter(_fiscal_year(month) for month in months)
    years = sorted(_common(world, world.checkups, "fiscal_year", fewest) | set(counted))[-5:]
    screened = _screened(world, years)
    for person in world.people:
        who = (person["sex"], person["relation"], person["workplace"])
        found = {year: _Year() for year in years if year >= person["birth_year"]}
        _examine(_of(person, world.checkups), _of(person, world.results), _of(person, world.guidance), person["sex"], found)
        billed = [row for row in _of(person, world.claims) if row["month"] in months]
        visits = [row["month"] for row in billed if row["kind"] in {1, 2}]
        for year, one in found.items():
            one.attributes |= _doctor_seen(one, visits, max(months, default=None))
            claims = [row for row in billed if _fiscal_year(row["month"]) == year]
            medical = [row for row in claims if row["kind"] in {1, 2}]
            share = given.membership.share(year, age_band(year - person["birth_year"]), *who)
            one.amounts = {
                "months": counted[year] * share,
                "yen": 10 * sum(row["points"] for row in claims),
                "medical_claims": len(medical),
                "medical_days": sum(row["days"] for row in medical),
                "medical_yen": 10 * sum(row["points"] for row in medical),
                "replaceable_amount": 0,
                "generic_amount": 0,
            }
        for row in _of(person, world.drugs):
            if row["fiscal_year"] in found:
                found[row["fiscal_year"]].amounts |= {name: row[name] for name in ("replaceable_amount", "generic_amount")}
        for row in _of(person, world.participation):
            if row["half"].year in found:
                found[row["half"].year].attributes[_HALVES[row["half"].month]] = _LEVELS[row["level"]]
        taken = {(row["fiscal_year"], row["kind"]) for row in _of(person, world.screenings)}
        for year, one in found.items():
            one.attributes |= {
                f"screening_{name}": "yes" if (year, kind) in taken else "no"
                for kind, name in enumerate(SCREENINGS, 1)
                if screened[year, kind] >= fewest
            }
        if years and years[-1] in found:
            found[years[-1]].attributes.update(use for row in _of(person, world.portal_use) for use in _portal_use(row))
        ill_of = [row for row in _of(person, world.diagnoses) if row["month"] in months]
        for year, one in found.items():
            ill = _diseases([row for row in ill_of if _fiscal_year(row["month"]) == year], given.classes)
            yield MemberYear(person["name"], year, year - person["birth_year"], *who, one.attributes, one.amounts, ill)


def _common(world: World, rows: Rows, what: str, fewest: int) -> set[Any]:
    """Return what the rows of so many people say."""
    known = {person["number"] for person in world.people}
    said = {(row[what], row["number"]) for row in rows if row["number"] in known}
    return {one for one, people in Counter(one for one, _ in said).items() if people >= fewest}


def _screened(world: World, years: Sequence[int]) -> Counter[tuple[int, int]]:
    """Count who took part in each screening of each year."""
    born = {person["number"]: person["birth_year"] for person in world.people}
    took_part = {(row["number"], row["fiscal_year"], row["kind"]) for row in world.screenings if row["number"] in born}
    return Counter((year, kind) for number, year, kind in took_part if year in years and year >= born[number])


def _of(person: Row, rows: Rows) -> Rows:
    return [row for row in rows if row["number"] == person["number"]]


def _fiscal_year(month: date) -> int:
    return month.year - (month.month < 4)


def _examine(checkups: Rows, results: Rows, guidance: Rows, sex: Any, found: Mapping[int, _Year]) -> None:
    """Let the latest checkup of each year count, and guidance for the year of the checkup that it follows."""
    told: list[tuple[date, int]] = []
    in_order = itemgetter("month", "program")
    for (month, program), rows in groupby(sorted(checkups, key=lambda row: (row["month"], -row["program"])), in_order):
        several = list(rows)
        year, age = (max(row[name] for row in several) for name in ("fiscal_year", "age"))
        told.append((month, year))
        if year in found:
            said = sorted((row for row in results if in_order(row) == (month, program)), key=_order)
            found[year].examined = month
            found[year].attributes = levels([_observed(row) for row in said], sex=sex, age=age, fiscal_year=year)
    for row in sorted(guidance, key=itemgetter("month", "stage")):
        before = [year for month, year in told if month <= row["month"]]
        if before and before[-1] in found:
            attributes = found[before[-1]].attributes
            if row["stage"] == 22:
                attributes["guidance"] = "completed"
            elif row["stage"] in {21, 23}:
                attributes.setdefault("guidance", "begun")
    for one in found.values():
        one.attributes.setdefault("guidance", "none")


def _order(row: Row) -> tuple[Any, ...]:
    value = row["value"]
    number = (2,) if value is None else (1,) if value.is_nan() else (0, value)
    return row["item"], number, row["choice"] is None, row["choice"] or "", row["absent"] or 0


def _observed(row: Row) -> Observed:
    value = row["value"] if row["value"] is not None else row["choice"]
    return Observed(row["item"], value, _ABSENT[row["absent"] - 1] if row["absent"] else None)


def _doctor_seen(one: _Year, visits: Sequence[date], until: date | None) -> Iterator[tuple[str, str]]:
    if one.attributes.get("urgency") not in {"first", "second"} or one.examined is None or until is None:
        return
    later = [_months(month) - _months(one.examined) for month in visits]
    for fact, months in (("doctor_3_months", 3), ("doctor_10_months", 10)):
        if _months(until) - _months(one.examined) >= months:
            yield fact, "yes" if any(1 <= after <= months for after in later) else "no"


def _portal_use(row: Row) -> Iterator[tuple[str, str]]:
    if row["halves"] >= 1:
        yield "portal_use", "monthly" if row["weeks"] >= 6 else "some" if row["weeks"] else "none"
    if row["halves"] == 2:
        yield "portal_before", "yes" if row["weeks_before"] else "no"


def _diseases(diagnoses: Rows, classes: Mapping[str, str]) -> dict[Disease, float]:
    found: defaultdict[Disease, Fraction] = defaultdict(Fraction)
    for row in diagnoses:
        found[disease_of(row["code"], classes)] += Fraction(10 * row["points"], row["bearers"]) if row["bearers"] else 0
    return {disease: float(yen) for disease, yen in found.items()}


def _months(day: date) -> int:
    return 12 * day.year + day.month
