"""Rotation from one key version to the next: the pending share, and the commit. Every step may be repeated."""

from chassis.database import Database, Transaction
from protocol.messages.release import Commit, Rotate
from protocol.release import SealedPart
from protocol.release_log import LogKeyRefused as NoLogKey
from protocol.release_log import log_public, unused_slots
from protocol.rotation import verify_receipt
from protocol.signing import SignatureRefused

from authority.errors import LogKeyRefused, ReceiptRefused, VersionRefused
from authority.session import Session
from authority.start import Authority
from authority.store import accounts, log_entries, log_queue
from authority.store import rotation as store
from authority.use_cases.parts import sealed_part
from authority.use_cases.sessions import locked, released


async def rotate(db: Database, authority: Authority, session: Session, request: Rotate, now: int) -> SealedPart:
    """Return current and pending share; whoever asks second for a version gets the share that the first one got."""
    async with db.transaction("rotate") as tx:
        answered = await released(tx, session, now)
        salts = await locked(tx, session)
        if request.v not in (salts.current, salts.current + 1):
            raise VersionRefused(current=salts.current)
        if request.v > salts.current:
            await store.insert_pending(tx, session.ref, request.v, authority.keys.newest)
            salts = await accounts.salts(tx, session.ref, salts.current)
    return await sealed_part(authority, session, salts, {}, session_key=answered.session_key, expires=answered.expires)


async def commit(db: Database, authority: Authority, session: Session, request: Commit, now: int) -> None:
    """Make the pending version the current one, on the keyvault's word that its bundle is stored."""
    try:
        verify_receipt(authority.keyvault_keys, request.receipt, session.jkt, request.v, request.bundle_hash)
    except (SignatureRefused, OverflowError):
        raise ReceiptRefused from None
    _check_log_key(request.log_key)
    async with db.transaction("commit-rotation") as tx:
        await released(tx, session, now)
        salts = await locked(tx, session)
        await _give_log_key(tx, session.ref, request.log_key)
        if request.v == salts.current:
            return
        # Without a pending salt the share of the new version would be lost with the old salt.
        if request.v != salts.pending:
            raise VersionRefused(current=salts.current)
        await authority.extras.committed(tx, session.ref, request.v, request.bundle_hash)
        await accounts.commit_version(tx, session.ref, request.v)
        await log_queue.add_members(tx, "rotation", [session.ref], session.jkt)


def _check_log_key(public: bytes | None) -> None:
    try:
        if public is not None:
            log_public(public)
    except NoLogKey:
        raise LogKeyRefused from None


async def _give_log_key(tx: Transaction, ref: bytes, public: bytes | None) -> None:
    """Store a member's first log key, whether it comes with their first version or a later one."""
    if public is not None and not await log_entries.has_key(tx, ref):
        await log_entries.give_key(tx, ref, public, unused_slots())
