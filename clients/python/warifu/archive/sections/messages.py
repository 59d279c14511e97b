"""Messages that the insurer wrote to many, as far as they are shown now."""

from datetime import datetime

from warifu.archive.section import Cell, Coded, Content, Section, Words
from warifu.session import MemberSession


async def _read(session: MemberSession, _now: datetime) -> Content:
    rows: list[list[Cell]] = []
    for one in [received.message for received in await session.messages()]:
        other = one.en or one.ja
        title, body = Words(one.ja.title, other.title), Words(one.ja.body, other.body)
        rows.append([one.sent.isoformat(), Coded(title.ja, title), Coded(body.ja, body), one.link or ""])
    return Content(rows)


_COLUMNS = {
    "date": Words("日付", "Date"),
    "title": Words("件名", "Title"),
    "text": Words("本文", "Text"),
    "link": Words("リンク", "Link"),
}
SECTION = Section("messages", 60, Words("お知らせ", "Messages"), _COLUMNS, _read)
