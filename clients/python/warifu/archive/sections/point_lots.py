"""Points that there are, and until when each may be spent."""

from datetime import datetime

from warifu.archive.section import Content, Section, Words
from warifu.session import MemberSession


async def _read(session: MemberSession, _now: datetime) -> Content:
    return Content([[lot.expires.isoformat(), str(lot.points)] for lot in (await session.points()).lots])


_COLUMNS = {"until": Words("有効期限", "Until"), "points": Words("ポイント", "Points")}
SECTION = Section("point-lots", 47, Words("ポイントの残高", "Points left"), _COLUMNS, _read)
