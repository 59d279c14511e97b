"""Blind evaluation: the VOPRF of RFC 9497 (ristretto255-SHA512, mode 0x01) over three evaluators.

On the wire an element is 32 bytes, a batch is the elements joined, an answer is the proof (64 bytes) and the elements.
"""

from collections.abc import Mapping, Sequence

from voprf.ristretto import BlindedInput, Client, Evaluator, PublicKey, VerifiableBatchOutput

from .derive import hkdf
from .encoding import lp
from .names import AUTHORITIES, AuthorityName
from .roots import Root, expand

ELEMENT_BYTES = 32
PROOF_BYTES = 64
BATCH_MAX = 256
"""Elements in one batch at most: the evaluation holds the interpreter lock, and 256 take about 20 ms."""


class BlindEvaluationError(Exception):
    """A batch is malformed, or an evaluator's proof does not fit its pinned key."""


def evaluator(root: Root, use: str) -> Evaluator:
    """Return the evaluator of one authority for one use (RFC 9497 DeriveKeyPair)."""
    return Evaluator.from_seed(expand(root, lp("voprf-seed")), lp("voprf", use))


def evaluate(keys: Evaluator, blinded: bytes) -> bytes:
    """Evaluate a joined batch and return proof and elements joined."""
    if not blinded or len(blinded) % ELEMENT_BYTES or len(blinded) > BATCH_MAX * ELEMENT_BYTES:
        raise BlindEvaluationError(f"a batch is 1 to {BATCH_MAX} elements of {ELEMENT_BYTES} bytes")
    try:
        inputs = [BlindedInput.deserialize(blinded[at : at + ELEMENT_BYTES]) for at in range(0, len(blinded), ELEMENT_BYTES)]
        return keys.evaluate_batch(inputs).serialize()
    except ValueError as error:
        raise BlindEvaluationError("an element is not a group element") from error


class BlindedBatch:
    """Inputs blinded once for each of the three authorities, and the way back from their answers to ``F``."""

    def __init__(self, inputs: Sequence[bytes]) -> None:
        if not 1 <= len(inputs) <= BATCH_MAX:
            raise BlindEvaluationError(f"a batch is 1 to {BATCH_MAX} elements")
        self._clients: dict[AuthorityName, list[Client]] = {}
        self.blinded: dict[AuthorityName, bytes] = {}
        """For each authority the joined blinded elements. Each has its own blinds, so two authorities see unrelated values."""
        for host in AUTHORITIES:
            pairs = [Client.blind(value) for value in inputs]
            self._clients[host] = [client for client, _ in pairs]
            self.blinded[host] = b"".join(element.serialize() for _, element in pairs)

    def finalize(self, answers: Mapping[AuthorityName, bytes], public_keys: Mapping[AuthorityName, bytes], use: str) -> list[bytes]:
        """Check the three proofs against the pinned keys and return ``F_use`` of each input, 32 bytes each."""
        outputs = [self._finalize_one(host, answers[host], public_keys[host]) for host in AUTHORITIES]
        return [hkdf(b"".join(parts), lp("F", use)) for parts in zip(*outputs, strict=True)]

    def _finalize_one(self, host: AuthorityName, answer: bytes, public_key: bytes) -> list[bytes]:
        clients = self._clients[host]
        if len(answer) != PROOF_BYTES + len(clients) * ELEMENT_BYTES:
            raise BlindEvaluationError(f"{host} answered with another number of elements")
        try:
            output = VerifiableBatchOutput.deserialize(answer)
            return Client.finalize_batch(clients, output, PublicKey.deserialize(public_key))
        except ValueError as error:
            raise BlindEvaluationError(f"the proof of {host} does not fit its pinned key") from error
        except BaseException as error:  # the wheel raises pyo3's PanicException, a BaseException, for a wrong proof
            if type(error).__name__ != "PanicException":
                raise
            raise BlindEvaluationError(f"the proof of {host} does not fit its pinned key") from error
