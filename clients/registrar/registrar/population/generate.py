"""Writing a whole invented population to a folder."""

import csv
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from registrar.importers.eligibility_columns import COLUMNS

from .archive import CheckupArchive
from .document import render
from .exam import LABORATORIES, Exam, examine
from .guidance import write_guidance
from .health import make_constitution, measure
from .later import Line, a_month_later, with_guardians
from .people import Person, make_people
from .prices import write_prices
from .receipts import write_year
from .screenings import write_screenings
from .sites import make_sites

DEFAULT_SEED = 20240401
_UPTAKE_INSURED = 0.80
_UPTAKE_DEPENDANT = 0.45
_UPTAKE_YOUNG_EMPLOYEE = 0.90


@dataclass(frozen=True, slots=True)
class PopulationSummary:
    """What was written: counts, and the files by their place. `checkups` and `archives` are by fiscal year."""

    seed: int
    members: int
    insured: int
    accounts: int
    sites: int
    checkups: dict[int, int]
    eligibility: Path
    accounts_file: Path
    archives: dict[int, Path]
    later: Path | None = None
    """The table of a month later."""
    happened: Mapping[str, int] = field(default_factory=dict)
    """How many of each event that table holds."""
    receipts: Mapping[Path, int] = field(default_factory=dict)
    """How many receipts each of their files holds."""
    guidance: Path | None = None
    """The archive with a report of health guidance."""
    prices: Path | None = None
    screenings: Path | None = None
    """The table of who took part in cancer screenings."""


def write_population(
    folder: Path,
    members: int = 2000,
    fiscal_years: Sequence[int] = (2024, 2025),
    seed: int = DEFAULT_SEED,
    *,
    schemas: Path | None = None,
    later: bool = False,
    receipts: bool | Collection[int] = False,
) -> PopulationSummary:
    """Write `eligibility.csv`, `accounts.json` and one checkup archive per fiscal year into `folder`.

    The same arguments give the same bytes. `schemas` is a folder with the ministry's schema files, copied into each archive's
    XSD folder when given. With `later` there is also `later/eligibility.csv`, a month later, with some of every event;
    with `receipts` a folder `receipts-YEAR` for each fiscal year, or for those given, with a file for each kind and billing month,
    an archive with one report of health guidance, `prices.csv`, and `screenings.csv` of the fiscal years.
    ValueError for an empty population or no years.
    """
    years = sorted(set(fiscal_years))
    if members < 1 or not years:
        raise ValueError("a population needs at least one member and one fiscal year")
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(f"population {seed}")  # noqa: S311 - repeatable, not secret
    sites = make_sites(members, rng)
    people = list(make_people(members, years[0], years[-1], sites, rng))
    eligibility, accounts = folder / "eligibility.csv", folder / "accounts.json"
    day = date(years[-1] + 1, 4, 1)
    _write_table(eligibility, map(_eligibility_row, with_guardians([Line(person) for person in people], day)))
    employees = [person for person in people if person.work_id]
    happened: Counter[str] = Counter()
    path = folder / "later" / "eligibility.csv" if later else None
    if path is not None:
        path.parent.mkdir(exist_ok=True)
        lines, happened = a_month_later(people, date(years[-1] + 1, 5, 1), Random(f"later {seed}"))  # noqa: S311 - repeatable
        _write_table(path, map(_eligibility_row, with_guardians(lines, day)))
        employees += [line.person for line in lines if line.person.work_id and line.new_account]
    _write_accounts(accounts, employees)
    with ExitStack() as stack:
        archives = {year: stack.enter_context(CheckupArchive(folder, _issued(year), schemas)) for year in years}
        for person in people:
            for exam in _exams(person, years, seed):
                year = exam.day.year - (exam.day.month < 4)
                archives[year].add(render(person, exam, _issued(year)), exam.laboratory.number)
    written: dict[Path, int] = {}
    for year in years if receipts is True else receipts or ():
        written |= write_year(folder / f"receipts-{year}", people, year, seed)
    guided = _guided(people, years[-1]) if receipts else None
    guidance = write_guidance(folder, guided, date(years[-1] + 1, 3, 10)) if guided else None
    relations = Counter(person.relation for person in people)
    return PopulationSummary(
        seed=seed,
        members=len(people),
        insured=relations["self"],
        accounts=len(employees),
        sites=len(sites),
        checkups={year: archive.count for year, archive in archives.items()},
        eligibility=eligibility,
        accounts_file=accounts,
        archives={year: archive.path for year, archive in archives.items()},
        later=path,
        happened=dict(happened),
        receipts=written,
        guidance=guidance,
        prices=write_prices(folder / "prices.csv") if receipts else None,
        screenings=write_screenings(folder / "screenings.csv", people, years, seed) if receipts else None,
    )


def _guided(people: Iterable[Person], year: int) -> Person | None:
    """Return the first employee of 40 or more who is a member in the year's March."""
    day = date(year + 1, 3, 1)
    return next((one for one in people if one.work_id and one.age_at(day) >= 40 and one.insured_on(day)), None)


def _issued(year: int) -> date:
    """Return the day in the May after a fiscal year on which its archive is issued."""
    return date(year + 1, 5, 15)


def _exams(person: Person, years: Sequence[int], seed: int) -> Iterable[Exam]:
    """At most one examination a year, by a person's own random stream so that one person's change moves nobody else."""
    rng = Random(f"health {seed} {person.serial}")  # noqa: S311 - repeatable, not secret
    first_age = years[0] + 1 - person.birth.year - ((person.birth.month, person.birth.day) > (3, 31))
    constitution = make_constitution(person.male, first_age, rng)
    loyal = rng.gauss(0, 0.12)
    laboratory = LABORATORIES[rng.choices(range(len(LABORATORIES)), (30, 22, 12, 14, 10, 12))[0]]
    for year in years:
        age = person.age_at(date(year + 1, 3, 31))
        day = date(year, 4, 10) + timedelta(days=int(rng.triangular(0, 340, 110)))
        if rng.random() < _uptake(person, age) + loyal and person.insured_on(day):
            yield examine(laboratory, day, measure(constitution, age, rng), male=person.male, age=age, rng=rng)


def _uptake(person: Person, age: int) -> float:
    """Share examined: specific checkups from 40 to 74, below that only employees, by their employer."""
    if 40 <= age <= 74:
        return _UPTAKE_INSURED if person.relation == "self" else _UPTAKE_DEPENDANT
    return _UPTAKE_YOUNG_EMPLOYEE if person.work_id and age < 40 else -1.0


def _write_table(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(column.header for column in COLUMNS)
        writer.writerows(rows)


def _eligibility_row(line: Line) -> list[str]:
    """Return the fields in the order of COLUMNS."""
    person, previous = line.person, line.previous
    employed = bool(person.work_id)
    return [
        person.insurer_number,
        person.symbol,
        person.number,
        person.branch,
        {"self": "本人", "spouse": "配偶者", "child": "子"}[person.relation],
        person.qualification,
        person.kanji_name,
        person.kana_name,
        person.birth.isoformat(),
        "1" if person.male else "2",
        person.home.postcode,
        person.home.address,
        person.home.telephone,
        person.email,
        person.acquired.isoformat(),
        person.lost.isoformat() if person.lost else "",
        line.loss_reason if person.lost else "",
        person.site.code,
        person.site.name,
        person.department.code if employed else "",
        person.department.name if employed else "",
        person.work_id,
        previous.symbol if previous else "",
        previous.number if previous else "",
        previous.branch if previous else "",
        line.guardian_branch,
    ]


def _write_accounts(path: Path, employees: Iterable[Person]) -> None:
    """Return what the demo's group identity provider signs in: work ids and display names, nothing else."""
    accounts = [{"work_id": person.work_id, "display_name": person.kanji_name} for person in employees]
    path.write_text(json.dumps({"accounts": accounts}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
