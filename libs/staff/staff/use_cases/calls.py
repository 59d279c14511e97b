"""A call of staff is presented, and admitted."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from chassis.database import Database, Transaction
from chassis.once import Once
from protocol import dpop
from protocol.encoding import sha256
from protocol.jose import TokenRefused
from protocol.staff import Role
from protocol.staff import StaffRefused as Refused
from protocol.staff_token import StaffToken
from windows import Deployed

from staff.errors import StaffProofRefused, StaffRole, StaffSessionNeeded, StaffTokenRefused
from staff.staff_call import Presented, StaffCall
from staff.store import sessions
from staff.use_cases import lists

_SCHEME = "dpop "


def present(deployed: Deployed, tokens: Sequence[str], proofs: Sequence[str], *, method: str, url: str, now: int) -> Presented:
    """Check a staff token for this host and the proof of the key it is bound to (RFC 9449 section 7.1)."""
    if len(tokens) != 1 or tokens[0][: len(_SCHEME)].lower() != _SCHEME:
        raise StaffTokenRefused
    token = tokens[0][len(_SCHEME) :]
    deployment = deployed.deployment
    try:
        keys = deployment.authorities["gateway"].signing_keys
        said = StaffToken.decode(token, keys, deployment.origins["gateway"], deployed.origin, now)
    except Refused:
        raise StaffTokenRefused from None
    if len(proofs) != 1:
        raise StaffProofRefused
    try:
        proof = dpop.check(proofs[0], method, url, now, token)
    except TokenRefused:
        raise StaffProofRefused from None
    if proof.jkt != said.jkt:
        raise StaffProofRefused
    return Presented(said.sub, frozenset(said.roles), said.jkt, sha256(proof.jkt, proof.jti.encode()), proof.iat)


async def use_proof(tx: Transaction, once: Once, presented: Presented) -> None:
    """Remember the proof, or refuse it when it was seen before."""
    if not await once.first_within(tx, presented.proof_id, presented.issued_at):
        raise StaffProofRefused


async def admit(
    db: Database, deployed: Deployed, once: Once, presented: Presented, wanted: AbstractSet[Role], now: int
) -> StaffCall:
    """Return who calls, when the proof is new, a listed passkey's session is open, and list and token name a wanted role.

    This ends before the work's own transaction begins: a proof that was refused for its session is used all the same.
    """
    async with db.statements("admit-staff") as tx:
        await use_proof(tx, once, presented)
        opened_by = await sessions.passkey_of(tx, presented.session, now)
        listed = None if opened_by is None else await lists.verified(tx, deployed)
    found = None if opened_by is None or listed is None else listed.named(opened_by)
    grant = None if found is None else found.at(deployed.host)
    if found is None or grant is None or grant.subject != presented.subject:
        raise StaffSessionNeeded
    roles = presented.roles & set(grant.roles)
    if not roles & wanted:
        raise StaffRole
    return StaffCall(found.id, roles, presented.subject)
