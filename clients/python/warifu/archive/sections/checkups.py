"""Checkups: open results and opened details together, and each as the document that other systems take."""

from datetime import datetime

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.fhir import Result, checkup_document, document_url, results
from warifu.session import MemberSession

_ABSENT = {
    "not-performed": Words("未実施", "not performed"),
    "not-measurable": Words("測定不可能", "not measurable"),
    "above-range": Words("測定範囲を超える", "above range"),
    "below-range": Words("測定範囲未満", "below range"),
    "missing": Words("不明", "unknown"),
}
_FLAGS = {"H": Words("高い", "high"), "L": Words("低い", "low"), "N": Words("基準内", "normal")}


async def _read(session: MemberSession, now: datetime) -> Content:
    found = await session.checkups()
    items = {item.code: item for item in found.items}
    rows: list[list[Cell]] = []
    documents = []
    for checkup in found.checkups:
        details = session.details(checkup)
        start: list[Cell] = [checkup.exam_date.isoformat(), checkup.program, _institution(details)]
        rows += [[*start, one.code, one.display, *said(one)] for one in results(checkup, items, details)]
        document = checkup_document(session.profile, checkup, items, details, now)
        documents.append((document_url(document), document))
    return Content(rows, documents)


def said(result: Result) -> list[Cell]:
    """Return value, unit and flag."""
    value: Cell = "" if result.value is None else str(result.value)
    if result.absent:
        value = Coded(result.absent, _ABSENT[result.absent])
    elif result.label:
        value = Coded(str(result.value), Words(result.label, result.label))
    flag: Cell = Coded(result.flag, _FLAGS[result.flag]) if result.flag in _FLAGS else ""
    return [value, result.unit or "", flag]


def _institution(details: dict[str, object]) -> str:
    said = details.get("institution")
    name = said.get("name") if isinstance(said, dict) else said
    return name if isinstance(name, str) else ""


_COLUMNS = {
    "date": Words("受診日", "Date"),
    "program": Words("健診の種別", "Programme"),
    "institution": Words("健診機関", "Institution"),
    "code": Words("項目コード", "Item code"),
    "item": Words("項目", "Item"),
    "value": Words("値", "Value"),
    "unit": Words("単位", "Unit"),
    "flag": Words("判定", "Flag"),
}
SECTION = Section("checkups", 20, Words("健診結果", "Checkups"), _COLUMNS, _read)
