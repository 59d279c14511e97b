"""Changes of a member's ways to sign in, each on the member's own word for exactly this change at all three authorities."""

from dataclasses import dataclass

from chassis.database import Database, Transaction
from protocol.encoding import sha256
from protocol.jose import TokenRefused
from protocol.messages.verifiers import (
    Addition,
    AuthorisedChange,
    Cancellation,
    CardVerifier,
    PasskeyVerifier,
    Removal,
    VerifierChanged,
    change_body,
    parse_change,
)
from protocol.passkey import is_passkey_key
from protocol.statement import Statement, StatementRefused

from authority import evidence
from authority.errors import (
    ChangeRefused,
    EvidenceRefused,
    EvidenceReplayed,
    LastVerifier,
    NotARecovery,
    VerifierExists,
    VerifiersFull,
)
from authority.errors import StatementRefused as StatementProblem
from authority.evidence_context import code_hash, passkey_hash
from authority.session import Session
from authority.start import Authority
from authority.store import releases
from authority.store import verifiers as store
from authority.use_cases.nonces import nonce_expires, nonce_id
from authority.use_cases.sessions import locked, released
from authority.use_cases.verifiers import stored

MOST = 20
"""Verifiers of one member, letters and guardians included."""


@dataclass(frozen=True)
class _Judged:
    """A change whose evidence holds; whether the verifier is the member's, and the evidence new, is for the transaction to say."""

    change: Addition | Removal | Cancellation
    statement: Statement
    proving: bytes
    """Keyed hash of the verifier that proved it."""


async def change(db: Database, authority: Authority, session: Session, request: AuthorisedChange, now: int) -> VerifierChanged:
    """Make the change. One that was made before is answered again and uses nothing up."""
    async with db.statements("find-session") as tx:
        session_key = (await released(tx, session, now)).session_key
    async with db.statements("check-evidence") as tx:
        judged = await _judged(authority, tx, session, session_key, request, now)
    async with db.transaction("change-verifiers") as tx:
        await released(tx, session, now)
        await locked(tx, session)
        held = await store.listed(tx, session.ref)
        match judged.change:
            case Addition() as addition:
                made = await _add(tx, _addition(authority, session, addition, _proving(held, judged, now)), held)
            case Removal() | Cancellation() as removal:
                made = await _remove(tx, session, removal, held, judged, now)
        if made and not await releases.use_nonce(tx, nonce_id(judged.statement), nonce_expires(judged.statement)):
            raise EvidenceReplayed
    is_new = isinstance(judged.change, Addition)
    return VerifierChanged(stored=await stored(authority, session, judged.change.id) if is_new else None)


async def _judged(
    authority: Authority, tx: Transaction, session: Session, session_key: bytes, request: AuthorisedChange, now: int
) -> _Judged:
    try:
        wanted = parse_change(request.change)
        body = change_body(request.hashes(authority.host))
    except (ValueError, KeyError):
        raise ChangeRefused from None
    try:
        statement = Statement.parse(request.statement)
        statement.check(wanted.action, authority.deployment.sorted_origins, now, session.jkt, session_key)
    except (StatementRefused, TokenRefused):
        raise StatementProblem from None
    if statement.body != sha256(body):
        raise ChangeRefused
    return _Judged(wanted, statement, await evidence.check(request.evidence, statement.h, authority.evidence, tx))


def _proving(held: list[store.Verifier], judged: _Judged, now: int) -> store.Verifier:
    """Return the member's own verifier that proved the change."""
    found = next((one for one in held if one.hash == judged.proving and one.valid(now)), None)
    if found is None:
        raise EvidenceRefused(reason="verifier")
    return found


async def _add(tx: Transaction, new: store.Verifier, held: list[store.Verifier]) -> bool:
    """Store a new verifier; return False when it was stored before."""
    known = next((one for one in held if one.id == new.id), None)
    if known is not None:
        if (known.hash, known.public_key) != (new.hash, new.public_key):
            raise VerifierExists
        return False
    if len(held) >= MOST:
        raise VerifiersFull(most=MOST)
    if not await store.add(tx, new):
        raise VerifierExists
    return True


async def _remove(
    tx: Transaction, session: Session, wanted: Removal | Cancellation, held: list[store.Verifier], judged: _Judged, now: int
) -> bool:
    """Remove a verifier; return False when it is gone, also with it what proved its removal before."""
    known = next((one for one in held if one.id == wanted.id), None)
    if known is None:
        return False
    _proving(held, judged, now)
    if isinstance(wanted, Cancellation):
        if known.not_before is None or known.not_before <= now:
            raise NotARecovery
    elif not any(one.remains(now) for one in held if one.id != wanted.id):
        raise LastVerifier
    await store.remove(tx, session.ref, wanted.id)
    return True


def _addition(authority: Authority, session: Session, wanted: Addition, proving: store.Verifier) -> store.Verifier:
    key = authority.evidence.verifier_key
    match wanted.verifier:
        case PasskeyVerifier(credential_id=credential_id, public_key=public_key):
            if not is_passkey_key(public_key):
                raise ChangeRefused
            found = passkey_hash(key, credential_id)
        case CardVerifier(handle=handle, public_key=public_key):
            found = code_hash(key, handle)
    return store.Verifier(
        hash=found,
        ref=session.ref,
        id=wanted.id,
        kind=wanted.verifier.kind,
        public_key=public_key,
        label=wanted.label,
        confirmed=False,
        not_before=None,
        # What a guardian adds is a guardian's, and ends when the guardianship does, or when the guardian's own way in does.
        expires=proving.expires if proving.guardian_until is not None and proving.kind != "letter" else None,
        guardian_until=proving.guardian_until,
    )
