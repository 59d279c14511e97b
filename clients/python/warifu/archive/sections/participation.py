"""What the member's devices told of half-years, mixed with chance as it was."""

from datetime import datetime

from warifu.archive.section import Coded, Content, Section, Words
from warifu.session import MemberSession

_LEVELS = {"none": Words("なし", "none"), "some": Words("ときどき", "some"), "regular": Words("継続", "regular")}


async def _read(session: MemberSession, _now: datetime) -> Content:
    return Content([[one.first.isoformat(), Coded(one.level, _LEVELS[one.level])] for one in await session.participation()])


_COLUMNS = {"first": Words("半年の初日", "First day of the half-year"), "level": Words("伝えた程度", "Level that was told")}
SECTION = Section("participation", 62, Words("分析用に伝えた参加の程度", "Participation told for analysis"), _COLUMNS, _read)
