"""A member's call is presented, admitted; a session ends."""

from collections.abc import Sequence

from chassis.database import Database, Transaction
from chassis.once import Once
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.encoding import sha256
from protocol.jose import TokenRefused as Refused
from protocol.jose import peek_header
from protocol.times import SKEW

from authority.errors import NotReleased, SessionEnded, TokenRefused, proof_refused
from authority.session import Presented, Session
from authority.start import Authority
from authority.store import accounts
from authority.store import sessions as store


async def present(
    authority: Authority, tokens: Sequence[str], proofs: Sequence[str], *, method: str, url: str, now: int
) -> Presented:
    """Check an access token for this host and the proof of the key it is bound to (RFC 9449 section 7.1)."""
    if len(tokens) != 1 or tokens[0][:5].lower() != "dpop ":
        raise TokenRefused
    token = tokens[0][5:]
    try:
        kid = peek_header(token).get("kid")
        keys = await authority.token_keys.keys(kid if isinstance(kid, str) else None)
        access = AccessToken.decode(token, keys, authority.issuer, authority.origin, now)
    except Refused:
        raise TokenRefused from None
    if len(proofs) != 1:
        raise proof_refused()
    try:
        proof = dpop.check(proofs[0], method, url, now, token)
    except Refused:
        raise proof_refused() from None
    if proof.jkt != access.jkt:
        raise proof_refused()
    session = Session(access.ref, access.sid, access.jkt)
    return Presented(session, sha256(proof.jkt, proof.jti.encode()), proof.iat)


async def admit(tx: Transaction, once: Once, presented: Presented) -> Session:
    """Return the session when its proof is new and it is not ended."""
    await use_proof(tx, once, presented)
    if await store.is_ended(tx, presented.session.sid):
        raise SessionEnded
    return presented.session


async def admit_alone(db: Database, once: Once, presented: Presented) -> Session:
    """Do as `admit`, before the work's own transaction: a proof that was refused for its session is used all the same."""
    async with db.statements("admit-member") as tx:
        return await admit(tx, once, presented)


async def use_proof(tx: Transaction, once: Once, presented: Presented) -> None:
    """Remember the proof, or refuse it when it was seen before."""
    if not await once.first_within(tx, presented.proof_id, presented.issued_at):
        raise proof_refused()


async def released(tx: Transaction, session: Session, now: int) -> store.Released:
    """Return what was released to this session, whose key may read its answers again.

    Evidence vouches for one member. Whom a token names is the gateway's word alone, so it must be the member of the release.
    """
    found = await store.find(tx, session.sid)
    if found is not None and found.released is None:
        raise SessionEnded
    answered = found.released if found is not None else None
    if answered is None or (answered.ref, answered.jkt) != (session.ref, session.jkt) or answered.expires <= now:
        raise NotReleased
    return answered


async def locked(tx: Transaction, session: Session) -> accounts.Salts:
    """Return the member's salts and keep them as they are until the transaction ends."""
    salts = await accounts.lock(tx, session.ref)
    if salts is None:
        raise NotReleased
    return salts


async def end_all(db: Database, authority: Authority, session: Session, now: int) -> None:
    """End every session of the member whom this session was released for."""
    async with db.transaction("end-all-sessions") as tx:
        await released(tx, session, now)
        await end_of_members(tx, authority, [session.ref], now)


async def end_of_members(tx: Transaction, authority: Authority, refs: Sequence[bytes], now: int) -> None:
    """End every session of these members at this host."""
    await authority.extras.ended(tx, refs, now)
    await store.end_of_members(tx, refs)


async def end(db: Database, authority: Authority, sid: bytes, now: int) -> None:
    """End a session for as long as it could have lasted."""
    async with db.transaction("end-session") as tx:
        await store.end_session(tx, sid, now + authority.session_seconds + SKEW)
