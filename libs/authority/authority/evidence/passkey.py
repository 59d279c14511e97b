"""Evidence of kind ``passkey``: a WebAuthn assertion made on the portal's origin, with the statement's hash as challenge."""

from chassis.database import Transaction
from protocol import passkey
from protocol.messages.release import PasskeyEvidence

from authority.errors import EvidenceRefused
from authority.evidence_context import EvidenceContext, passkey_hash
from authority.store import verifiers

KIND = "passkey"


async def check(evidence: PasskeyEvidence, h: bytes, context: EvidenceContext, tx: Transaction) -> bytes:
    """Return the keyed hash of the credential whose authenticator verified its user for this statement."""
    portal = context.deployment.portal
    verifier = passkey_hash(context.verifier_key, evidence.credential_id)
    known = await verifiers.find_key(tx, verifier)
    if portal is None or known is None or known.public_key is None:
        raise EvidenceRefused(reason="verifier")
    try:
        passkey.check(evidence, h, portal, known.public_key)
    except passkey.AssertionRefused:
        raise EvidenceRefused(reason="token") from None
    return verifier
