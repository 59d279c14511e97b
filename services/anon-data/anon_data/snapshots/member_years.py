"""From rows of the views to member-years: what is known of one person, sorted into their fiscal years."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, get_args

from analysis import MemberYear
from health import Absent, Observed

from anon_data.snapshots.diseases import diseases
from anon_data.snapshots.later import doctor_seen, portal_use
from anon_data.snapshots.levels import levels
from anon_data.snapshots.membership import Membership
from anon_data.snapshots.screenings import screened

Row = Mapping[str, Any]
_ABSENT: tuple[Absent, ...] = get_args(Absent)
_LEVELS = ("none", "some", "regular")
_HALVES = {4: "participation-summer", 10: "participation-winter"}
_BEGUN, _COMPLETED, _STOPPED = 21, 22, 23
"""Stages of reports, list 1.2.392.200119.6.1001: begun, evaluated at its end, stopped on the way."""
COSTS = ("yen", "medical_claims", "medical_days", "medical_yen")
DRUGS = ("replaceable_amount", "generic_amount")


@dataclass(frozen=True, slots=True)
class Known:
    """What the views say of one person; rows are in the order in which the views give them."""

    person: Row
    results: Sequence[Row] = ()
    guidance: Sequence[Row] = ()
    costs: Sequence[Row] = ()
    drugs: Sequence[Row] = ()
    participation: Sequence[Row] = ()
    visits: Sequence[Row] = ()
    portal_use: Sequence[Row] = ()
    diagnosed: Sequence[Row] = ()
    screenings: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What the operator gives beside the views: how long people were members, and classes by diagnosis code."""

    membership: Membership = field(default_factory=Membership)
    classes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The fiscal years of a snapshot with how many months of each have claims, and the last month that has.

    `screened`: fiscal years and kinds of cancer screenings in which anybody took part.
    """

    years: Mapping[int, int]
    claims_until: date | None
    given: Given
    screened: Collection[tuple[int, int]] = ()


@dataclass(slots=True)
class _Year:
    attributes: dict[str, str] = field(default_factory=lambda: {"examined": "no"})
    amounts: dict[str, float] = field(default_factory=dict)
    examined: date | None = None


def member_years(known: Known, calendar: Calendar) -> Iterator[MemberYear]:
    """Yield a member-year for each fiscal year since the person's birth."""
    person = known.person
    who = (person["sex"], person["relation"], person["workplace"])
    found = {
        year: _Year(amounts={"months": months * calendar.given.membership.share(year, year - person["birth_year"], *who)})
        for year, months in calendar.years.items()
        if year >= person["birth_year"]
    }
    _examine(known, found)
    for one in found.values():
        one.attributes |= doctor_seen(one.attributes.get("urgency"), one.examined, known.visits, calendar.claims_until)
    for rows, names in ((known.costs, COSTS), (known.drugs, DRUGS)):
        for row in rows:
            if row["fiscal_year"] in found:
                found[row["fiscal_year"]].amounts |= {name: float(row[name]) for name in names}
    for row in known.participation:
        half: date = row["half"]
        if half.year in found:
            found[half.year].attributes[_HALVES[half.month]] = _LEVELS[row["level"]]
    for year, one in found.items():
        one.attributes |= screened(year, known.screenings, calendar.screened)
    if found:
        found[max(found)].attributes.update(use for row in known.portal_use for use in portal_use(row))
    treated = {year: list(rows) for year, rows in groupby(known.diagnosed, itemgetter("fiscal_year"))}
    for year, one in found.items():
        ill = diseases(treated.get(year, ()), calendar.given.classes)
        yield MemberYear(person["name"], year, year - person["birth_year"], *who, one.attributes, one.amounts, ill)


def _examine(known: Known, found: Mapping[int, _Year]) -> None:
    """Let the latest checkup of each year count, and guidance for the year of the checkup that it follows."""
    checkups: list[tuple[date, int]] = []
    for (month, _), rows in groupby(known.results, itemgetter("month", "program")):
        results = list(rows)
        year = results[0]["fiscal_year"]
        checkups.append((month, year))
        if year in found:
            observed = [_observed(row) for row in results if row["item"] is not None]
            found[year].examined = month
            found[year].attributes = levels(observed, sex=known.person["sex"], age=results[0]["age"], fiscal_year=year)
    for row in known.guidance:
        before = [year for month, year in checkups if month <= row["month"]]
        if before and before[-1] in found:
            _follow(found[before[-1]].attributes, row["stage"])
    for one in found.values():
        one.attributes.setdefault("guidance", "none")


def _follow(attributes: dict[str, str], stage: int) -> None:
    if stage == _COMPLETED:
        attributes["guidance"] = "completed"
    elif stage in {_BEGUN, _STOPPED}:
        attributes.setdefault("guidance", "begun")


def _observed(row: Row) -> Observed:
    value = row["value"] if row["value"] is not None else row["choice"]
    return Observed(row["item"], value, _ABSENT[row["absent"] - 1] if row["absent"] else None)
