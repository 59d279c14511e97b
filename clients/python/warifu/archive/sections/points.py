"""Points as they came and went, the newest first, whole."""

from datetime import datetime

from warifu.archive.section import Coded, Content, Section, Words
from warifu.session import MemberSession

_AGAINST = {
    "issued": Words("付与", "granted"),
    "redeemed": Words("交換", "exchanged"),
    "expired": Words("失効", "expired"),
}
_REFUND = Coded("refund", Words("返還", "given back"))


async def _read(session: MemberSession, _now: datetime) -> Content:
    entries = (await session.points(whole=True)).entries
    return Content(
        [
            [
                entry.day.isoformat(),
                str(entry.amount),
                _REFUND if entry.refund else Coded(entry.against, _AGAINST[entry.against]),
                entry.party,
                entry.expires.isoformat() if entry.expires else "",
            ]
            for entry in entries
        ]
    )


_COLUMNS = {
    "day": Words("日付", "Day"),
    "points": Words("ポイント", "Points"),
    "kind": Words("内容", "What for"),
    "party": Words("規則・提供元", "Rule or supplier"),
    "until": Words("有効期限", "Until"),
}
SECTION = Section("points", 46, Words("ポイントの履歴", "Points"), _COLUMNS, _read)
