"""Statements."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.encoding import lp, sha256
from protocol.jose import TokenRefused
from protocol.statement import RELEASE, Statement, StatementRefused
from protocol.times import SKEW, STATEMENT_LIFETIME

NOW = 1_800_000_000
ORIGINS = [f"http://localhost:{port}" for port in (8105, 8101, 8103, 8102, 8104)]
JKT, HPKE = bytes(32), b"public key"
MADE = Statement.make(RELEASE, ORIGINS, NOW, JKT, HPKE)


def test_a_statement_reads_back_as_made() -> None:
    """What is parsed from the bytes is what was said."""
    assert Statement.parse(MADE.raw) == MADE
    assert (MADE.origins, MADE.hpke, len(MADE.nonce)) == (tuple(sorted(ORIGINS)), sha256(HPKE), 16)


def test_two_statements_differ() -> None:
    """Each statement has a nonce of its own."""
    assert Statement.make(RELEASE, ORIGINS, NOW, JKT, HPKE).h != MADE.h


def test_the_hash_is_over_the_bytes_as_they_are() -> None:
    """The same members written in another way have another hash."""
    wide = json.dumps(json.loads(MADE.raw), indent=1).encode()

    assert Statement.parse(wide).h == sha256(lp("statement", wide))
    assert Statement.parse(wide).h != MADE.h


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda: MADE.check("sign-in", ORIGINS, NOW, JKT, HPKE), "a statement of another purpose"),
        (lambda: MADE.check(RELEASE, ORIGINS[1:], NOW, JKT, HPKE), "a statement for other origins"),
        (lambda: MADE.check(RELEASE, ORIGINS, NOW, bytes([1]) * 32, HPKE), "a statement for another DPoP key"),
        (lambda: MADE.check(RELEASE, ORIGINS, NOW, JKT, b"other"), "a statement for another session key"),
        (lambda: MADE.check(RELEASE, ORIGINS, NOW + STATEMENT_LIFETIME + 1, JKT, HPKE), "expired, or from the future"),
        (lambda: MADE.check(RELEASE, ORIGINS, NOW - SKEW - 1, JKT, HPKE), "expired, or from the future"),
    ],
)
def test_a_statement_about_something_else_is_refused(check: Callable[[], None], message: str) -> None:
    """Purpose, origins, both keys and time must be those of this request."""
    with pytest.raises((StatementRefused, TokenRefused)) as caught:
        check()

    assert str(caught.value) == message


@pytest.mark.parametrize("now", [NOW - SKEW, NOW, NOW + STATEMENT_LIFETIME])
def test_a_statement_holds_for_its_lifetime(now: int) -> None:
    """From ten seconds early to ten minutes late it is accepted."""
    assert MADE.check(RELEASE, list(reversed(ORIGINS)), now, JKT, HPKE) is None  # type: ignore[func-returns-value]


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    """Arbitrary bytes are refused, and with nothing but StatementRefused."""
    with pytest.raises(StatementRefused) as caught:
        Statement.parse(raw)

    assert isinstance(caught.value, StatementRefused)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(["origins", "iat", "nonce", "jkt", "hpke"]), JSON)
def test_no_value_breaks_the_parser(name: str, value: object) -> None:
    """Whatever stands in place of one member, parsing ends with a statement or with StatementRefused."""
    raw = json.dumps({**json.loads(MADE.raw), name: value}).encode()
    try:
        parsed = Statement.parse(raw)
    except StatementRefused:
        return

    assert (name in {"iat", "origins"}, parsed.raw) == (True, raw)


def test_deep_nesting_is_refused() -> None:
    """A statement nested beyond the parser's depth is refused, not an internal error."""
    with pytest.raises(StatementRefused) as caught:
        Statement.parse(b"[" * 100_000)

    assert str(caught.value) == "not a statement"
