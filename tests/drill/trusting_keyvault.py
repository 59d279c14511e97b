"""A keyvault with a planted weakness: it reads evidence, but forgets to check who signed it. Tests only."""

from authority import evidence
from authority.evidence_context import EvidenceContext
from chassis.main import main
from keyvault.app import SERVICE
from protocol.jose import peek_claims
from protocol.messages.release import OidcEvidence
from protocol.oidc_evidence import OidcSubject


async def _trusting(proof: OidcEvidence, _h: bytes, context: EvidenceContext) -> bytes:
    claims = peek_claims(proof.id_token)
    idp = context.idp(claims["iss"])
    assert idp is not None
    return OidcSubject(idp.issuer, claims[idp.subject_claim]).verifier(context.oidc_key)


if __name__ == "__main__":
    evidence.KINDS["oidc"] = _trusting  # type: ignore[index]  # the weakness
    main(SERVICE)
