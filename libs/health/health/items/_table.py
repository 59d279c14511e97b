"""Reading the two tables once, into frozen values."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, TypeGuard

CHOICE_ROOT = "1.2.392.200119.6."
"""Every choice list's OID is this root and the list number, e.g. 1.2.392.200119.6.24060."""

ITEM_SYSTEM = "1.2.392.200119.6.1005"
"""The OID of the 17-digit item codes themselves."""

Kind = Literal["PQ", "CD", "CO", "ST"]
"""HL7 v3 value types: physical quantity, code, ordinal code, text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One 17-digit code.

    `required` is the column for 特定健診: 1 always, a letter where one of its group must be there, 2 detail examination, others
    as published. `group` is the code that names the examination group; `relation` its place there (COMP result, RSON reason).
    `low` and `high` bound what may be typed in at all (not what is healthy), in `unit` (UCUM).
    """

    code: str
    name: str
    method: str | None
    label: str
    kind: Kind
    unit: str | None
    choices: tuple[str, ...]
    decimals: int
    low: Decimal | None
    high: Decimal | None
    required: str | None
    method_code: str | None
    group: str | None
    relation: str | None
    identifying: bool
    loinc: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice list: its code in files, a stable slug, the Japanese label, and the same in English.

    A go (合) of alcohol is what 180 ml of sake hold.
    """

    code: str
    name: str
    label: str
    english: str


def _is_kind(text: str) -> TypeGuard[Kind]:
    return text in ("PQ", "CD", "CO", "ST")


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _item(row: Mapping[str, str]) -> Item:
    kind = row["type"]
    if not _is_kind(kind):
        raise ValueError(f"items.csv: {row['code']}: unknown type")
    return Item(
        code=row["code"],
        name=row["name"],
        method=row["method"] or None,
        label=row["label"],
        kind=kind,
        unit=row["unit"] or None,
        choices=tuple(row["choices"].split()),
        decimals=int(row["decimals"] or 0),
        low=Decimal(row["low"]) if row["low"] else None,
        high=Decimal(row["high"]) if row["high"] else None,
        required=row["required"] or None,
        method_code=row["method_code"] or None,
        group=row["group"] or None,
        relation=row["relation"] or None,
        identifying=row["identifying"] == "1",
        loinc=row["loinc"] or None,
    )


@cache
def by_code() -> Mapping[str, Item]:
    """Every item by its 17-digit code, in the order of the table."""
    return MappingProxyType({row["code"]: _item(row) for row in _rows("items.csv")})


def items() -> tuple[Item, ...]:
    """Every item, in the order of the table."""
    return tuple(by_code().values())


@cache
def by_name() -> Mapping[str, tuple[Item, ...]]:
    """Return the items (methods) behind each short name, the most preferred first."""
    found: dict[str, tuple[Item, ...]] = {}
    for item in items():
        found[item.name] = (*found.get(item.name, ()), item)
    return MappingProxyType(found)


@cache
def choices() -> Mapping[str, Mapping[str, Choice]]:
    """Every choice list by its number, each as code -> choice."""
    found: dict[str, dict[str, Choice]] = {}
    for row in _rows("choices.csv"):
        found.setdefault(row["list"], {})[row["code"]] = Choice(
            **{name: row[name] for name in ("code", "name", "label", "english")}
        )
    return MappingProxyType({number: MappingProxyType(answers) for number, answers in found.items()})


def choice_list(oid: str) -> Mapping[str, Choice] | None:
    """Return the choice list of a full OID, or None when it is not one of ours."""
    return choices().get(oid.removeprefix(CHOICE_ROOT)) if oid.startswith(CHOICE_ROOT) else None
