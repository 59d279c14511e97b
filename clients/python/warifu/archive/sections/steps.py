"""Steps of each day."""

from datetime import date, datetime

from warifu.archive.section import Content, Section, Words
from warifu.session import MemberSession


async def _read(session: MemberSession, _now: datetime) -> Content:
    return Content([[one.day.isoformat(), str(one.steps)] for one in await session.steps(date.min, date.max)])


_COLUMNS = {"date": Words("日付", "Date"), "steps": Words("歩数", "Steps")}
SECTION = Section("steps", 40, Words("歩数", "Steps"), _COLUMNS, _read)
