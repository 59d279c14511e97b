"""What a card looks like."""

import warifu
from protocol.code import Code
from rooms.sdk.model.world import PROFILE

CARD = warifu.Card(Code(bytes(range(16))))


def test_a_sheet_holds_the_code_twice_and_nothing_personal() -> None:
    """As QR code and as text, in both languages, complete in itself: no script, nothing fetched."""
    sheet = CARD.sheet

    assert [word in sheet for word in (CARD.text, "<svg", "ログイン用カード", "Sign-in card")] == [True] * 4
    assert [word in sheet for word in ("<script", "http", "src=", PROFILE.name)] == [False] * 4


def test_text_and_qr_read_as_the_same_code() -> None:
    """Whichever of the two is typed or scanned."""

    assert (Code.parse(CARD.text), Code.parse(CARD.qr)) == (CARD.code, CARD.code)
    assert CARD.qr.isupper()


def test_the_terminal_shows_a_square() -> None:
    """Two rows of modules a line."""
    lines = [line for line in CARD.terminal.splitlines() if line]

    assert len(lines) > 10
