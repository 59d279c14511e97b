"""A checkup's results as anon-data takes them: numbers and codes of the item table, nothing in words."""

import re
from decimal import Decimal
from functools import cache
from typing import Literal

from health.items import CHOICE_ROOT, by_code, choice_list
from protocol.messages import records

from .importers import CheckupRow, Observation

_CHOICE = re.compile(r"[0-9A-Za-z.-]{1,16}")
_LONGEST = 16
_FLAGS: tuple[Literal["H", "L", "N"], ...] = ("H", "L", "N")
_KINDS: dict[str, Literal["quantity", "code", "ordinal", "text"]] = {
    "PQ": "quantity",
    "CD": "code",
    "CO": "ordinal",
    "ST": "text",
}
_ABSENT: dict[str, Literal["not-performed", "not-measurable", "above-range", "below-range"]] = {
    "not-done": "not-performed",
    "not-measurable": "not-measurable",
    "above-range": "above-range",
    "below-range": "below-range",
}


class Table:
    """The code table's entries that one import uses, by code."""

    def __init__(self) -> None:
        self.items: dict[str, records.Item] = {}

    def split(self, row: CheckupRow) -> tuple[tuple[records.Observation, ...], tuple[Observation, ...]]:
        """Return what the open part can say, and what it cannot.

        It cannot say words, a second result of one item, answers of another than the item's list, or results of a code
        outside the table: of those nobody here knows whether they identify, and two sites may mean two things by one code.
        Both are in the order of their codes, so that one checkup is the same in whatever format it comes.
        """
        said: dict[str, records.Observation] = {}
        kept_out: list[Observation] = []
        for one in sorted(row.observations, key=_code):
            if one.status == "missing":
                continue
            wire = _wire(one) if one.code in by_code() and one.code not in said else None
            if wire is None:
                kept_out.append(one)
            else:
                said[one.code] = wire
                self.items.setdefault(one.code, item(one.code))
        return tuple(said.values()), tuple(kept_out)


def _code(one: Observation) -> str:
    return one.code


@cache
def item(code: str) -> records.Item:
    """Return the code table's entry for one of the item table's codes."""
    known = by_code()[code]
    choices = CHOICE_ROOT + known.choices[0] if known.choices else None
    return records.Item(
        code=known.code,
        name=known.name,
        display=known.label,
        kind=_KINDS[known.kind],
        unit=known.unit,
        choices=choices,
        labels=_labels(choices),
        loinc=known.loinc,
    )


def _labels(oid: str | None) -> dict[str, str] | None:
    """Return the printed text of each answer of a choice list that this project knows."""
    found = choice_list(oid) if oid else None
    return {choice.code: choice.label for choice in found.values()} if found else None


def _wire(one: Observation) -> records.Observation | None:
    flag: Literal["H", "L", "N"] | None = next((known for known in _FLAGS if known == one.interpretation), None)
    if one.status != "measured":
        return records.Observation(item=one.code, absent=_ABSENT[one.status], flag=flag)
    if isinstance(one.value, Decimal):
        # anon-data takes plain notation of at most 16 characters.
        plain = format(one.value, "f")
        return records.Observation(item=one.code, value=Decimal(plain), flag=flag) if len(plain) <= _LONGEST else None
    if one.kind in ("CD", "CO") and _CHOICE.fullmatch(one.value or "") and one.code_system in (None, item(one.code).choices):
        return records.Observation(item=one.code, choice=one.value, flag=flag)
    return None
