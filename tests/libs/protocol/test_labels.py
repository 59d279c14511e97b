"""Sealed names of ways to sign in."""

import pytest
from protocol.encoding import EncodingError
from protocol.labels import MOST_BYTES, open_label, seal_label
from protocol.messages.verifiers import LABEL_BYTES
from protocol.sealing import OpenError

SEED, ID = bytes(32), bytes(16)


@pytest.mark.parametrize("label", ["", "財布のカード", "x" * MOST_BYTES])
def test_a_label_opens_for_its_verifier(label: str) -> None:
    """Whatever it says, it has one length."""
    sealed = seal_label(label, SEED, ID)

    assert (len(sealed), open_label(sealed, SEED, ID)) == (LABEL_BYTES, label)


@pytest.mark.parametrize(("seed", "verifier"), [(bytes([1]) * 32, ID), (SEED, bytes([1]) * 16)], ids=["member", "verifier"])
def test_a_label_opens_for_nothing_else(seed: bytes, verifier: bytes) -> None:
    """Neither another member nor another verifier."""
    sealed = seal_label("財布のカード", SEED, ID)
    with pytest.raises(OpenError) as caught:
        open_label(sealed, seed, verifier)

    assert str(caught.value) == "a sealed object does not open"


def test_a_label_that_is_too_long_is_refused() -> None:
    """The error does not hold it."""
    with pytest.raises(EncodingError) as caught:
        seal_label("x" * (MOST_BYTES + 1), SEED, ID)

    assert "xx" not in str(caught.value)
