"""The eligibility table of a month later: the same invented people, and something that happened to some of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from .names import family_name, home
from .people import Person

_SHARES = {
    "left": 0.02,
    "died": 0.004,
    "retired": 0.015,
    "moved": 0.03,
    "renamed": 0.01,
    "work id": 0.01,
    "transferred": 0.03,
    "returned": 0.5,
}
"""Share of households to which each happens; of those who had left before, the share that comes back."""
_JOINED = 0.02
_RETIRED_FROM = 55
_OF_AGE = 18


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """A line of an eligibility table: a person, and what it says beside them."""

    person: Person
    previous: Person | None = None
    """The person under the number they had before."""
    reason: str = ""
    guardian_branch: str = ""
    new_account: bool = False
    """The group's provider needs an account for this work id."""

    @property
    def loss_reason(self) -> str:
        """Why the membership ended, in the insurer's words."""
        return self.reason or ("退職" if self.person.relation == "self" else "被扶養者でなくなった")


def a_month_later(people: Sequence[Person], day: date, rng: Random) -> tuple[list[Line], Counter[str]]:
    """Return the table's lines on the first day of a month, and how many people each event happened to.

    Some of each event happens even in a small population, as long as there is somebody to whom it can.
    """
    households = list(_households(people))
    lines: list[Line] = []
    happened: Counter[str] = Counter()
    for household in households:
        event = _event(household[0], day, happened, rng)
        lines += _after(household, event, day, rng)
        happened[event] += 1
    for at in range(max(1, round(len(households) * _JOINED))):
        lines.append(_newcomer(households, at, day, rng))
        happened["joined"] += 1
    del happened[""]
    return lines, happened


def with_guardians(lines: Sequence[Line], day: date) -> list[Line]:
    """Return the lines with the other parent named as guardian of every twentieth household's children under age."""
    spouses = {(line.person.symbol, line.person.number): line.person.branch for line in lines if line.person.relation == "spouse"}

    def named(line: Line) -> Line:
        card = line.person.symbol, line.person.number
        chosen = line.person.relation == "child" and line.person.age_at(day) < _OF_AGE and int(line.person.number) % 20 == 0
        return replace(line, guardian_branch=spouses[card]) if chosen and card in spouses else line

    return [named(line) for line in lines]


def _households(people: Sequence[Person]) -> Iterator[list[Person]]:
    household: list[Person] = []
    for person in people:
        if person.relation == "self" and household:
            yield household
            household = []
        household.append(person)
    yield household


def _event(head: Person, day: date, happened: Counter[str], rng: Random) -> str:
    """Draw what happens to a household: what has not happened to anybody yet comes first."""
    if head.relation != "self":
        return ""
    if head.lost is not None:
        possible = ["returned"]
    elif not head.work_id:
        possible = ["died", "moved"]
    else:
        possible = ["left", "died", "moved", "renamed", "work id", "transferred"]
        if head.age_at(day) >= _RETIRED_FROM:
            possible.append("retired")
    for event in sorted(possible, key=lambda event: happened[event]):
        if not happened[event] and rng.random() < 0.2:
            return event
        if rng.random() < _SHARES[event]:
            return event
    return ""


def _after(household: list[Person], event: str, day: date, rng: Random) -> list[Line]:
    """Return a household's lines after an event."""
    if event == "retired":
        return [line for person in household for line in _retired(person, day)]
    changed = [replace(person, **fields) for person, fields in zip(household, _changes(household, event, day, rng), strict=True)]
    head = Line(changed[0], reason="死亡" if event == "died" else "", new_account=event == "work id")
    return [head, *map(Line, changed[1:])]


def _changes(household: list[Person], event: str, day: date, rng: Random) -> list[dict[str, Any]]:
    """Return what an event changes of each person of a household."""
    head, count = household[0], len(household)
    everybody: dict[str, dict[str, Any]] = {
        "left": {"lost": day},
        "died": {"lost": day},
        "returned": {"acquired": day, "lost": None},
        "moved": {"home": home(rng)},
        "renamed": {"family": family_name(rng)},
    }
    others = [one for one in head.site.departments if one != head.department]
    alone: dict[str, dict[str, Any]] = {
        "work id": {"work_id": f"{head.work_id}N"},
        "transferred": {"department": rng.choice(others)},
    }
    return [everybody[event]] * count if event in everybody else [alone.get(event, {}), *[{}] * (count - 1)]


def _retired(person: Person, day: date) -> Iterator[Line]:
    """Yield the old number's last line and the new number's first: the same person, as a voluntary member."""
    yield Line(replace(person, lost=day))
    code = {"1": "3", "2": "4"}.get(person.qualification, person.qualification)
    member = replace(person, number=f"9{int(person.number):06d}", qualification=code, acquired=day, work_id="")
    yield Line(member, previous=person)


def _newcomer(households: Sequence[list[Person]], at: int, day: date, rng: Random) -> Line:
    like = rng.choice(households)[0]
    birth = day - timedelta(days=rng.randint(19 * 366, 30 * 365))
    work_id = f"W{like.site.code[1:]}8{at:05d}"
    fresh = replace(
        like,
        number=f"8{at:06d}",
        relation="self",
        branch="00",
        qualification="1",
        family=family_name(rng),
        birth=birth,
        home=home(rng),
        email=f"n{at:06d}@example.jp",
        acquired=day,
        lost=None,
        work_id=work_id,
    )
    return Line(fresh, new_account=True)
