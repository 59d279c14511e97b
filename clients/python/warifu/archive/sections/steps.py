"""Steps of each day."""

from datetime import date, datetime

from warifu.archive.section import Content, Section, Words
from warifu.session import MemberSession


async def _read(session: MemberSession, _now: datetime) -> Content:
    days = await session.steps(date.min, date.max)
    return Content([[one.day.isoformat(), str(one.steps), str(one.manual_steps)] for one in days])


_COLUMNS = {"date": Words("日付", "Date"), "steps": Words("歩数", "Steps"), "typed": Words("手入力の歩数", "Steps typed")}
SECTION = Section("steps", 40, Words("歩数", "Steps"), _COLUMNS, _read)
