"""Evidence that signs a member in at the gateway: with the same gesture that releases, or alone."""

from chassis.database import Transaction
from protocol.encoding import sha256
from protocol.jose import TokenRefused
from protocol.messages.release import Evidence
from protocol.statement import RELEASE, SIGN_IN, Statement, StatementRefused, sign_in_body

from authority import evidence
from authority.errors import AccessEnded, EvidenceRefused, EvidenceReplayed
from authority.errors import StatementRefused as StatementProblem
from authority.start import Authority
from authority.store import releases, verifiers
from authority.use_cases.nonces import nonce_expires, nonce_id

_NO_KEY = b""
"""In the place of a session's X-Wing public key, where there is no session to seal to."""


async def prove_sign_in(authority: Authority, raw: bytes, proof: Evidence, jkt: bytes, now: int) -> bytes:
    """Return the reference of the member who proved the statement, which is used up for signing in, not for the release.

    The session's X-Wing key is not known yet; the release compares it. Raises StatementRefused, EvidenceRefused, EvidenceReplayed,
    AccessEnded, TooManyTries, Unavailable.
    """
    try:
        statement = Statement.parse(raw)
        statement.check_request(RELEASE, authority.deployment.sorted_origins, now, jkt)
    except (StatementRefused, TokenRefused):
        raise StatementProblem from None
    return await _prove(authority, statement, proof, now)


async def prove_hand_over(authority: Authority, raw: bytes, proof: Evidence, reference: bytes, jkt: bytes, now: int) -> bytes:
    """Do as `prove_sign_in` with a statement about the one sign-in that ``reference`` names, which releases nothing anywhere."""
    try:
        statement = Statement.parse(raw)
        statement.check(SIGN_IN, authority.deployment.sorted_origins, now, jkt, _NO_KEY)
    except (StatementRefused, TokenRefused):
        raise StatementProblem from None
    if statement.body != sha256(sign_in_body(reference)):
        raise StatementProblem
    return await _prove(authority, statement, proof, now)


async def _prove(authority: Authority, statement: Statement, proof: Evidence, now: int) -> bytes:
    async with authority.db.statements("check-evidence") as tx:
        verifier = await evidence.check(proof, statement.h, authority.evidence, tx)
    async with authority.db.transaction("prove-sign-in") as tx:
        ref = await _member(tx, verifier, now)
        if not await releases.use_nonce(tx, nonce_id(statement, "sign-in"), nonce_expires(statement)):
            raise EvidenceReplayed
    return ref


async def _member(tx: Transaction, verifier: bytes, now: int) -> bytes:
    found = await verifiers.signing_in(tx, verifier, 0, now)
    if found is None:
        raise EvidenceRefused(reason="verifier")
    ref, access_ends = found
    if access_ends is not None and access_ends <= now:
        raise AccessEnded
    return ref
