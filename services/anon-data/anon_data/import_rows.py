"""From a checkup on the wire to the rows it is stored as, or the reason why it cannot be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from protocol.encoding import sha256
from windows import RowsRefused

from anon_data.code_table import CodeTable
from anon_data.import_body import Examination, Result
from anon_data.store.checkups import ABSENT, CheckupKey, CheckupRecord, ObservationRecord

DETAILS_MAX = 65_536
"""Bytes of sealed details at most."""
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_CHOICE_MAX = 16
_CHOICE_ALPHABET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-")


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
    observations: list[ObservationRecord]


class _Refused(Exception):
    """Why a row cannot be stored, as a slug."""


def import_rows(rows: Sequence[tuple[bytes, Examination, bytes | None]], codes: CodeTable) -> list[ImportRow]:
    """Return the rows as they are stored; raises RowsRefused with the first reason found and its rows."""
    done: list[ImportRow] = []
    refused: dict[str, list[int]] = {}
    for at, (token, checkup, details) in enumerate(rows):
        try:
            done.append(_import_row(token, checkup, details, codes))
        except _Refused as error:
            refused.setdefault(str(error), []).append(at)
    for reason, indexes in refused.items():
        raise RowsRefused(reason=reason, rows=indexes)
    return done


def _import_row(token: bytes, checkup: Examination, details: bytes | None, codes: CodeTable) -> ImportRow:
    if not (1900 <= checkup.fiscal_year <= 2200 and 0 <= checkup.age <= 150):
        raise _Refused("year-or-age")
    if details is not None and len(details) > DETAILS_MAX:
        raise _Refused("details-size")
    day, program = checkup.exam_date, int(checkup.program)
    records: list[ObservationRecord] = []
    said = [f"{day}/{checkup.fiscal_year}/{program}/{checkup.age}/{details is not None:d}"]
    for observation in checkup.observations:
        record, text = _observation(token, day, program, observation, codes)
        records.append(record)
        said.append(text)
    if len({record[2] for record in records}) != len(records):
        raise _Refused("item-repeated")
    said[1:] = sorted(said[1:])
    content = sha256("\n".join(said).encode())
    header = (day, checkup.fiscal_year, program, checkup.age, token, content, details)
    sealed = None if details is None else sha256(details)
    return ImportRow((token, day, program), content, sealed, header, records)


def _observation(token: bytes, day: date, program: int, observation: Result, codes: CodeTable) -> tuple[ObservationRecord, str]:
    """Return the record, and its canonical text for the content's hash."""
    code, value, choice, absent, flag = (
        observation.item,
        observation.value,
        observation.choice,
        observation.absent,
        observation.flag,
    )
    number = codes.ids.get(code)
    if number is None:
        raise _Refused("item-unknown")
    if (value is None) + (choice is None) + (absent is None) != 2:
        raise _Refused("one-of-value-choice-absent")
    if value is not None:
        if codes.kinds[code] != "quantity":
            raise _Refused("kind")
        said = "v" + _canonical(value)
    elif choice is not None:
        # Free text can name somebody: it belongs into the sealed details.
        if codes.kinds[code] not in ("code", "ordinal"):
            raise _Refused("kind")
        if not 1 <= len(choice) <= _CHOICE_MAX or not _CHOICE_ALPHABET.issuperset(choice):
            raise _Refused("choice-form")
        said = "c" + choice
    else:
        said = str(absent)
    record = (day, program, number, ABSENT[absent] if absent else None, flag.encode() if flag else None, token, value, choice)
    return record, f"{code}/{said}/{flag}"


def _canonical(value: Decimal) -> str:
    """Return one spelling for equal numbers: 65.50 and 65.5 are the same content."""
    text = str(value)
    if not _NUMBER.fullmatch(text):
        raise _Refused("value-form")
    return text.rstrip("0").rstrip(".") if "." in text else text
