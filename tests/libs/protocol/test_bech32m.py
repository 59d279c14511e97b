"""Bech32m, against the published vectors of BIP 350."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.bech32m import Bech32mError, decode, encode, split

VALID = {
    "A1LQFN3A": ("a", ""),
    "a1lqfn3a": ("a", ""),
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6": (
        "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber1",
        "",
    ),
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx": ("abcdef", "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100"),
    "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8": ("1", "1f" * 82),
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v": (
        "split",
        "18171918161c01100b1d0819171d130d10171d16191c01100b03191d1b1903031d130b190303190d181d01190303190d",
    ),
    "?1v759aa": ("?", ""),
}
INVALID = {
    "\x201xj0phk": "character",
    "\x7f1g6xzxy": "character",
    "\x801vctc34": "character",
    "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4": "length",
    "qyrz8wqd2c9m": "character",
    "1qyrz8wqd2c9m": "character",
    "y1b0jsk6g": "character",
    "lt1igcx5c0": "character",
    "in1muywd": "length",
    "mm1crxm3i": "character",
    "au1s5cgom": "character",
    "M1VUXWEZ": "checksum",
    "16plkw9": "character",
    "1p2gdwpf": "character",
}


@pytest.mark.parametrize(("text", "parts"), VALID.items(), ids=range(len(VALID)))
def test_valid_of_bip_350(text: str, parts: tuple[str, str]) -> None:
    """Every valid text of BIP 350 has its prefix and its values."""
    prefix, values = split(text)

    assert (prefix, bytes(values).hex()) == parts


@pytest.mark.parametrize(("text", "fault"), INVALID.items(), ids=range(len(INVALID)))
def test_invalid_of_bip_350(text: str, fault: str) -> None:
    """Every invalid text of BIP 350 is refused, and not repeated."""
    with pytest.raises(Bech32mError) as caught:
        split(text)

    assert (caught.value.fault, str(caught.value)) == (fault, f"not Bech32m: {fault}")


def test_mixed_case_is_refused() -> None:
    """Upper and lower case do not stand in one text."""
    with pytest.raises(Bech32mError) as caught:
        split("A1lqfn3a")

    assert caught.value.fault == "character"


@given(st.sampled_from(["wf", "a", "1", "x1y"]), st.binary(max_size=20))
def test_what_is_written_is_read(prefix: str, data: bytes) -> None:
    """Bytes of any number come back, in both cases."""
    text = encode(prefix, data)

    assert (decode(text), decode(text.upper())) == ((prefix, data), (prefix, data))


@pytest.mark.parametrize("text", ["abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "?1v759aa"])
def test_whole_bytes_are_read(text: str) -> None:
    """Thirty-two values are twenty bytes, no values are none."""
    prefix, data = decode(text)

    assert encode(prefix, data) == text


@pytest.mark.parametrize("values", [[0, 1], [31], [0, 0, 0], [0, 3]])
def test_stray_bits_are_refused(values: list[int]) -> None:
    """Bits that belong to no byte are few and zero: two texts never give the same bytes."""
    text = _checked("wf", values)
    with pytest.raises(Bech32mError) as caught:
        decode(text)

    assert (caught.value.fault, list(split(text)[1])) == ("character", values)


def _checked(prefix: str, values: list[int]) -> str:
    """Return the text of these values: the one of all endings that is accepted, found by solving what :func:`encode` would do."""
    from protocol import bech32m

    residue = bech32m._polymod([*bech32m._expanded(prefix), *values, *[0] * 6]) ^ bech32m._CONSTANT
    ending = [residue >> 5 * place & 31 for place in range(5, -1, -1)]
    return f"{prefix}1{''.join(bech32m.CHARACTERS[value] for value in [*values, *ending])}"
