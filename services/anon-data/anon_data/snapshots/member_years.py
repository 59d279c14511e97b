"""From the views to member-years: what is known of everybody, sorted into their fiscal years."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from analysis.blocks import FEWEST
from analysis.coded import Coded, Numbers, each
from analysis.columns import Billed, MemberYears, by_level
from analysis.member_years import age_band

from anon_data.snapshots.checkups import Checkups, checkups_of, items_of, years_of
from anon_data.snapshots.claims import Claims, added_up, billed_for, claims_of
from anon_data.snapshots.given import Given
from anon_data.snapshots.grid import Grid, grid_of, months
from anon_data.snapshots.later import Visits, doctor_seen, portal_use
from anon_data.snapshots.levels import levels
from anon_data.snapshots.screenings import screened
from anon_data.store.analysis_views import Read

MOST_YEARS = 5
"""Older fiscal years are left out."""
_LEVELS = ("none", "some", "regular")
_HALVES = {4: "participation-summer", 10: "participation-winter"}
_GUIDED = ("none", "begun", "completed")
_STAGES = {21: 1, 22: 2, 23: 1}
"""Stages of reports, list 1.2.392.200119.6.1001: begun, evaluated at its end, stopped on the way."""
_DRUGS = ("replaceable_amount", "generic_amount")
Attributes = dict[str, Coded]
Amounts = dict[str, npt.NDArray[np.float64]]


def member_years(read: Read, given: Given, fewest: int = FEWEST) -> MemberYears:
    """Return a member-year for each person and fiscal year since their birth; a second thread does what does not wait.

    There is a year in which so many people were examined, or have claims of one month; and a month of which they have claims.
    """
    grid = grid_of(read.people, np.empty(0, np.int64))
    checkups = checkups_of(read.checkups, grid)
    with ThreadPoolExecutor(1) as beside:
        of_results = beside.submit(checkups.of, read.results, grid)
        claims = claims_of(read.claims, grid, fewest)
        months_of = dict.fromkeys(years_of(read.checkups, grid, fewest), 0) | claims.months_of_years()
        grid = replace(grid, years=np.array(sorted(months_of)[-MOST_YEARS:], np.int64))
        added = beside.submit(_added, read, claims, grid, given)
        attributes = {
            **_examined(read, grid, checkups, of_results.result(), claims.visits),
            **_guided(read.guidance, checkups, grid),
            **_took_part(read.participation, grid),
            **screened(read.screenings, grid, fewest),
            **_read_portal(read.portal_use, grid),
        }
        amounts, billed = added.result()
        months_there = [months_of[year] for year in grid.years.tolist()]
        return _rows(read.people, grid, months_there, given, attributes, amounts | _drugs(read.drugs, grid), billed)


def _added(read: Read, claims: Claims, grid: Grid, given: Given) -> tuple[Amounts, Mapping[str, Billed]]:
    billed = by_level(billed_for(read.diagnoses, claims, grid, given.classes))
    return added_up(read.claims, claims, grid), billed


def _rows(
    people: pa.Table,
    grid: Grid,
    months_of: Sequence[int],
    given: Given,
    attributes: Attributes,
    amounts: Amounts,
    billed: Mapping[str, Billed],
) -> MemberYears:
    """Leave out the years before somebody's birth."""
    born, row_of = np.flatnonzero(grid.born), np.cumsum(grid.born) - 1
    person, at = np.divmod(born, max(1, len(grid.years)))
    age = Coded.of_numbers(grid.years[at] - grid.birth_year[person])
    sex, relation, workplace = (Coded.of_arrow(people[name]).at(person) for name in ("sex", "relation", "workplace"))
    share = each(given.membership.share, Coded(at, grid.years.tolist()), each(age_band, age), sex, relation, workplace)
    months_there = np.array(months_of, np.float64)[at] * np.array(share.values, np.float64)[share.number]
    return MemberYears(
        people=[bytes.fromhex(name) for name in people["name"].to_pylist()],
        person=person,
        fiscal_year=grid.years[at],
        age=age,
        sex=sex,
        relation=relation,
        workplace=workplace,
        attributes={name: column.at(born) for name, column in attributes.items()},
        amounts={"months": months_there, **{name: amount[born] for name, amount in amounts.items()}},
        billed={name: Billed(row_of[one.row], one.disease, one.yen) for name, one in billed.items()},
    )


def _examined(read: Read, grid: Grid, checkups: Checkups, of_results: Numbers, visits: Visits) -> Attributes:
    """Let the latest checkup of each year count."""
    of_year = grid.cell(checkups.person, checkups.fiscal_year)
    latest = np.full(grid.size, -1, np.int64)
    latest[of_year[of_year >= 0]] = np.flatnonzero(of_year >= 0)
    cells = np.flatnonzero(latest >= 0)
    chosen = latest[cells]
    place = np.full(len(checkups.key) + 1, -1, np.int64)
    place[chosen] = np.arange(len(chosen))
    items = items_of(read.results, of_results, place, len(chosen))
    person = checkups.person[chosen]
    sex = Coded.of_arrow(read.people["sex"]).at(person)
    age, year = (Coded.of_numbers(numbers[chosen]) for numbers in (checkups.age, checkups.fiscal_year))
    found = levels(items, sex=sex, age=age, fiscal_year=year)
    later = doctor_seen(found["urgency"], person, checkups.month[chosen], visits)
    spread = {name: column.spread(cells, grid.size) for name, column in {**found, **later}.items()}
    return {**spread, "examined": each(lambda said: said or "no", spread["examined"])}


def _guided(guidance: pa.Table, checkups: Checkups, grid: Grid) -> Attributes:
    """Let guidance count for the year of the checkup that it follows."""
    person = grid.person(guidance)
    before = checkups.latest(person, months(guidance["month"]))
    followed = np.flatnonzero(before >= 0)
    cell = grid.cell(person[followed], checkups.fiscal_year[before[followed]])
    stage = each(lambda told: _STAGES.get(told, 0), Coded.of_numbers(_whole(guidance["stage"]))).numbers()[followed]
    guided = np.zeros(grid.size, np.int64)
    np.maximum.at(guided, cell[cell >= 0], stage[cell >= 0])
    return {"guidance": Coded(guided, _GUIDED)}


def _took_part(participation: pa.Table, grid: Grid) -> Attributes:
    """Return the levels of half-years as they were told."""
    half = months(participation["half"])
    cell = grid.cell(grid.person(participation), half // 12)
    levels = Coded(_whole(participation["level"]), _LEVELS)
    found = {}
    for month, name in _HALVES.items():
        told = np.flatnonzero((cell >= 0) & (half % 12 == month - 1))
        found[name] = levels.at(told).spread(cell[told], grid.size)
    return found


def _read_portal(use: pa.Table, grid: Grid) -> Attributes:
    """Return the use of the portal, which is told of the last year."""
    cell = grid.cell(grid.person(use), np.full(len(use), grid.years.max(initial=0)))
    told = np.flatnonzero(cell >= 0)
    columns = (Coded.of_numbers(_whole(use[name])).at(told) for name in ("halves", "weeks", "weeks_before"))
    return {name: column.spread(cell[told], grid.size) for name, column in portal_use(*columns).items()}


def _drugs(drugs: pa.Table, grid: Grid) -> Amounts:
    cell = grid.cell(grid.person(drugs), _whole(drugs["fiscal_year"]))
    amounts = {name: np.zeros(grid.size) for name in _DRUGS}
    for name, amount in amounts.items():
        amount[cell[cell >= 0]] = drugs[name].to_numpy()[cell >= 0]
    return amounts


def _whole(column: pa.ChunkedArray) -> Numbers:
    numbers: Numbers = column.to_numpy().astype(np.int64)
    return numbers
