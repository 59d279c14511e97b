"""A long file sealed in pieces opens whole, or not at all."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.sealed_stream import PIECE_BYTES, OpeningFile, SealingFile
from protocol.sealing import OpenError, XWingPrivateKey

KEY = XWingPrivateKey(bytes(32))


def sealed(*parts: bytes, info: bytes = b"info") -> bytes:
    """Return parts in a sealed file."""
    file = io.BytesIO()
    sealing = SealingFile(file, KEY.public_bytes, info)
    for part in parts:
        sealing.write(part)
    sealing.close()
    return file.getvalue()


def opened(data: bytes, size: int, key: XWingPrivateKey = KEY, info: bytes = b"info") -> bytes:
    """Return what is in a sealed file."""
    opening = OpeningFile(io.BytesIO(data), key, info)
    found = opening.read(size)
    opening.end()
    return found


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, PIECE_BYTES + 7), max_size=4))
def test_whatever_was_written_is_read(sizes: list[int]) -> None:
    """However it was cut when it was written."""
    parts = [bytes([at]) * size for at, size in enumerate(sizes)]

    assert opened(sealed(*parts), sum(sizes)) == b"".join(parts)


def test_nothing_is_missing_or_changed() -> None:
    """A piece that is cut off, changed, left out or moved, another key or another info opens nothing."""
    data = sealed(bytes(2 * PIECE_BYTES), b"end")
    first = 4 + int.from_bytes(data[:4])
    piece = 4 + int.from_bytes(data[first : first + 4])
    one, two = data[first : first + piece], data[first + piece : first + 2 * piece]
    rest = data[first + 2 * piece :]
    size = 2 * PIECE_BYTES + 3
    wrong = [
        data[:-1],
        data[: first + 2 * piece],
        data[:-1] + bytes([data[-1] ^ 1]),
        data[:first] + two + one + rest,
        data[:first] + one + rest,
        data + b"\0",
    ]

    for each in wrong:
        with pytest.raises(OpenError):
            opened(each, size)
    for key, info in ((XWingPrivateKey(b"1" * 32), b"info"), (KEY, b"other")):
        with pytest.raises(OpenError):
            opened(data, size, key, info)


def test_no_piece_is_made_the_last() -> None:
    """Whoever cuts a file off between two pieces cannot say that this is all."""
    data = sealed(bytes(2 * PIECE_BYTES), b"end")
    first = 4 + int.from_bytes(data[:4])
    length = int.from_bytes(data[first : first + 4])
    begin = first + 4 + length
    marked = data[:begin] + (length | 1 << 31).to_bytes(4) + data[begin + 4 : begin + 4 + length]

    with pytest.raises(OpenError):
        opened(marked, 2 * PIECE_BYTES)


@pytest.mark.parametrize("size", [3, PIECE_BYTES, PIECE_BYTES + 3], ids=["short", "one-piece", "two-pieces"])
def test_more_or_less_than_was_written(size: int) -> None:
    """Whoever reads more than there is hears that the file ends, and whoever ends before everything was read that it goes on."""
    data = sealed(bytes(size))
    with pytest.raises(OpenError, match="ends too early"):
        opened(data, size + 1)
    for less in (0, size - 1, size // 2):
        with pytest.raises(OpenError, match="goes on"):
            opened(data, less)


def test_the_rest_is_not_left_unread() -> None:
    """Reading exactly one piece of several is not the end."""
    with pytest.raises(OpenError, match="goes on"):
        opened(sealed(bytes(PIECE_BYTES + 3)), PIECE_BYTES)
