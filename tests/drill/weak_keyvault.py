"""A keyvault with a planted weakness, named by the first argument. Tests only."""

import sys
from collections.abc import Callable

from authority import evidence
from authority.errors import NotReleased
from authority.evidence_context import EvidenceContext
from authority.session import Session
from authority.store import sessions as store
from authority.use_cases import rotation
from chassis.database import Transaction
from chassis.main import main
from keyvault.app import SERVICE
from keyvault.use_cases import bundles
from protocol.jose import peek_claims
from protocol.messages.release import OidcEvidence
from protocol.oidc_evidence import OidcSubject


def unchecked_signature() -> None:
    """Read evidence, but forget to check who signed it."""

    async def check(proof: OidcEvidence, _h: bytes, context: EvidenceContext) -> bytes:
        claims = peek_claims(proof.id_token)
        idp = context.idp(claims["iss"])
        assert idp is not None
        return OidcSubject(idp.issuer, claims[idp.subject_claim]).verifier(context.verifier_key)

    evidence.KINDS["oidc"] = check  # type: ignore[index]  # the weakness


def foreign_reference() -> None:
    """Forget to compare the member a session was released for with the member a token names."""

    async def released(tx: Transaction, session: Session, now: int) -> store.Released:
        found = await store.find(tx, session.sid)
        if found is None or found.released is None or found.released.jkt != session.jkt or found.released.expires <= now:
            raise NotReleased
        return found.released

    rotation.released = released  # type: ignore[attr-defined]  # the weakness
    bundles.released = released  # type: ignore[attr-defined]  # the weakness


WEAKNESSES: dict[str, Callable[[], None]] = {"unchecked-signature": unchecked_signature, "foreign-reference": foreign_reference}

if __name__ == "__main__":
    WEAKNESSES[sys.argv.pop(1)]()
    main(SERVICE)
