"""A checkup in XML (HL7 CDA) that is attached to a FHIR document which has no results of its own."""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from . import checkup_xml
from .fhir_bundle import Document
from .header import Header
from .report import Accepted, Rejected
from .rows import CheckupRow
from .safe_json import an_object, objects, words
from .safe_xml import XmlError, parse

_FORMAT = "cdar2_hc08"
"""How formats of attached documents of 特定健診 begin (cdar2_hc08_v08)."""


def attached_checkup(document: Document) -> str | None:
    """Return the first attachment of this kind as it stands there, in base64; None where there is none."""
    for reference in document.all_of("DocumentReference"):
        for content in objects(reference.get("content")):
            if words(an_object(content.get("format")).get("code")).startswith(_FORMAT):
                return words(an_object(content.get("attachment")).get("data"))
    return None


def read_attached(data: str, header: Header, where: str, line: int | None) -> Iterator[Accepted[CheckupRow] | Rejected]:
    """Yield the attached checkup's row and reports, if it is the same person's as the document around it."""
    unknown = Counter[str]()
    try:
        root = parse(b64decode(data, validate=True))
    except (ValueError, XmlError):
        yield Rejected(where, line, "attachment-bad")
        return
    for outcome in checkup_xml.document(root, where, None, unknown):
        if isinstance(outcome, Rejected):
            yield replace(outcome, line=line)
        elif isinstance(outcome.row, CheckupRow) and _is_of(outcome.row, header):
            yield Accepted(where, line, outcome.row)
        else:
            yield Rejected(where, line, "attachment-differs")
            return
    if unknown:
        yield Rejected(where, line, "items-unknown", f"{unknown.total()} results, {len(unknown)} codes")


def _is_of(row: CheckupRow, header: Header) -> bool:
    """Whether both name the same number, birth date and sex."""
    return (row.insurer_number, row.symbol, row.number, row.birth_date, row.sex) == (
        *(header.insurer_number, header.symbol, header.number, header.birth_date, header.sex),
    )
