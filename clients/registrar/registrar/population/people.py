"""Households of an employees' health insurer: employees, retirees who stayed, spouses and children."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from .names import Home, Name, family_name, given_name, home
from .sites import INSURER_NUMBER, Department, Site


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """One invented member.

    `relation`: self, spouse or child. `qualification`: the ministry's code list .206 (1 employee, 2 dependant, 3 and 4 voluntary
    continuation, 5 and 6 retirees' scheme). `site`, `department` and `work_id` belong to employees alone; dependants follow
    their insured member's site.
    """

    serial: int
    symbol: str
    number: str
    branch: str
    relation: str
    qualification: str
    family: Name
    given: Name
    birth: date
    male: bool
    home: Home
    email: str
    acquired: date
    lost: date | None
    site: Site
    department: Department
    work_id: str

    insurer_number = INSURER_NUMBER

    @property
    def kanji_name(self) -> str:
        """Family and given name with an ideographic space."""
        return f"{self.family.kanji}\u3000{self.given.kanji}"

    @property
    def kana_name(self) -> str:
        """The same in katakana."""
        return f"{self.family.kana}\u3000{self.given.kana}"

    def age_at(self, day: date) -> int:
        """Full years on that day."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))

    def insured_on(self, day: date) -> bool:
        """Whether the person is a member on that day."""
        return self.acquired <= day and (self.lost is None or day < self.lost)


def make_people(members: int, first_year: int, last_year: int, sites: Sequence[Site], rng: Random) -> Iterator[Person]:
    """Exactly `members` people, household by household; ages are those at the end of the first fiscal year."""
    serial = 0
    year_end = date(first_year + 1, 3, 31)
    weights = [site.weight for site in sites]
    for household in range(1, members + 1):
        site = rng.choices(sites, weights)[0]
        for person in _household(household, site, year_end, last_year, rng):
            serial += 1
            if serial > members:
                return
            yield replace(person, serial=serial)


def _household(household: int, site: Site, year_end: date, last_year: int, rng: Random) -> Iterator[Person]:
    retired = rng.random() < 0.09
    male = rng.random() < (0.78 if retired else 0.66)
    age = rng.randint(60, 72) if retired else min(65, max(18, round(rng.triangular(18, 66, 47))))
    email_domain = "example.jp" if rng.random() < 0.8 else "mail.invalid"
    head = Person(
        serial=0,
        symbol=site.symbol,
        number=str(100_000 + household * 7 % 900_000),
        branch="00",
        relation="self",
        qualification=rng.choice("35") if retired else "1",
        family=family_name(rng),
        given=given_name(rng, male=male),
        birth=_birth(age, year_end, rng),
        male=male,
        home=home(rng),
        email=f"m{household:07d}@{email_domain}",
        acquired=_acquired(age, year_end, rng),
        lost=_lost(last_year, rng) if rng.random() < 0.02 else None,
        site=site,
        department=rng.choice(site.departments),
        work_id="" if retired else f"W{site.code[1:]}{household:06d}",
    )
    yield head
    # Nobody is born into a membership that has ended.
    yield from (one for one in _dependants(head, age, year_end, rng) if one.lost is None or one.acquired < one.lost)


def _dependants(head: Person, age: int, year_end: date, rng: Random) -> Iterator[Person]:
    code = {"1": "2", "3": "4", "5": "6"}[head.qualification]
    branch = 0
    common = replace(head, qualification=code, work_id="")
    if age >= 25 and rng.random() < ((0.55 if age >= 35 else 0.25) if head.male else 0.06):
        branch += 1
        spouse_age = min(73, max(22, round(rng.gauss(age - 2 if head.male else age + 2, 3))))
        yield _dependant(common, branch, "spouse", male=not head.male, birth=_birth(spouse_age, year_end, rng), rng=rng)
    if 26 <= age <= 62:
        for _ in range(rng.choices((0, 1, 2, 3), (0.42, 0.24, 0.27, 0.07))[0]):
            branch += 1
            child_age = rng.randint(0, min(22, age - 24))
            yield _dependant(common, branch, "child", male=rng.random() < 0.512, birth=_birth(child_age, year_end, rng), rng=rng)


def _dependant(common: Person, branch: int, relation: str, *, male: bool, birth: date, rng: Random) -> Person:
    local, domain = common.email.split("@")
    return replace(
        common,
        branch=f"{branch:02d}",
        relation=relation,
        given=given_name(rng, male=male),
        male=male,
        birth=birth,
        email=f"{local}-{branch}@{domain}" if relation == "spouse" else "",
        acquired=max(birth, common.acquired),
    )


def _birth(age: int, year_end: date, rng: Random) -> date:
    """Return a birthday so that `age` is reached by `year_end` (31 March)."""
    return date(year_end.year - age, 3, 31) - timedelta(days=rng.randrange(365))


def _acquired(age: int, year_end: date, rng: Random) -> date:
    """Return a first of a month, between the age of 18 and the start of the first year."""
    years = rng.randint(0, max(0, min(40, age - 19)))
    return date(year_end.year - 1 - years, rng.choice((4, 4, 4, 10)) if years else 4, 1)


def _lost(last_year: int, rng: Random) -> date:
    """Left within the last fiscal year."""
    return date(last_year, rng.randint(5, 12), 1)
