"""Documents of specific health guidance (特定保健指導, schema hg08): the results within all their acts, in document order."""

from collections.abc import Iterator

from lxml import etree

from .checkup_header import NS
from .checkup_values import status_of, value_of
from .header import Header
from .report import Accepted, Rejected
from .results import Raw, ResultError, guidance_code, kind_of, observe
from .rows import GuidanceRow, Observation
from .safe_xml import line_of

_BODY = f"{NS}component/{NS}structuredBody"
_NUMBERS = ("INT", "REAL")
"""Numbers without a unit, which the checkup's documents do not have."""


def guidance(header: Header, root: etree._Element, where: str) -> Iterator[Accepted[GuidanceRow] | Rejected]:
    """Yield the document's row, then the reports on its single results."""
    reports: list[Rejected] = []
    found = tuple(_results(root, where, reports))
    yield Accepted(
        where,
        None,
        GuidanceRow(
            insurer_number=header.insurer_number,
            symbol=header.symbol,
            number=header.number,
            branch=header.branch,
            kana_name=header.kana_name,
            birth_date=header.birth_date,
            sex=header.sex,
            day=header.exam_date,
            report_code=header.report_code,
            institution=header.institution,
            ticket=header.ticket,
            results=found,
        ),
    )
    yield from reports


def _results(root: etree._Element, where: str, reports: list[Rejected]) -> Iterator[Observation]:
    for body in root.iterfind(_BODY):
        for element in body.iter(f"{NS}observation"):
            code = element.find(f"{NS}code")
            if code is None or code.get("nullFlavor"):
                continue
            try:
                yield _result(element, code.get("code") or "")
            except ResultError as refusal:
                reports.append(Rejected(where, line_of(element), refusal.code, refusal.item))


def _result(element: etree._Element, code: str) -> Observation:
    known, value = guidance_code(code), element.find(f"{NS}value")
    said = value_of(value)
    kind = kind_of(known, "PQ" if said.declared in _NUMBERS else said.declared, valued=value is not None)
    status = status_of(element, value, known)
    return observe(Raw(known, kind, said.written(kind), said.unit, said.system, status))
