"""Letters for tests, and what is seen of a PDF."""

from datetime import UTC, date, datetime

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import zxingcpp
from protocol.code import Code
from registrar.letters import Letter, Recipient, Sender

SENDER = Sender(
    name="架空健康保険組合",
    name_english="Kakuu Health Insurance Society",
    postcode="100-0000",
    address="東京都架空区見本町1-2-3 見本ビル5階",
    telephone="03-0000-0000",
    hours="平日 9時〜17時",
    hours_english="Weekdays 9:00-17:00",
    portal="https://portal.kakuu.example",
)
HANAKO = Recipient("見本 花子", "999-0001", "東京都架空区見本町一丁目2番3号 架空ハイツ101")
NUMBER = "見本-1 1234567（枝番00）"
EXPIRES = date(2027, 2, 24)
MILLIMETRE = 72 / 25.4
A4_HEIGHT = 297
DOTS = 150


def first(recipient: Recipient = HANAKO, number: str = NUMBER) -> Letter:
    return Letter("first", recipient, number, Code.fresh(), EXPIRES)


def one_of_each() -> list[Letter]:
    return [
        first(),
        Letter("recovery", HANAKO, NUMBER, Code.fresh(), EXPIRES, datetime(2026, 11, 27, 1, 30, 5, tzinfo=UTC)),
        Letter("guardian", HANAKO, NUMBER, Code.fresh(), EXPIRES, child="見本 太郎"),
        Letter("takeover", HANAKO, NUMBER, Code.fresh(), EXPIRES),
    ]


def scanned(pdf: bytes, page: int) -> list[str]:
    """Return what a scanner reads on a page printed at 150 dots an inch."""
    return [found.text for found in _barcodes(pdf, page)]


def scanned_at(pdf: bytes, page: int) -> list[float]:
    """Return the upper and lower edges of what a scanner reads, in millimetres from the sheet's upper edge."""
    corners = [corner for found in _barcodes(pdf, page) for corner in (found.position.top_left, found.position.bottom_right)]
    return [corner.y / DOTS * 25.4 for corner in corners]


def _barcodes(pdf: bytes, page: int) -> list[zxingcpp.Barcode]:
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[page].render(scale=DOTS / 72).to_numpy()
    return list(zxingcpp.read_barcodes(image))


def characters(pdf: bytes, page: int) -> list[tuple[str, float, float, float, float]]:
    """Return each visible character with left, top, right and bottom in millimetres from the sheet's upper left corner."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page].get_textpage()
        found = []
        for place in range(text.count_chars()):
            left, bottom, right, top = (edge / MILLIMETRE for edge in text.get_charbox(place))
            found.append((text.get_text_range(place, 1), left, A4_HEIGHT - top, right, A4_HEIGHT - bottom))
    return [one for one in found if one[0].strip() and one[3] > one[1]]
