"""Medical claims as they were before they were replaced or cancelled, with all their lines."""

from datetime import date, datetime

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.session import MemberSession

from .medical_claims import COLUMNS, rows_of

_REPLACED, _CANCELLED = Coded("replaced", Words("訂正", "replaced")), Coded("cancelled", Words("取り消し", "cancelled"))


async def _read(session: MemberSession, _now: datetime) -> Content:
    rows: list[list[Cell]] = []
    for one in await session.former_claims(date.min, date.max):
        what = _CANCELLED if one.later is None else _REPLACED
        rows += [[one.replaced.isoformat(), what, *row] for row in rows_of(one.claim)]
    return Content(rows)


_COLUMNS = {"replaced": Words("訂正・取り消しの日", "Until"), "what": Words("理由", "Because"), **COLUMNS}
SECTION = Section("former-claims", 25, Words("訂正前・取り消し前の医療費", "Claims before corrections"), _COLUMNS, _read)
