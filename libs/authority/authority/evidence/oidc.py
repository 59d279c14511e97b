"""Evidence of kind ``oidc``: an ID token that the group's provider made for the evidence client, with the hash as nonce."""

from chassis.database import Transaction
from protocol.jose import TokenRefused, peek_claims, peek_header, verify
from protocol.messages.release import OidcEvidence
from protocol.oidc_evidence import check_claims

from authority.errors import EvidenceRefused
from authority.evidence_context import EvidenceContext

KIND = "oidc"
_TYPES = ("", "jwt", "application/jwt")
"""An ID token says ``JWT`` or nothing: other tokens of the provider name their own type (RFC 8725 section 3.11)."""


async def check(evidence: OidcEvidence, h: bytes, context: EvidenceContext, _tx: Transaction) -> bytes:
    """Return the keyed hash of the subject whom the provider vouches for."""
    try:
        header = peek_header(evidence.id_token)
        idp = context.idp(peek_claims(evidence.id_token).get("iss"))
        if idp is None or str(header.get("typ", "")).lower() not in _TYPES:
            raise EvidenceRefused(reason="token")
        kid = header.get("kid")
        keys = await context.provider_keys(idp).keys(kid if isinstance(kid, str) else None)
        claims = verify(evidence.id_token, keys, None, idp.algorithms)
        return check_claims(claims, idp, h, context.clock.timestamp()).verifier(context.verifier_key)
    except TokenRefused:
        raise EvidenceRefused(reason="token") from None
