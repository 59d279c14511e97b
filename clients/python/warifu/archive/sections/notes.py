"""The member's own notes, which nobody else can read."""

from datetime import date, datetime

from warifu.archive.section import Content, Section, Words
from warifu.session import MemberSession


async def _read(session: MemberSession, _now: datetime) -> Content:
    return Content([[one.day.isoformat(), one.text] for one in await session.notes(date.min, date.max)])


_COLUMNS = {"date": Words("日付", "Date"), "note": Words("メモ", "Note")}
SECTION = Section("notes", 50, Words("メモ", "Notes"), _COLUMNS, _read)
