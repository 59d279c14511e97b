"""Individual programs that the member has joined. Which habit it is stands nowhere but with the member."""

from datetime import datetime

from warifu.archive.section import Coded, Content, Section, Words
from warifu.session import MemberSession

_YES, _NO = Coded("yes", Words("はい", "yes")), Coded("no", Words("いいえ", "no"))


async def _read(session: MemberSession, _now: datetime) -> Content:
    joined = [one for one in await session.challenges() if one.joined]
    return Content(
        [
            [one.title, one.first.isoformat(), one.last.isoformat(), str(one.done), str(one.goal), _YES if one.reached else _NO]
            for one in joined
        ]
    )


_COLUMNS = {
    "title": Words("名称", "Title"),
    "first": Words("開始日", "First day"),
    "last": Words("終了日", "Last day"),
    "done": Words("達成", "Done"),
    "goal": Words("目標", "Goal"),
    "reached": Words("達成したか", "Reached"),
}
SECTION = Section("challenges", 44, Words("個人チャレンジ", "Individual programs"), _COLUMNS, _read)
