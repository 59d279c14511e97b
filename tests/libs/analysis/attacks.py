"""Attackers who see answers alone, and know what a colleague may know. Each guesses a secret of one person in each workplace.

``right`` is the share of right guesses. A secret is a coin's fall, so whoever learns nothing is right half of the time. `NOTHING`
is above what luck does among a hundred targets (three standard deviations), `LEARNED` above what the rules leave.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from analysis import MemberYear, Question, variables
from analysis.engine import Engine

from .worlds import YEAR, smokers

NOTHING, LEARNED = 0.67, 0.8
WORKPLACES = tuple(f"w{number:03}" for number in range(100))
_NAMES = [("sex", "male"), ("relation", "insured"), ("age", "40-49"), ("age:stage", "40-64"), ("age:guidance", "40-74")]
Secrets = Mapping[str, bool]
Guess = Callable[[Engine, random.Random], Secrets]
_TOLD = {"smoking", "examined", "participation-summer"}
KNOWN = {name: one.rungs[0].levels or () for name, one in variables().items() if one.of == "attribute" and name not in _TOLD}
USUAL = {name: levels[0] for name, levels in KNOWN.items()}
"""Levels that everybody of some towns has: each is another name of the same people, rounded for itself."""


@dataclass(frozen=True, repr=False)
class Town:
    """Member-years, and what the attacker wants to know of the one in each workplace."""

    rows: Sequence[MemberYear]
    secrets: Secrets

    def right(self, guessed: Secrets) -> float:
        return sum(self.secrets[name] == guess for name, guess in guessed.items()) / len(self.secrets)


def town(people: Callable[[str, bool, random.Random], Iterator[MemberYear]], seed: int = 3) -> Town:
    """Fill every workplace, in each of which one person has a secret that a coin chose; every row is another person's."""
    chance = random.Random(seed)
    secrets = {name: chance.random() < 0.5 for name in WORKPLACES}
    rows = [row for name, secret in secrets.items() for row in people(name, secret, chance)]
    return Town([replace(row, person=number.to_bytes(4)) for number, row in enumerate(rows)], secrets)


def person(workplace: str, sex: str, *, smokes: bool, **attributes: str) -> MemberYear:
    said = {"examined": "yes", "smoking": "yes" if smokes else "no", **attributes}
    return MemberYear(b"", YEAR, 45, sex, "insured", workplace, said)


def lone_woman(workplace: str, secret: bool, chance: random.Random) -> Iterator[MemberYear]:
    """The only woman among men of whom some smoke."""
    yield from (person(workplace, "male", smokes=chance.random() < 0.5) for _ in range(chance.randrange(40, 60)))
    yield person(workplace, "female", smokes=secret)


def alike(workplace: str, secret: bool, _chance: random.Random) -> Iterator[MemberYear]:
    """Ten people who all smoke, or do not."""
    yield from (person(workplace, "male", smokes=secret) for _ in range(10))


def one_among_many(workplace: str, secret: bool, chance: random.Random) -> Iterator[MemberYear]:
    """A block of people of whom some smoke, the one among them."""
    yield person(workplace, "male", smokes=secret)
    yield from (person(workplace, "male", smokes=chance.random() < 0.5) for _ in range(chance.randrange(50, 90)))


def only_regular_woman(workplace: str, secret: bool, chance: random.Random) -> Iterator[MemberYear]:
    """Many women, of whom one alone takes part regularly, and men who do. Of her the attacker knows all else: first levels."""

    def anybody(sex: str, summer: str, *, smokes: bool, usual: float) -> MemberYear:
        said = {name: levels[0] if chance.random() < usual else chance.choice(levels) for name, levels in KNOWN.items()}
        return person(workplace, sex, smokes=smokes, **{**said, "participation-summer": summer})

    yield from (anybody("male", "regular", smokes=chance.random() < 0.5, usual=0.4) for _ in range(chance.randrange(150, 170)))
    yield from (anybody("female", "none", smokes=chance.random() < 0.5, usual=0.4) for _ in range(12))
    yield anybody("female", "regular", smokes=secret, usual=1)


def poisoned(smoking: int) -> Callable[[str, bool, random.Random], Iterator[MemberYear]]:
    """Return a smaller world of an only regular woman, with five regular men who are the attacker's and of whom so many smoke."""

    def people(workplace: str, secret: bool, chance: random.Random) -> Iterator[MemberYear]:
        regular = {"participation-summer": "regular"}
        yield from (person(workplace, "male", smokes=chance.random() < 0.5, **regular) for _ in range(chance.randrange(40, 50)))
        yield from (person(workplace, "female", smokes=chance.random() < 0.5) for _ in range(12))
        yield person(workplace, "female", smokes=secret, **regular)
        yield from (person(workplace, "male", smokes=number < smoking, **regular) for number in range(5))

    return people


def one_eldest(workplace: str, secret: bool, chance: random.Random) -> Iterator[MemberYear]:
    """The only one beyond ninety among people of whom some smoke."""
    yield from (person(workplace, "male", smokes=chance.random() < 0.5) for _ in range(chance.randrange(40, 60)))
    yield replace(person(workplace, "male", smokes=secret), age=94)


def one_ill(workplace: str, secret: bool, chance: random.Random) -> Iterator[MemberYear]:
    """Fifty people who cost next to nothing, and one who costs as much as counts, or nothing."""
    yield from (_costing(workplace, "male", chance.randrange(2000)) for _ in range(55))
    yield _costing(workplace, "male", 1_500_000 if secret else 0)


def ill_woman(workplace: str, secret: bool, chance: random.Random) -> Iterator[MemberYear]:
    """Many men with costs, and ten women with none, beside one who costs as much as counts, or nothing."""
    yield from (_costing(workplace, "male", chance.randrange(200_000, 400_000)) for _ in range(150))
    yield from (_costing(workplace, "female", 0) for _ in range(10))
    yield _costing(workplace, "female", 1_500_000 if secret else 0)


def _costing(workplace: str, sex: str, yen: int) -> MemberYear:
    return replace(person(workplace, sex, smokes=False, **USUAL), amounts={"yen": yen, "months": 12})


def difference(engine: Engine, chance: random.Random) -> Secrets:
    """All of a workplace, less its men."""
    everybody = smokers(engine, ["workplace"])
    men = smokers(engine, ["workplace"], [("sex", "male")])
    return {name: _guess((everybody.get((name,)) or 0) - (men.get((name,)) or 0), chance) for name in WORKPLACES}


def informed(engines: Sequence[Engine], others: Mapping[str, int], chance: random.Random) -> Secrets:
    """The smokers of a workplace, less the others who smoke, under every name of the same people, each asked of the next engine."""
    names = [
        cut
        for size in (0, 1, 2)
        for cut in combinations(_NAMES, size)
        if len({variable.partition(":")[0] for variable, _ in cut}) == size
    ]
    found = [smokers(engines[number % len(engines)], ["workplace"], cut) for number, cut in enumerate(names)]
    left = [{name: number - others[name] for (name,), number in told.items() if name in others and number} for told in found]
    return _by_mean(left, chance)


def small_group(engine: Engine, chance: random.Random) -> Secrets:
    """The woman's own cell."""
    women = smokers(engine, ["workplace"], [("sex", "female")])
    return {name: _guess(women.get((name,)), chance) for name in WORKPLACES}


def eldest(engine: Engine, chance: random.Random) -> Secrets:
    """The oldest people's own cell."""
    oldest = smokers(engine, ["workplace"], [("age", "75+")])
    return {name: _guess(oldest.get((name,)), chance) for name in WORKPLACES}


def all_or_none(engine: Engine, chance: random.Random) -> Secrets:
    """A group of whom nobody is counted, or nobody is not: by the number, or by what is said in its place."""
    cells = {cell.levels: cell for cell in engine.ask(Question("smoking", YEAR, ("workplace",))).cells}
    marks = {"low": False, "high": True}
    found = {name: cells[name,] for name in WORKPLACES}
    return {name: marks[cell.mark] if cell.mark in marks else _guess(cell.counted, chance) for name, cell in found.items()}


def tracker(engine: Engine, chance: random.Random) -> Secrets:
    """Everybody who takes part regularly, less the men among them: one woman by an attribute that all know of her."""
    regular = [("participation-summer", "regular")]
    everybody = smokers(engine, ["workplace"], regular)
    men = smokers(engine, ["workplace"], [*regular, ("sex", "male")])
    return {name: _guess((everybody[name,] or 0) - (men[name,] or 0), chance) for name in WORKPLACES}


def sure(engine: Engine, chance: random.Random) -> Secrets:
    """The tracker where two numbers differ: conventional rounding never makes two of one."""
    return {name: True for name, guess in tracker(engine, chance).items() if guess}


def colluding(engines: Sequence[Engine], chance: random.Random) -> Secrets:
    """The tracker by many colleagues, who put their numbers together."""
    return _by_mean([_tracked(engine) for engine in engines], chance)


def poisoning(engines: Sequence[Engine], chance: random.Random) -> Secrets:
    """The tracker while one after the other of the attacker's own begins to smoke: where both numbers jump tells what they are."""
    return _by_mean([_tracked(engine) for engine in engines], chance)


def _tracked(engine: Engine, cut: Sequence[tuple[str, str]] = ()) -> dict[str, int]:
    chosen = [("participation-summer", "regular"), *cut]
    everybody, men = (smokers(engine, ["workplace"], [*chosen, *sex]) for sex in ([], [("sex", "male")]))
    pairs = {name: (everybody[name,], men[name,]) for name in WORKPLACES}
    return {name: many - fewer for name, (many, fewer) in pairs.items() if many is not None and fewer is not None}


def _by_mean(found: Sequence[Mapping[str, int]], chance: random.Random) -> Secrets:
    differences = {name: [one[name] for one in found if name in one] for name in WORKPLACES}
    means = {name: sum(some) / len(some) if some else 0.5 for name, some in differences.items()}
    return {name: chance.random() < 0.5 if mean == 0.5 else mean > 0.5 for name, mean in means.items()}


def padding(engine: Engine, chance: random.Random) -> Secrets:
    """The tracker many times, each time among those who share one or two more attributes with the woman."""
    cuts = [cut for size in (0, 1, 2) for cut in combinations(USUAL.items(), size)]
    return _by_mean([_tracked(engine, cut) for cut in cuts], chance)


def purse(engine: Engine, chance: random.Random) -> Secrets:
    """The cost of a workplace, under each of the names that its people have."""
    found = [_costs(engine, where) for where in ([], *([name] for name in USUAL.items()))]
    said = {name: [costs[name] for costs in found] for name in WORKPLACES}
    return {name: chance.random() < 0.5 if None in costs else any(costs) for name, costs in said.items()}


def sum_difference(engine: Engine, chance: random.Random) -> Secrets:
    """Mean by count of all, less mean by count of the men."""
    everybody, men = (_costs(engine, where) for where in ([], [("sex", "male")]))
    return {
        name: chance.random() < 0.5 if many is None or (fewer := men[name]) is None else many - fewer > 750_000
        for name, many in everybody.items()
    }


def _costs(engine: Engine, where: Sequence[tuple[str, str]]) -> dict[str, float | None]:
    """Return yen in the year: the mean by the people whom the attacker counts."""
    cells = {cell.levels: cell for cell in engine.ask(Question("cost-per-month", YEAR, ("workplace",), tuple(where))).cells}
    people = 150 if where else 161
    return {name: None if (value := cells[name,].value) is None else value * 12 * people for name in WORKPLACES}


def _guess(number: int | None, chance: random.Random) -> bool:
    """Yes where something is counted; by a coin where nothing is said."""
    return chance.random() < 0.5 if number is None else number > 0
