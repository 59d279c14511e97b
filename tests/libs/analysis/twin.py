"""The same questions answered by plain loops, from the text of the rules and without the code under test."""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

Row = Mapping[str, Any]
Part = tuple[str, int]
Told = tuple[int | None, int | None, float | None, str]

RISKS = ("obesity", "pressure", "liver", "lipids", "glucose")


@dataclass(frozen=True)
class Asked:
    """A year, rungs in the order of the registry, and levels by rung."""

    year: int
    by: Sequence[str]
    where: Mapping[str, str]


BANDS = ["0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-64", "65-74", "75+"]
SCREENED: dict[str, tuple[str, set[str]]] = {
    "stomach": ("50-59", {"male", "female"}),
    "lung": ("40-49", {"male", "female"}),
    "colorectal": ("40-49", {"male", "female"}),
    "breast": ("40-49", {"female"}),
    "cervix": ("20-29", {"female"}),
}
"""The first band of ages that a screening is for, which ends before 75, and whose it is."""
TARGET, LEVELS = {"active", "motivational"}, {"active", "motivational", "information"}
SHARES: dict[str, tuple[str, set[str] | None, str, set[str]]] = {
    "checkup-rate": ("age_guidance", {"40-74"}, "examined", {"yes"}),
    "guidance-rate": ("guidance_level_level", TARGET, "guidance", {"completed"}),
    "guidance-begun": ("guidance_level_level", TARGET, "guidance", {"begun", "completed"}),
    **{f"level-{level}": ("guidance_level_level", LEVELS, "guidance_level_level", {level}) for level in sorted(LEVELS)},
    "metabolic-syndrome": ("syndrome", None, "syndrome", {"present"}),
    "metabolic-syndrome-at-risk": ("syndrome", None, "syndrome", {"at-risk"}),
    "smoking": ("smoking", None, "smoking", {"yes"}),
    **{f"healthy-{habit}": (habit, None, habit, {"good"}) for habit in ("exercise", "eating", "drinking", "sleep")},
    **{f"risk-{name}": (f"risk_{name}", None, f"risk_{name}", {"yes"}) for name in RISKS},
    "see-a-doctor": ("urgency", None, "urgency", {"first", "second"}),
    "see-a-doctor-soon": ("urgency", None, "urgency", {"second"}),
    **{f"doctor-within-{n}-months": (f"doctor_{n}_months", None, f"doctor_{n}_months", {"yes"}) for n in (3, 10)},
    "portal-use": ("portal_use", None, "portal_use", {"some", "monthly"}),
    "portal-monthly": ("portal_use", None, "portal_use", {"monthly"}),
    "portal-retention": ("portal_before", {"yes"}, "portal_use", {"some", "monthly"}),
    **{f"regular-{half}": (f"participation_{half}", None, f"participation_{half}", {"regular"}) for half in ("summer", "winter")},
    **{f"screening-{kind}": (f"screening_{kind}", None, f"screening_{kind}", {"yes"}) for kind in SCREENED},
}
"""Column and values of those who are asked about (None: whose value is known), column and values of those who are counted."""
RATIOS: dict[str, tuple[Part, Part]] = {
    "cost-per-month": (("yen", 1_500_000), ("months", 12)),
    "cost-claims": (("medical_claims", 60), ("months", 12)),
    "cost-days": (("medical_days", 200), ("medical_claims", 60)),
    "cost-yen-per-day": (("medical_yen", 1_500_000), ("medical_days", 200)),
    "generics": (("generic_amount", 2000), ("replaceable_amount", 2000)),
}
BY_DISEASE: dict[str, tuple[Part, Part] | None] = {
    "disease-treated": None,
    "disease-cost-per-month": (("yen", 500_000), ("months", 12)),
}
"""Of sums: what is summed of who was treated, and of everybody."""
DISEASE = {"disease:class": "disease_class", "disease:group": "disease_group"}
LADDERS: dict[str, dict[str, list[str]]] = {
    "age:stage": {"0-39": BANDS[:4], "40-64": BANDS[4:7], "65-74": BANDS[7:8], "75+": BANDS[8:]},
    "age:guidance": {"0-39": BANDS[:4], "40-74": BANDS[4:8], "75+": BANDS[8:]},
    "guidance-level:target": {"target": ["active", "motivational"], "information": ["information"]},
}
POPULATION = {f"age:{rung}": f"age_{rung}" for rung in ("band", "stage", "guidance")} | {
    f"{name}:{name}": name for name in ("sex", "relation", "workplace")
}
ATTRIBUTES = {
    **{f"{name}:{name}": name for name in ("examined", "syndrome")},
    **{f"guidance-level:{rung}": f"guidance_level_{rung}" for rung in ("level", "target")},
    "smoking:smoking": "smoking",
    **{f"risk-{name}:risk": f"risk_{name}" for name in RISKS},
    **{f"participation-{half}:level": f"participation_{half}" for half in ("summer", "winter")},
}
COLUMNS = POPULATION | ATTRIBUTES
"""Every rung in the order of the registry."""


def told(
    rows: Iterable[Row], measure: str, asked: Asked, levels: Sequence[Sequence[str]], key: bytes
) -> dict[tuple[str, ...], Told]:
    """Return people, counted, value and mark of every group."""
    everybody = list(rows)
    groups: dict[tuple[str, ...], list[Row]] = {group: [] for group in product(*levels)}
    for row in everybody:
        if row["fiscal_year"] == asked.year and all(row[_column(rung)] == level for rung, level in asked.where.items()):
            groups[tuple(row[_column(rung)] or "unknown" for rung in asked.by)].append(row)
    named = {group: {**dict(zip(asked.by, group, strict=True)), **asked.where} for group in groups}
    elsewhen = any("@" in rung and not rung.endswith(f"@{asked.year}") for rung in (*asked.by, *asked.where))
    step = 10 if elsewhen else 5
    blocks = _blocks(everybody)
    return {group: _cell(found, measure, step, *_offsets(key, blocks, asked.year, named[group])) for group, found in groups.items()}


def with_former(rows: Iterable[Row], rung: str, year: int) -> list[Row]:
    """Give rows what the same person was in a year, under the rung's name with it."""
    column = COLUMNS[rung]
    former = {row["person"]: row[column] for row in rows if row["fiscal_year"] == year}
    return [{**row, f"{rung}@{year}": former.get(row["person"])} for row in rows]


def _column(rung: str) -> str:
    return rung if "@" in rung else COLUMNS[rung]


def told_by_disease(
    rows: Iterable[Row], lines: Iterable[Row], measure: str, asked: Asked, levels: Sequence[Sequence[str]], key: bytes
) -> dict[tuple[str, ...], Told]:
    """Return the same of a measure by disease: `lines` say what people were treated for, `rows` who there is."""
    treated, everybody = list(lines), list(rows)
    blocks = _blocks(everybody)
    found = {}
    for group in product(*levels):
        named = {**dict(zip(asked.by, group, strict=True)), **asked.where}
        people = {rung: level for rung, level in named.items() if rung not in DISEASE}
        chosen = [row for row in everybody if _is(row, asked.year, people)]
        ill = [row for row in treated if _is(row, asked.year, named)]
        below, above = _offsets(key, blocks, asked.year, people)[0], _offsets(key, blocks, asked.year, named)[1]
        parts = BY_DISEASE[measure]
        if parts is not None:
            found[group] = _ratio(chosen, *parts, 5, below, above, percent=False, tops=ill)
        else:
            found[group] = _share(len(chosen), len(ill), 5, below, above)
    return found


def _is(row: Row, year: int, named: Mapping[str, str]) -> bool:
    columns = COLUMNS | DISEASE
    return row["fiscal_year"] == year and all((row[columns[rung]] or "unknown") == level for rung, level in named.items())


def _cell(rows: list[Row], measure: str, step: int, below: Fraction, above: Fraction) -> Told:
    if measure in RATIOS:
        return _ratio(rows, *RATIOS[measure], step, below, above, percent=measure == "generics")
    column, among, other, counts = SHARES[measure]
    asked = [row for row in rows if row[column] is not None and (among is None or row[column] in among)]
    if measure.startswith("screening-"):
        first, sexes = SCREENED[measure.removeprefix("screening-")]
        asked = [row for row in asked if row["sex"] in sexes and row["age_band"] in BANDS[BANDS.index(first) : -1]]
    counted = sum(row[other] in counts for row in asked)
    return _share(len(asked), counted, step, below, above, by_chance=measure.startswith("regular-"))


def _share(people: int, counted: int, step: int, below: Fraction, above: Fraction, *, by_chance: bool = False) -> Told:
    if people < 10:
        return None, None, None, "hidden"
    shown = step * floor(Fraction(people, step) + below)
    if counted < 10 or people - counted < 10:
        return shown, None, None, "hidden" if shown < 50 else "low" if counted < 10 else "high"
    part = step * floor(Fraction(counted, step) + above)
    rate = Fraction(100 * part, shown)
    if by_chance:
        rate = 2 * rate - Fraction(100, 3)
    return shown, part, float(floor(rate * 10 + Fraction(1, 2)) / 10) if shown >= 50 else None, ""


def _ratio(
    rows: list[Row],
    top: Part,
    bottom: Part,
    step: int,
    below: Fraction,
    above: Fraction,
    *,
    percent: bool,
    tops: list[Row] | None = None,
) -> Told:
    if len(rows) < 10:
        return None, None, None, "hidden"
    shown = step * floor(Fraction(len(rows), step) + below)
    (name, cap), (other, other_cap) = top, bottom
    upper = (
        step * cap * floor(Fraction(sum(min(row[name], cap) for row in (rows if tops is None else tops))) / (step * cap) + above)
    )
    lower = step * other_cap * floor(Fraction(sum(min(row[other], other_cap) for row in rows)) / (step * other_cap) + below)
    if shown < 50 or upper < 10 * cap or lower < 10 * other_cap:
        return shown, None, None, "hidden"
    rounding = Context(prec=3, rounding=ROUND_HALF_UP)
    return shown, None, float(rounding.divide(Decimal(upper * (100 if percent else 1)), Decimal(lower))), ""


def _blocks(rows: Sequence[Row]) -> list[Row]:
    columns = ("fiscal_year", *POPULATION.values())
    return [dict(zip(columns, block, strict=True)) for block in {tuple(row[column] for column in columns) for row in rows}]


def _offsets(key: bytes, blocks: Sequence[Row], year: int, named: Mapping[str, str]) -> tuple[Fraction, Fraction]:
    population = {rung: level for rung, level in named.items() if rung in POPULATION}
    makeup = 0
    for block in blocks:
        if _is(block, year, population):
            makeup ^= int.from_bytes(_digest(key, json.dumps([*block.values()]))[:16])
    finest = []
    for rung, level in named.items():
        if rung not in population:
            present, at, held = rung.partition("@")
            variable, _, name = present.partition(":")
            former = at + held if held and int(held) != year else ""
            own = [name, level] if level == "unknown" else LADDERS.get(present, {}).get(level, [level])
            finest.append([variable + former, own])
    digest = _digest(key, f"people {makeup:032x} {json.dumps(sorted(finest))}")
    return Fraction(int.from_bytes(digest[:8]), 2**64), Fraction(int.from_bytes(digest[8:16]), 2**64)


def _digest(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
