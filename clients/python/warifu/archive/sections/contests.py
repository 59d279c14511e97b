"""Walking contests that the member takes part in, with what counts of their own steps; of others nothing."""

from datetime import datetime

from warifu.archive.section import Coded, Content, Section, Words
from warifu.session import MemberSession

_IN, _OUT = Coded("entered", Words("参加中", "taking part")), Coded("excused", Words("対象外", "counted out"))


async def _read(session: MemberSession, _now: datetime) -> Content:
    own = {one.contest: one for one in await session.own_contests()}
    found = [(contest, own[contest.id]) for contest in await session.contests() if contest.id in own]
    return Content(
        [
            [
                contest.title,
                contest.first.isoformat(),
                contest.last.isoformat(),
                _OUT if mine.excused else _IN,
                mine.nickname or "",
                str(mine.steps),
            ]
            for contest, mine in found
        ]
    )


_COLUMNS = {
    "title": Words("名称", "Title"),
    "first": Words("開始日", "First day"),
    "last": Words("終了日", "Last day"),
    "state": Words("参加", "Taking part"),
    "nickname": Words("ニックネーム", "Nickname"),
    "steps": Words("数えられた歩数", "Steps that count"),
}
SECTION = Section("contests", 42, Words("ウォーキング企画", "Walking contests"), _COLUMNS, _read)
