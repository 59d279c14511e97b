"""Bundles: the first one from the registrar, later ones from the member's devices."""

from authority import Authority, Session
from authority.errors import BundleUnknown, VersionRefused
from authority.use_cases.enrolment import require_never_released, sorted_refs
from authority.use_cases.sessions import locked, released
from chassis.database import Database, Transaction
from protocol.bundle import SEALED_BYTES
from protocol.encoding import sha256
from protocol.messages.enrolment import StoreBundles
from protocol.messages.release import BundleReceipt, PutBundle
from protocol.release import VersionedBundle
from protocol.rotation import sign_receipt
from windows import RowsRefused

from keyvault.errors import BundleExists, BundleSize
from keyvault.store import bundles as store


async def store_first(db: Database, request: StoreBundles) -> None:
    """Store version 0 of a batch, in place of what is there, while nothing was released."""
    refs = sorted_refs(request.rows)
    if wrong := [index for index, row in enumerate(request.rows) if len(row.bundle) != SEALED_BYTES]:
        raise RowsRefused(rows=wrong)
    async with db.transaction("store-first-bundles") as tx:
        await require_never_released(tx, refs)
        await store.store_first(tx, {row.ref: row.bundle for row in request.rows})


async def put(db: Database, session: Session, version: int, request: PutBundle, now: int) -> bool:
    """Store a bundle once and return whether it is new; the same bytes again are fine, others are refused."""
    if len(request.bundle) != SEALED_BYTES:
        raise BundleSize(size=SEALED_BYTES)
    async with db.transaction("put-bundle") as tx:
        await released(tx, session, now)
        current = (await locked(tx, session)).current
        if version not in (current, current + 1):
            raise VersionRefused(current=current)
        if await store.insert_once(tx, session.ref, version, request.bundle):
            return True
        if await store.find(tx, session.ref, version) != request.bundle:
            raise BundleExists
    return False


async def get(db: Database, session: Session, version: int, now: int) -> VersionedBundle:
    """Return a bundle of the current or the next version."""
    async with db.transaction("get-bundle") as tx:
        return VersionedBundle(v=version, bundle=await _bundle(tx, session, version, now))


async def receipt(db: Database, authority: Authority, session: Session, version: int, now: int) -> BundleReceipt:
    """Say to this session, signed, which bundle is stored."""
    async with db.transaction("sign-receipt") as tx:
        bundle = await _bundle(tx, session, version, now)
    signature = await authority.with_keys(lambda: sign_receipt(authority.keys.signing, session.jkt, version, bundle))
    return BundleReceipt(v=version, bundle_hash=sha256(bundle), receipt=signature)


async def _bundle(tx: Transaction, session: Session, version: int, now: int) -> bytes:
    await released(tx, session, now)
    current = (await locked(tx, session)).current
    bundle = await store.find(tx, session.ref, version)
    if bundle is None or version not in (current, current + 1):
        raise BundleUnknown
    return bundle
