"""Blind evaluation over three authorities."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.authority_keys import AuthorityKeys
from protocol.names import AUTHORITIES, AuthorityName
from protocol.oprf import BATCH_MAX, BlindedBatch, BlindEvaluationError, evaluate

KEYS = {host: AuthorityKeys(host, os.urandom(32), os.urandom(32)) for host in AUTHORITIES}
PUBLIC = {host: KEYS[host].public().voprf["member"] for host in AUTHORITIES}


def _answers(batch: BlindedBatch, keys: dict[AuthorityName, AuthorityKeys] = KEYS) -> dict[AuthorityName, bytes]:
    return {host: evaluate(keys[host].evaluator("member"), batch.blinded[host]) for host in AUTHORITIES}


def _evaluate(inputs: list[bytes]) -> list[bytes]:
    batch = BlindedBatch(inputs)
    return batch.finalize(_answers(batch), PUBLIC, "member")


def test_the_same_input_gives_the_same_output() -> None:
    """F does not depend on the blinds, nor on the place in a batch."""
    once, twice = _evaluate([b"one", b"two"]), _evaluate([b"two", b"three", b"one"])

    assert (once[0], once[1]) == (twice[2], twice[0])
    assert len({*once, *twice}) == 3


def test_authorities_see_unrelated_elements() -> None:
    """The same input is blinded anew for each authority and each time."""
    one, two = BlindedBatch([b"x", b"x"]), BlindedBatch([b"x"])
    seen = [
        batch.blinded[host][at : at + 32]
        for batch in (one, two)
        for host in AUTHORITIES
        for at in range(0, len(batch.blinded[host]), 32)
    ]

    assert len(set(seen)) == len(seen) == 9


@pytest.mark.parametrize("host", AUTHORITIES)
def test_a_proof_of_another_key_is_refused(host: AuthorityName) -> None:
    """An authority that evaluates with another key than the pinned one is named."""
    other = {**KEYS, host: AuthorityKeys(host, os.urandom(32), os.urandom(32))}
    batch = BlindedBatch([b"x"])
    with pytest.raises(BlindEvaluationError) as caught:
        batch.finalize(_answers(batch, other), PUBLIC, "member")

    assert str(caught.value) == f"the proof of {host} does not fit its pinned key"


@pytest.mark.parametrize("at", [0, 40, 64, 90])
def test_a_damaged_answer_is_refused(at: int) -> None:
    """No byte of an answer can be changed."""
    batch = BlindedBatch([b"x"])
    answers = _answers(batch)
    damaged = bytearray(answers["gateway"])
    damaged[at] ^= 1
    with pytest.raises(BlindEvaluationError) as caught:
        batch.finalize({**answers, "gateway": bytes(damaged)}, PUBLIC, "member")

    assert str(caught.value) == "the proof of gateway does not fit its pinned key"


def test_swapped_elements_are_refused() -> None:
    """Answers in another order do not pass the proof: nobody is given somebody else's token."""
    batch = BlindedBatch([b"x", b"y"])
    answers = _answers(batch)
    raw = answers["identity"]
    with pytest.raises(BlindEvaluationError) as caught:
        batch.finalize({**answers, "identity": raw[:64] + raw[96:] + raw[64:96]}, PUBLIC, "member")

    assert str(caught.value) == "the proof of identity does not fit its pinned key"


def test_an_answer_of_another_length_is_refused() -> None:
    """As many elements come back as were sent."""
    batch = BlindedBatch([b"x"])
    answers = _answers(batch)
    with pytest.raises(BlindEvaluationError) as caught:
        batch.finalize({**answers, "keyvault": answers["keyvault"] + bytes(32)}, PUBLIC, "member")

    assert str(caught.value) == "keyvault answered with another number of elements"


@given(st.binary(max_size=100))
def test_no_bytes_break_an_evaluator(blinded: bytes) -> None:
    """Bytes that are no group elements, the identity among them, are refused with BlindEvaluationError."""
    with pytest.raises(BlindEvaluationError) as caught:
        evaluate(KEYS["gateway"].evaluator("member"), blinded)

    assert isinstance(caught.value, BlindEvaluationError)


@pytest.mark.parametrize("elements", [bytes(32), bytes(64), b"\xff" * 32, bytes(32 * (BATCH_MAX + 1)), b""])
def test_special_elements_are_refused(elements: bytes) -> None:
    """The identity, non-canonical elements, too many and none are refused."""
    with pytest.raises(BlindEvaluationError) as caught:
        evaluate(KEYS["gateway"].evaluator("member"), elements)

    assert isinstance(caught.value, BlindEvaluationError)


@pytest.mark.parametrize("count", [0, BATCH_MAX + 1])
def test_batches_are_bounded(count: int) -> None:
    """A batch has 1 to 256 inputs."""
    with pytest.raises(BlindEvaluationError) as caught:
        BlindedBatch([b"x"] * count)

    assert str(caught.value) == f"a batch is 1 to {BATCH_MAX} elements"


def test_uses_are_separate() -> None:
    """Each use has a key of its own."""
    keys = KEYS["gateway"]

    assert keys.evaluator("member").public_key.serialize() != keys.evaluator("search").public_key.serialize()
