"""One result as a file wrote it, to a typed observation: the rules that all formats share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from health.items import CHOICE_ROOT, Item, Kind, by_code, choice_list

from .rows import Observation, Status
from .terms import Term
from .text import fold, has_controls
from .units import convert, same_unit

_GUIDANCE_CODE = re.compile(r"[0-9]{10}")
_CODE = re.compile(r"[0-9A-Z]{17}")
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?", re.ASCII)
_OID = re.compile(r"[0-2](\.\d{1,20}){1,30}", re.ASCII)
_CHOICE = re.compile(r"[0-9A-Za-z.+-]{1,20}")
_UNIT = re.compile(r"[!-~]{1,30}")
_KINDS: Mapping[str, Kind] = {"PQ": "PQ", "CD": "CD", "CE": "CD", "CV": "CD", "CO": "CO", "ST": "ST"}
_TEXT_LIMIT = 1000
DOCTOR = "9N516000000000049"


class ResultError(Exception):
    """The result cannot be used; `code` is a report code, `item` a code of the item table or empty: others are the file's words."""

    def __init__(self, code: str, item: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.item = item if item in by_code() else ""


@dataclass(frozen=True, slots=True, repr=False)
class Raw:
    """A result with its parts as the file wrote them. `system` is a choice list's OID; `term` None takes any of the item's lists.

    `converted` says that the file's unit was declared by whoever describes the file, so that the table of units may convert it.
    """

    code: str
    kind: Kind
    value: str = ""
    unit: str = ""
    system: str = ""
    status: Status = "measured"
    interpretation: str | None = None
    group: int | None = None
    reason: bool = False
    term: Term | None = None
    converted: bool = False


def item_code(text: str) -> str:
    """Return the 17-digit code; ResultError for anything else, which is not repeated."""
    code = fold(text).upper()
    if _CODE.fullmatch(code) is None:
        raise ResultError("item-code-bad")
    return code


def guidance_code(text: str) -> str:
    """Return the ten digits of a result of guidance; ResultError for anything else, which is not repeated."""
    code = fold(text)
    if _GUIDANCE_CODE.fullmatch(code) is None:
        raise ResultError("guidance-code-bad")
    return code


def kind_of(code: str, declared: str, *, valued: bool) -> Kind:
    """Return the type of a value; results without one take the item's. CD and CO are used interchangeably in the wild."""
    item = by_code().get(code)
    kind = _KINDS.get(declared)
    if kind is None:
        if declared or (item is None and valued):
            raise ResultError("item-type-mismatch", code)
        return item.kind if item else "ST"
    if item is None or kind == item.kind:
        return kind
    if {kind, item.kind} == {"CD", "CO"}:
        return item.kind
    raise ResultError("item-type-mismatch", code)


def kind_in_table(code: str) -> Kind:
    """Return the item's type where a file declares none; of unknown items nothing is known, so they are words."""
    item = by_code().get(code)
    return item.kind if item else "ST"


def observe(raw: Raw) -> Observation:
    """Type one result; ResultError for a value that cannot be kept."""
    item = by_code().get(raw.code)
    if item is not None and raw.term is not None and not raw.term.has(item):
        raise ResultError("item-not-in-term", raw.code)
    value, unit, system = _content(raw, item)
    return Observation(
        code=raw.code,
        name=item.name if item else None,
        method=item.method if item else None,
        kind=raw.kind,
        status=raw.status,
        value=value,
        unit=unit,
        code_system=system,
        interpretation=raw.interpretation if raw.interpretation in ("H", "L", "N") else None,
        group=raw.group,
        reason=raw.reason,
    )


def doctor(name: str) -> Observation | None:
    """Return the person who judged as a result of its own, or None when the name cannot be kept."""
    words = fold(name)
    if not words or len(words) > _TEXT_LIMIT or has_controls(words):
        return None
    return Observation(DOCTOR, by_code()[DOCTOR].name, None, "ST", "measured", words)


def identifying(observation: Observation) -> bool:
    """Whether the result may name somebody: text always, whatever the table marks, and codes of which nothing is known."""
    item = by_code().get(observation.code)
    return item is None or item.identifying or observation.kind == "ST"


def _content(raw: Raw, item: Item | None) -> tuple[Decimal | str | None, str | None, str | None]:
    """Value, unit and choice list; all None where there is no measured value."""
    if raw.status != "measured":
        return None, None, None
    if raw.kind == "PQ":
        return *_quantity(raw, item), None
    if raw.kind == "ST":
        return _text(raw), None, None
    return _choice(raw, item)


def _quantity(raw: Raw, item: Item | None) -> tuple[Decimal, str | None]:
    text = fold(raw.value)
    if _NUMBER.fullmatch(text) is None:
        raise ResultError("item-not-a-number" if text else "item-value-missing", raw.code)
    amount, unit = Decimal(text), fold(raw.unit)
    if item is None:
        return _shortest(amount), unit if _UNIT.fullmatch(unit) else None
    found = convert(item, amount, unit) if raw.converted or same_unit(item, unit) else None
    if found is None:
        raise ResultError("item-unit-unknown", raw.code)
    if (item.low is not None and found < item.low) or (item.high is not None and found > item.high):
        raise ResultError("item-out-of-range", raw.code)
    return _written(found, item), item.unit


def _shortest(amount: Decimal) -> Decimal:
    """Write a number without zeros at its end: formats that know numbers as such do not keep them."""
    return Decimal(format(amount.normalize(), "f"))


def _written(amount: Decimal, item: Item) -> Decimal:
    """Write the same number in one way in whatever format it came: with the item's decimals, or more where it needs them."""
    shortest = Decimal(1).scaleb(-item.decimals)
    exponent = amount.normalize().as_tuple().exponent
    return amount.quantize(shortest) if isinstance(exponent, int) and exponent >= -item.decimals else amount.normalize()


def _choice(raw: Raw, item: Item | None) -> tuple[str, None, str | None]:
    """Return the answer and its list: the one the file names, which must be one of the item's, or else the item's first."""
    answer = fold(raw.value)
    if not answer:
        raise ResultError("item-value-missing", raw.code)
    if _CHOICE.fullmatch(answer) is None:
        raise ResultError("item-choice-unknown", raw.code)
    named = fold(raw.system)
    if item is None:
        return answer, None, named if _OID.fullmatch(named) else None
    known = [f"{CHOICE_ROOT}{number}" for number in (raw.term.lists(item) if raw.term else item.choices)]
    system = named or (known[0] if known else "")
    answers = choice_list(system) if system in known else None
    if answers is None or answer not in answers:
        raise ResultError("item-choice-unknown", raw.code)
    return answer, None, system


def _text(raw: Raw) -> str:
    words = fold(raw.value)
    if not words:
        raise ResultError("item-value-missing", raw.code)
    if len(words) > _TEXT_LIMIT or has_controls(words.replace("\n", " ").replace("\t", " ").replace("\r", " ")):
        raise ResultError("item-text-too-long", raw.code)
    return words
