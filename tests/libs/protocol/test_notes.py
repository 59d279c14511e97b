"""Sealed notes."""

from datetime import date

import pytest
from protocol.encoding import EncodingError
from protocol.messages.notes import NOTE_BYTES
from protocol.notes import MOST_BYTES, open_note, seal_note
from protocol.sealing import OpenError

SEED, TOKEN, DAY, SEQ = bytes(32), bytes([2]) * 32, date(2026, 11, 20), 5


@pytest.mark.parametrize("text", ["", "頭が痛い", "x" * MOST_BYTES])
def test_a_note_opens_for_its_day(text: str) -> None:
    """Whatever it says, it has one length."""
    sealed = seal_note(text, SEED, TOKEN, DAY, SEQ)

    assert (len(sealed), open_note(sealed, SEED, TOKEN, DAY, SEQ)) == (NOTE_BYTES, text)


@pytest.mark.parametrize(
    "other",
    [
        (bytes([1]) * 32, TOKEN, DAY, SEQ),
        (SEED, bytes(32), DAY, SEQ),
        (SEED, TOKEN, date(2026, 11, 21), SEQ),
        (SEED, TOKEN, DAY, SEQ + 1),
    ],
    ids=["member", "token", "day", "counter"],
)
def test_a_note_opens_for_nothing_else(other: tuple[bytes, bytes, date, int]) -> None:
    """Neither under another member's key, nor as another day's, nor as a newer one."""
    sealed = seal_note("頭が痛い", SEED, TOKEN, DAY, SEQ)
    with pytest.raises(OpenError) as caught:
        open_note(sealed, *other)

    assert str(caught.value) == "a sealed object does not open"


def test_a_note_that_is_too_long_is_refused() -> None:
    """The error does not hold it."""
    with pytest.raises(EncodingError) as caught:
        seal_note("x" * (MOST_BYTES + 1), SEED, TOKEN, DAY, SEQ)

    assert "xx" not in str(caught.value)
