"""A receipt as anon-data takes it: months, sums and what is common openly; all else for the sealed details."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal
from typing import Any

from health.diseases import OTHER
from protocol.encoding import lp, pad
from protocol.messages.medical_claims import ClaimDiagnosis, ClaimDrug, MedicalClaim
from protocol.sealing import seal_xwing
from protocol.tokens import TokenSeed

from .claim_classes import said_diagnosis, said_drug
from .importers import ReceiptRow
from .importers.receipt_rows import Diagnosis, Entry
from .importers.receipt_types import own_share

SIZES = (1024, 4096, 16384)
"""Padded sizes of the details in bytes. Nearly every receipt fits the first two."""
_MOST = 2**31 - 1


def claim_of(row: ReceiptRow, name: bytes, common: AbstractSet[str]) -> MedicalClaim:
    """Return the open part: nothing finer than a month, no number, no institution, no code that fewer than ten share."""
    payment, estimated = own_payment(row)
    return MedicalClaim(
        claim=name,
        month=row.claim_month,
        kind=row.kind,
        inpatient=row.inpatient,
        days=min(row.days, 2**15 - 1),
        points=row.points,
        own_payment=min(payment, _MOST),
        estimated=estimated,
        diagnoses=tuple(_diagnoses(row.diagnoses, common)),
        drugs=tuple(_drugs(row.entries, common)),
    )


def own_payment(row: ReceiptRow) -> tuple[int, bool]:
    """Return what the patient pays in yen, and whether that is reckoned from points and rate, to 10 yen, rather than recorded."""
    recorded = [payer.own_payment for payer in row.public_payers if payer.own_payment is not None]
    if recorded:
        # Each public payer takes over what the one before it leaves.
        return recorded[-1], False
    if row.own_payment is not None:
        return row.own_payment, bool(row.public_payers)
    return (row.points * own_share(row.receipt_type) // 10 + 5) // 10 * 10, True


def codes_of(row: ReceiptRow) -> Iterator[str]:
    """Yield the codes of the receipt's diagnoses and drugs."""
    yield from (one.code for one in row.diagnoses)
    yield from (entry.code for entry in row.entries if entry.kind == "drug")


def _diagnoses(found: Iterable[Diagnosis], common: AbstractSet[str]) -> Iterator[ClaimDiagnosis]:
    said: dict[str, bool] = {}
    for one in found:
        code = said_diagnosis(one.code, common)
        said[code] = said.get(code, False) or one.main
    return (ClaimDiagnosis(code=code, main=main) for code, main in sorted(said.items()))


def _drugs(entries: Iterable[Entry], common: AbstractSet[str]) -> Iterator[ClaimDrug]:
    said: dict[str, list[Decimal | None]] = {}
    for entry in with_times(entries):
        if entry.kind == "drug":
            said.setdefault(said_drug(entry.code, common), []).append(_amount(entry))
    for code, amounts in sorted(said.items()):
        known = [amount for amount in amounts if amount is not None]
        whole = code != OTHER and len(known) == len(amounts)
        yield ClaimDrug(code=code, amount=plain(sum(known, Decimal(0))) if whole else None)


def with_times(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries each with how often it was billed: of those billed together the last one says it for all."""
    times: int | None = None
    found: list[Entry] = []
    for entry in reversed(list(entries)):
        if entry.points is not None or entry.times is not None:
            times = entry.times
        found.append(replace(entry, times=times))
    return found[::-1]


def _amount(entry: Entry) -> Decimal | None:
    """Return how much of a drug was given in all, in the unit of its price; None where the receipt does not say."""
    return None if entry.quantity is None or entry.times is None else entry.quantity * entry.times


def plain(number: Decimal) -> Decimal:
    """Return one spelling for equal numbers, without an exponent."""
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def claim_details(row: ReceiptRow) -> bytes | None:
    """Return the padded JSON of what belongs to the member alone, None where even the shortest form does not fit.

    A stay with more lines than fit keeps its head, diagnoses and drugs and is marked ``cut``.
    """
    entries = with_times(row.entries)
    drugs = [entry for entry in entries if entry.kind == "drug"]
    forms: tuple[dict[str, Any], ...] = (
        {"entries": entries, "texts": True, "days": True},
        {"entries": entries, "texts": False, "days": False},
        {"entries": drugs, "texts": False, "days": False},
        {"entries": (), "texts": False, "days": False},
    )
    for at, form in enumerate(forms):
        raw = json.dumps(_details(row, cut=at > 0, **form), ensure_ascii=False, separators=(",", ":")).encode()
        size = next((size for size in SIZES if len(raw) < size), None)
        if size is not None:
            return pad(raw, size)
    return None


def seal_claim(padded: bytes, seed: TokenSeed, claim: MedicalClaim) -> bytes:
    """Seal the padded details to the mailbox, bound to this one claim."""
    return seal_xwing(seed.mailbox_key.public_bytes, padded, lp("medical-claim-details", seed.token, claim.claim))


def _details(row: ReceiptRow, *, cut: bool, entries: Sequence[Entry], texts: bool, days: bool) -> dict[str, Any]:
    told = row.identifying
    words = [one for one in told.texts if one.kind != "narrative"] if texts else []
    content = {
        "v": 1,
        "cut": cut or None,
        "institution": {"number": told.institution.number, "name": told.institution.name},
        "receipt": told.receipt_number,
        "search": told.search_number,
        "billed": f"{row.billing_month:%Y-%m}",
        "type": row.receipt_type,
        "share": own_share(row.receipt_type),
        "group": row.diagnosis_group,
        "payers": [_filled(_fields(one, ("number", "days", "points", "own_payment"))) for one in row.public_payers],
        "diagnoses": [_diagnosis(row, at) for at in range(len(row.diagnoses))],
        "entries": [_entry(entry, days=days) for entry in entries],
        "texts": [_filled({"code": one.code, "text": one.text}) for one in words if one.kind in ("comment", "product")],
    }
    return _filled(content)


def _diagnosis(row: ReceiptRow, at: int) -> dict[str, Any]:
    one = row.diagnoses[at]
    said = {text.kind: text.text for text in row.identifying.texts if text.at == at and text.kind in ("diagnosis", "supplement")}
    return _filled(
        {
            "code": one.code,
            "modifiers": list(one.modifiers) or None,
            "start": one.start.isoformat() if one.start else None,
            "teeth": list(one.teeth) or None,
            "outcome": one.outcome,
            "main": one.main or None,
            "name": said.get("diagnosis"),
            "supplement": said.get("supplement"),
        }
    )


def _entry(entry: Entry, *, days: bool) -> dict[str, Any]:
    said = _fields(entry, ("kind", "section", "code", "points", "times", "unit"))
    for name, number in (("quantity", entry.quantity), ("unit_price", entry.unit_price)):
        said[name] = None if number is None else str(plain(number))
    said["additions"] = list(entry.additions) or None
    said["days"] = [list(day) for day in entry.days] if days and entry.days else None
    return _filled(said)


def _fields(one: object, names: Sequence[str]) -> dict[str, Any]:
    """Return some of an object's fields by name."""
    return {name: getattr(one, name) for name in names}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
