"""Byte encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.encoding import EncodingError, b64u, lp, pad, unb64u, unpad

FIELDS = st.lists(st.binary(max_size=40), max_size=5)


@given(FIELDS, FIELDS)
def test_lp_is_injective(one: list[bytes], other: list[bytes]) -> None:
    """Two different lists of fields never give the same bytes."""
    assert (lp("a", *one) == lp("a", *other)) == (one == other)


def test_lp_separates_domains() -> None:
    """The same fields under another name give other bytes."""
    assert lp("a", b"b") != lp("ab", b"")
    assert lp("a") == b"\x00\x00\x00\x0bwarifu/v1/a"


@given(st.binary(max_size=64))
def test_base64url_round_trip(data: bytes) -> None:
    """Whatever is encoded decodes to itself, without padding."""
    assert unb64u(b64u(data)) == data
    assert "=" not in b64u(data)


@given(st.text(alphabet="ABab01-_+/= \n", max_size=12))
def test_base64url_has_one_spelling(text: str) -> None:
    """Whatever decodes is exactly what would have been encoded."""
    try:
        data = unb64u(text)
    except EncodingError:
        return

    assert b64u(data) == text


@pytest.mark.parametrize("size", [31, 33])
def test_base64url_of_another_length_is_refused(size: int) -> None:
    """A wrong length is refused where one is expected."""
    with pytest.raises(EncodingError) as caught:
        unb64u(b64u(bytes(size)), 32)

    assert str(caught.value) == "expected 32 bytes"


@given(st.binary(max_size=100), st.integers(1, 60))
def test_padding_round_trip(data: bytes, more: int) -> None:
    """Padded data has the size asked for, and comes back."""
    padded = pad(data, len(data) + more)

    assert (len(padded), unpad(padded)) == (len(data) + more, data)


@pytest.mark.parametrize("data", [b"", b"\x00\x00", b"abc", b"abc\x80\x00\x01"])
def test_bad_padding_is_refused(data: bytes) -> None:
    """Data without the mark, or with anything but zeros behind it, is refused."""
    with pytest.raises(EncodingError) as caught:
        unpad(data)

    assert str(caught.value) == "bad padding"


def test_data_that_does_not_fit_is_refused() -> None:
    """At least one byte is left for the mark."""
    with pytest.raises(EncodingError) as caught:
        pad(bytes(8), 8)

    assert str(caught.value) == "8 bytes do not fit into 8"
