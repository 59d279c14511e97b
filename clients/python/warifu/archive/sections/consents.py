"""What the member agreed to, and withdrew."""

from datetime import datetime

from protocol.messages.consents import ConsentPurpose

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.session import MemberSession

_PURPOSES: dict[ConsentPurpose, Words] = {
    "analysis": Words("分析", "analysis"),
    "household": Words("家族への開示", "household"),
    "messages": Words("お知らせ", "messages"),
    "portal-use": Words("ポータルの利用状況", "use of the portal"),
}
_DECISIONS = {True: Coded("given", Words("同意", "given")), False: Coded("withdrawn", Words("撤回", "withdrawn"))}


async def _read(session: MemberSession, _now: datetime) -> Content:
    rows: list[list[Cell]] = [
        [entry.day.isoformat(), Coded(state.purpose, _PURPOSES[state.purpose]), str(entry.version), _DECISIONS[entry.given]]
        for state in await session.consents()
        for entry in state.history
    ]
    return Content(rows)


_COLUMNS = {
    "date": Words("日付", "Date"),
    "purpose": Words("目的", "Purpose"),
    "version": Words("版", "Version"),
    "decision": Words("決定", "Decision"),
}
SECTION = Section("consents", 70, Words("同意", "Consents"), _COLUMNS, _read)
