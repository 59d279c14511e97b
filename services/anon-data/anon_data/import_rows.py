"""From a checkup on the wire to the rows it is stored as, or the reason why it cannot be.

A batch holds some 20,000 results, so each costs a few steps of comprehensions here and no object of its own: what a column may hold
is checked a column at a time, and results become the rows that COPY reads.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from chassis.database import binary
from protocol.encoding import sha256
from protocol.messages.records import ABSENT_FORMS
from windows import RowsRefused

from anon_data.code_table import CodeTable
from anon_data.import_body import ImportBody, ResultColumns, Row
from anon_data.store.checkups import RESULT_COLUMNS, CheckupKey, CheckupRecord

DETAILS_MAX = 65_536
"""Bytes of sealed details at most."""
_TEXTS = re.compile(r"(?:v-?[0-9]{1,9}(?:\.[0-9]{1,6})?\n|c[0-9A-Za-z.-]{1,16}\n|[1-4]\n)*")
"""Form and text of each result."""
_FORMS = {"v": "value-form", "c": "choice-form"}
_FLAGS = {"-": binary.NULL, **{flag: binary.field(flag.encode()) for flag in "HLN"}}
# What stands before a result's text, by form and flag; in the order of `store.checkups.RESULT_COLUMNS`.
_BEFORE = {
    form + sign: b"".join([absent, flag, *nulls])
    for sign, flag in _FLAGS.items()
    for form, absent, nulls in [
        ("v", binary.NULL, []),
        ("c", binary.NULL, [binary.NULL]),
        *((form, binary.smallint(int(form)), [binary.NULL]) for form in ABSENT_FORMS.values()),
    ]
}
_ROW = binary.begin(len(RESULT_COLUMNS))
_REMEMBERED = 100_000
"""Values whose field is remembered: most results are one of a few thousand."""
# Free text can name somebody: it belongs into the sealed details.
_KINDS = {"quantity": "v", "code": "c", "ordinal": "c"}
# What stands around a text in the canonical one.
_SAID = {"v": "v", "c": "c", **{form: absent for absent, form in ABSENT_FORMS.items()}}
_SAID_FLAGS = {"-": "None", "H": "H", "L": "L", "N": "N"}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One checkup, ready to be stored."""

    key: CheckupKey
    content: bytes
    """SHA-256 over everything but the bytes of the details, which are sealed anew at random whenever they are sent.

    So it decides whether the results are written again; the details are compared by `details_hash`.
    """
    details_hash: bytes | None
    """SHA-256 of the sealed details as they were sent."""
    header: CheckupRecord
    results: bytes
    """As `anon_data.store.checkups.insert` takes them."""


class _Refused(Exception):
    """Why a row cannot be stored, as a slug."""


class _Items:
    """The codes that a batch refers to, by their places in it."""

    def __init__(self, said: list[str], codes: CodeTable) -> None:
        self.codes = said
        self.ids = [binary.smallint(codes.ids.get(code, 0)) for code in said]
        kinds = [codes.kinds.get(code) for code in said]
        self.known = frozenset(at for at, kind in enumerate(kinds) if kind is not None)
        self.allowed = frozenset(
            (at, form)
            for at, kind in enumerate(kinds)
            if kind is not None
            for form in [*ABSENT_FORMS.values(), *_KINDS.get(kind, "")]
        )
        """Places with the forms that results there may have."""


def import_rows(body: ImportBody, codes: CodeTable) -> list[ImportRow]:
    """Return the rows as they are stored; raises RowsRefused with the first reason found and its rows."""
    items = _Items(body.items, codes)
    done: list[ImportRow] = []
    refused: dict[str, list[int]] = {}
    for at, (token, row, details) in enumerate(body.rows):
        try:
            done.append(_import_row(token, row, details, items))
        except _Refused as error:
            refused.setdefault(str(error), []).append(at)
    for reason, indexes in refused.items():
        raise RowsRefused(reason=reason, rows=indexes)
    return done


def _import_row(token: bytes, row: Row, details: bytes | None, items: _Items) -> ImportRow:
    if not (1900 <= row.fiscal_year <= 2200 and 0 <= row.age <= 150):
        raise _Refused("year-or-age")
    if details is not None and len(details) > DETAILS_MAX:
        raise _Refused("details-size")
    _check(row.results, items)
    day, program = row.exam_date, int(row.program)
    head = f"{day}/{row.fiscal_year}/{program}/{row.age}/{details is not None:d}"
    content = sha256("\n".join([head, *sorted(_said(row.results, items))]).encode())
    return ImportRow(
        (token, day, program),
        content,
        None if details is None else sha256(details),
        (day, row.fiscal_year, program, row.age, token, content, details),
        _copied(_ROW + binary.day(day) + binary.smallint(program) + binary.field(token), row.results, items),
    )


def _check(results: ResultColumns, items: _Items) -> None:
    places, forms, texts = results.items, results.forms, results.texts
    if not len(places) == len(forms) == len(texts) == len(results.flags):
        raise _Refused("columns-differ")
    if len(set(places)) != len(places):
        raise _Refused("item-repeated")
    if not items.allowed.issuperset(zip(places, forms, strict=True)):
        raise _Refused("kind" if items.known.issuperset(places) else "item-unknown")
    lines = [*map(add, forms, texts), ""]
    said = "\n".join(lines)
    # A text of two lines would be two texts.
    if not _TEXTS.fullmatch(said) or said.count("\n") != len(texts):
        wrong = next(line for line in lines if "\n" in line or not _TEXTS.fullmatch(line + "\n"))
        raise _Refused(_FORMS.get(wrong[0], "absent-with-text"))


def _said(results: ResultColumns, items: _Items) -> list[str]:
    """Return the canonical text of each result: equal numbers have one spelling, 65.50 and 65.5 are the same content."""
    codes = items.codes
    return [
        f"{codes[place]}/{_SAID[form]}{text.rstrip('0').rstrip('.') if form == 'v' and '.' in text else text}/{_SAID_FLAGS[flag]}"
        for place, form, text, flag in zip(results.items, results.forms, results.texts, results.flags, strict=True)
    ]


def _copied(prefix: bytes, results: ResultColumns, items: _Items) -> bytes:
    ids = items.ids
    rows = [
        ids[place] + _BEFORE[form + flag] + _after(form, text)
        for place, form, text, flag in zip(results.items, results.forms, results.texts, results.flags, strict=True)
    ]
    return prefix.join([b"", *rows])


@lru_cache(maxsize=_REMEMBERED)
def _after(form: str, text: str) -> bytes:
    """Return the rest of a row: the value and no choice, or the choice, or neither."""
    if form == "v":
        return binary.numeric(text) + binary.NULL
    return binary.field(text.encode()) if form == "c" else binary.NULL
