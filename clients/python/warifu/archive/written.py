"""A section's table as CSV, and all sections as a page."""

import csv
from collections.abc import Mapping, Sequence
from html import escape
from io import StringIO
from typing import Literal

from .section import Cell, Coded, Content, Section, Words

Language = Literal["ja", "en"]

_ABOUT = Words(
    "これはあなたの記録の写しです。記録が書き出された後に変更されていないことは、同じフォルダーの署名で確認できます。"
    "署名はあなたの鍵によるもので、健康保険組合や健診機関が内容を証明するものではありません。",
    "This is a copy of your record. The signature beside it shows that nothing was changed after it was written. "
    "The key is your own: neither your health insurance society nor an institution vouches for the content by it.",
)
_TITLE = Words("健康の記録", "Health record")
_NOTHING = Words("記録はありません。", "Nothing is recorded.")
_STYLE = (
    "body{font-family:sans-serif;margin:2em;line-height:1.5}table{border-collapse:collapse;margin-bottom:2em}"
    "th,td{border:1px solid #999;padding:.2em .6em;text-align:left;vertical-align:top;white-space:pre-wrap}"
)


def table(section: Section, content: Content) -> bytes:
    """Return a section as CSV (RFC 4180), in UTF-8 with the mark by which spreadsheets know it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(section.columns)
    writer.writerows([cell.code if isinstance(cell, Coded) else cell for cell in row] for row in content.rows)
    return out.getvalue().encode("utf-8-sig")


def page(contents: Mapping[str, Content], sections: Sequence[Section], made: str, language: Language) -> bytes:
    """Return all sections as one page of HTML that needs nothing beside it."""
    title = _in(_TITLE, language)
    body = "".join(_section(section, contents[section.name], language) for section in sections)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{title} ({made})</h1><p>{_in(_ABOUT, language)}</p>{body}</body></html>\n"
    ).encode()


def _section(section: Section, content: Content, language: Language) -> str:
    heading = f"<h2>{_in(section.title, language)}</h2>"
    if not content.rows:
        return f"{heading}<p>{_in(_NOTHING, language)}</p>"
    head = "".join(f"<th>{_in(words, language)}</th>" for words in section.columns.values())
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell, language)}</td>' for cell in row)}</tr>" for row in content.rows)
    return f"{heading}<table><tr>{head}</tr>{rows}</table>"


def _cell(cell: Cell, language: Language) -> str:
    return _in(cell.words, language) if isinstance(cell, Coded) else escape(cell)


def _in(words: Words, language: Language) -> str:
    return escape(words.ja if language == "ja" else words.en)
