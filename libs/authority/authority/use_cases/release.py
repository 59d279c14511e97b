"""Release this authority's part to a session whose member proved control of a verifier."""

from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.database import Transaction
from chassis.problems import Problem, Unavailable
from protocol.encoding import sha256
from protocol.jose import TokenRefused
from protocol.messages.release import Release
from protocol.release import SealedPart
from protocol.sealing import xwing_public
from protocol.statement import RELEASE, Statement, StatementRefused

from authority import evidence
from authority.errors import (
    AccessEnded,
    AlreadyReleasedInSession,
    EvidenceRefused,
    EvidenceReplayed,
    NotReleased,
    ReleaseCap,
    SessionEnded,
    TooManyTries,
    proof_refused,
)
from authority.errors import StatementRefused as StatementProblem
from authority.session import Presented, Session
from authority.start import Authority
from authority.store import releases as store
from authority.store import sessions
from authority.store.accounts import Salts
from authority.use_cases.nonces import nonce_expires, nonce_id
from authority.use_cases.parts import sealed_part
from authority.use_cases.sessions import admit


async def release(authority: Authority, presented: Presented, request: Release) -> SealedPart:
    """Release once in a session; the same statement in the same session is answered again, whatever became of its evidence.

    The evidence is judged before the database is asked whether this session was answered before, because nearly always it was
    not. No caller can see the order, only that an answered session is answered again.
    """
    now = authority.clock.timestamp()
    async with authority.db.statements("release") as tx:
        judged = await _judged(authority, tx, presented, request, now)
        answer = await _first(tx, judged)
        if isinstance(answer, Problem):
            # What was refused left no trace, not even of its proof.
            session = await admit(tx, authority.once, presented)
            answer = await _again(tx, session, request.statement, now=now, refusal=answer)
        extras = await authority.extras.parts(tx, presented.session.ref, answer.salts.current, answer.salts.pending)
    return await sealed_part(
        authority, presented.session, answer.salts, extras, session_key=answer.session_key, expires=answer.expires
    )


@dataclass(frozen=True)
class _Answer:
    salts: Salts
    session_key: bytes
    expires: int


async def _judged(
    authority: Authority, tx: Transaction, presented: Presented, request: Release, now: int
) -> store.Attempt | Problem:
    """Check everything that is signed; a problem is told only if the session was not answered before."""
    session = presented.session
    try:
        statement = Statement.parse(request.statement)
        statement.check(RELEASE, authority.deployment.sorted_origins, now, session.jkt, request.hpke)
        # Before anything is used up.
        xwing_public(request.hpke)
    except (StatementRefused, TokenRefused, ValueError):
        return StatementProblem()
    try:
        verifier_hash = await evidence.check(request.evidence, statement.h, authority.evidence, tx)
    except (EvidenceRefused, TooManyTries, Unavailable) as refused:
        return refused
    return store.Attempt(
        proof=presented.proof_id,
        issued_at=presented.issued_at,
        slot=authority.once.slot(presented.issued_at),
        ref=session.ref,
        sid=session.sid,
        jkt=session.jkt,
        now=now,
        verifier_hash=verifier_hash,
        nonce=nonce_id(statement),
        nonce_expires=nonce_expires(statement),
        statement_hash=sha256(request.statement),
        session_key=request.hpke,
        expires=now + authority.session_seconds,
        today=datetime.fromtimestamp(now, UTC).date(),
        cap=authority.releases_per_day,
    )


async def _first(tx: Transaction, judged: store.Attempt | Problem) -> _Answer | Problem:
    if isinstance(judged, Problem):
        return judged
    result = await store.release(tx, judged)
    if isinstance(result, store.Done):
        return _Answer(result.salts, judged.session_key, result.expires)
    if result == "verifier" and await store.access_ended(tx, judged.ref, judged.verifier_hash, judged.now):
        return AccessEnded()
    return _refusal(result)


async def _again(tx: Transaction, session: Session, statement: bytes, *, now: int, refusal: Problem) -> _Answer:
    found = await sessions.find(tx, session.sid)
    if found is None:
        raise refusal
    if found.released is None:
        raise SessionEnded
    released = found.released
    if released.expires <= now:
        raise NotReleased
    if (released.jkt, released.ref, released.statement) != (session.jkt, session.ref, sha256(statement)):
        raise AlreadyReleasedInSession
    salts = await store.current(tx, session.ref)
    if salts is None:
        raise refusal
    return _Answer(salts, released.session_key, released.expires)


def _refusal(step: store.Step) -> Problem:
    match step:
        case "proof":
            return proof_refused()
        case "verifier":
            return EvidenceRefused(reason="verifier")
        case "cap":
            return ReleaseCap()
        case "nonce":
            return EvidenceReplayed()
        case "session":
            return AlreadyReleasedInSession()
