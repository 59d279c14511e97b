"""Member numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.member import MemberNumber, MemberNumberError

DIGITS = st.text("0123456789", min_size=1, max_size=8).filter(lambda text: text.strip("0") != "")
WIDE = str.maketrans("0123456789-ABC", "０１２３４５６７８９－ＡＢＣ")


@given(DIGITS, st.text("0123456789-ABC", max_size=6), DIGITS, st.text("0123456789", min_size=1, max_size=2))
def test_full_width_is_the_same_member(insurer: str, symbol: str, number: str, branch: str) -> None:
    """Full-width digits, letters and hyphens give the same number as half-width ones."""
    narrow = MemberNumber.parse(insurer, symbol, number, branch)

    assert MemberNumber.parse(*(field.translate(WIDE) for field in (insurer, symbol, number, branch))) == narrow


@given(DIGITS, st.text("0123456789-ABCアー", max_size=6), DIGITS, st.text("0123456789", min_size=1, max_size=2))
def test_normalising_twice_changes_nothing(insurer: str, symbol: str, number: str, branch: str) -> None:
    """A normalised number is already normal."""
    once = MemberNumber.parse(insurer, symbol, number, branch)

    assert MemberNumber.parse(once.insurer, once.symbol, once.number, once.branch) == once


@pytest.mark.parametrize("hyphen", "-‐‑‒–—―−ー－ｰ─━")
def test_every_hyphen_is_one(hyphen: str) -> None:
    """Whatever dash an insurer's file uses, the member is the same."""
    assert MemberNumber.parse("1", f"12{hyphen}3", "1", "0").symbol == "12-3"


def test_blanks_and_leading_zeros_go() -> None:
    """White space of any width goes; insurer and branch are filled up; the number loses its zeros."""
    assert MemberNumber.parse(" 613\u30009999", "ab c", " 00100\n", "1") == MemberNumber(
        "06139999"[1:].zfill(8), "ABC", "100", "01"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (("", "1", "1", "1"), "insurer number: up to 8 digits expected"),
        (("1²", "1", "1", "1x"), "branch: up to 2 digits expected"),
        (("1", "1", "000", "1"), "number: digits expected"),
        (("1", "1", "二", "1"), "number: digits expected"),
        (("1", "1", "1", "100"), "branch: up to 2 digits expected"),
        (("1", "1", "1", ""), "branch: up to 2 digits expected"),
    ],
)
def test_impossible_fields_are_named_not_repeated(fields: tuple[str, str, str, str], message: str) -> None:
    """The message names the field and never its value."""
    with pytest.raises(MemberNumberError) as caught:
        MemberNumber.parse(*fields)

    assert str(caught.value) == message


def test_fields_do_not_run_into_each_other() -> None:
    """A digit moved from one field to the next gives another input."""
    assert MemberNumber.parse("1", "12", "3", "0").x != MemberNumber.parse("1", "1", "23", "0").x
