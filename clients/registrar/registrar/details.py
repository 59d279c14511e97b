"""The sealed details of a checkup: institution, ticket, free text, doctors' names. Only the member's mailbox key opens them."""

import json

from health.items import choice_list
from protocol.encoding import lp, pad
from protocol.sealing import seal_xwing
from protocol.tokens import TokenSeed

from .importers import CheckupRow, Observation

SIZES = (512, 1024, 4096, 16384)
"""Padded sizes in bytes. Nearly every checkup fits the first two, so that a size tells next to nothing."""


class DetailsTooLong(Exception):
    """What identifies does not fit the largest size."""


def details(row: CheckupRow, kept_out: tuple[Observation, ...]) -> bytes:
    """Return the padded JSON; ``kept_out`` are results that the open part cannot say."""
    content = {
        "v": 1,
        "institution": {"number": row.institution.number, "name": row.institution.name},
        "ticket": row.ticket,
        "report": row.report_code,
        "observations": [observation(one) for one in sorted((*row.details, *kept_out), key=_code)],
    }
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    size = next((size for size in SIZES if len(raw) < size), None)
    if size is None:
        raise DetailsTooLong
    return pad(raw, size)


def seal_details(padded: bytes, seed: TokenSeed, exam_date: str, program: str) -> bytes:
    """Seal the padded details to the mailbox, bound to this one checkup."""
    return seal_xwing(seed.mailbox_key.public_bytes, padded, details_info(seed.token, exam_date, program))


def details_info(token: bytes, exam_date: str, program: str) -> bytes:
    """Return the HPKE info of a checkup's details."""
    return lp("checkup-details", token, exam_date, program)


def _code(one: Observation) -> str:
    return one.code


def observation(one: Observation) -> dict[str, str]:
    """Return an observation without its empty fields; a known choice with its words beside the code."""
    choice = (choice_list(one.code_system or "") or {}).get(str(one.value))
    fields = {
        "code": one.code,
        "name": one.name,
        "status": one.status,
        "value": None if one.value is None else str(one.value),
        "label": choice.label if choice else None,
        "unit": one.unit,
        "system": one.code_system,
        "interpretation": one.interpretation,
    }
    return {name: value for name, value in fields.items() if value is not None}
