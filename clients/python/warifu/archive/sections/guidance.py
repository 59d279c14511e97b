"""What specific health guidance came to."""

from datetime import datetime

from protocol.messages.guidance import GuidanceLevel

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.session import MemberSession

_LEVELS: dict[GuidanceLevel, Words] = {
    "intensive": Words("積極的支援", "intensive support"),
    "motivational": Words("動機付け支援", "motivational support"),
    "equivalent": Words("動機付け支援相当", "support equivalent to motivational"),
}


async def _read(session: MemberSession, _now: datetime) -> Content:
    rows: list[list[Cell]] = []
    for report in await session.guidance():
        level: Cell = Coded(report.level, _LEVELS[report.level]) if report.level else ""
        head: list[Cell] = [report.day.isoformat(), report.stage, level, report.institution.name or ""]
        results: list[list[Cell]] = [
            [one.code, one.name or "", one.label or one.value or "", one.unit or ""] for one in report.results
        ]
        rows += [[*head, *result] for result in results or [["", "", "", ""]]]
    return Content(rows)


_COLUMNS = {
    "date": Words("日付", "Date"),
    "report": Words("報告区分", "Report type"),
    "level": Words("支援レベル", "Level"),
    "institution": Words("実施機関", "Institution"),
    "code": Words("項目コード", "Item code"),
    "item": Words("項目", "Item"),
    "value": Words("値", "Value"),
    "unit": Words("単位", "Unit"),
}
SECTION = Section("guidance", 26, Words("特定保健指導", "Health guidance"), _COLUMNS, _read)
