"""Evidence of kind ``code``: a signature by the key of a letter's or a card's code.

An unknown code is treated like a known one with the wrong PIN, down to the work that is done.
"""

from chassis.database import Transaction
from protocol.code import verify_code
from protocol.messages.release import CodeEvidence
from protocol.signing import SignatureRefused, SigningKey

from authority.errors import EvidenceRefused
from authority.evidence_context import EvidenceContext, code_hash

KIND = "code"
_NOBODY = SigningKey(bytes(32)).public_bytes
"""Checked in the place of an unknown code's key; that its private half is no secret helps nobody, because nothing belongs to it."""


async def check(evidence: CodeEvidence, h: bytes, context: EvidenceContext, tx: Transaction) -> bytes:
    """Return the keyed hash of the code whose key signed the statement."""
    code = code_hash(context.verifier_key, evidence.handle)
    async with context.trying(tx, code) as known:
        try:
            verify_code(known or _NOBODY, evidence.signature, h)
        except SignatureRefused:
            raise EvidenceRefused(reason="verifier") from None
        if known is None:
            raise EvidenceRefused(reason="verifier")
    return code
