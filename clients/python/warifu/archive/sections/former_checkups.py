"""Checkups as they were before they were corrected: the results that changed since, before and after."""

from datetime import datetime

from warifu.archive.section import Cell, Content, Section, Words
from warifu.fhir import Result
from warifu.session import MemberSession

from .checkups import said


async def _read(session: MemberSession, _now: datetime) -> Content:
    rows: list[list[Cell]] = []
    for one in await session.former_checkups():
        head: list[Cell] = [one.checkup.exam_date.isoformat(), one.checkup.program, one.institution or "", one.replaced.isoformat()]
        for before, after in one.changes:
            known = before or after
            named: list[Cell] = [known.code, known.display] if known else ["", ""]
            rows.append([*head, *named, *_said(before), *_said(after)])
    return Content(rows)


def _said(result: Result | None) -> list[Cell]:
    return ["", "", ""] if result is None else said(result)


_COLUMNS = {
    "date": Words("受診日", "Date"),
    "program": Words("健診の種別", "Programme"),
    "institution": Words("健診機関", "Institution"),
    "replaced": Words("訂正日", "Corrected on"),
    "code": Words("項目コード", "Item code"),
    "item": Words("項目", "Item"),
    "value": Words("訂正前の値", "Value before"),
    "unit": Words("単位", "Unit"),
    "flag": Words("判定", "Flag"),
    "later_value": Words("訂正後の値", "Value after"),
    "later_unit": Words("訂正後の単位", "Unit after"),
    "later_flag": Words("訂正後の判定", "Flag after"),
}
SECTION = Section("former-checkups", 22, Words("訂正前の健診結果", "Checkups before corrections"), _COLUMNS, _read)
