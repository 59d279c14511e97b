"""A member's verifiers: listed, vouched for to the other two authorities, confirmed by them."""

from chassis.database import Database
from protocol.messages.verifiers import ConfirmVerifier, Verifier, Verifiers, VerifierStored, stored_message
from protocol.names import AUTHORITIES
from protocol.signing import SignatureRefused, verify

from authority.errors import ReceiptRefused, VerifierUnknown
from authority.session import Session
from authority.start import Authority
from authority.store import verifiers as store
from authority.use_cases.sessions import locked, released


async def listed(db: Database, session: Session, now: int) -> Verifiers:
    """Return the member's verifiers."""
    async with db.transaction("list-verifiers") as tx:
        await released(tx, session, now)
        held = await store.listed(tx, session.ref)
    return Verifiers(verifiers=tuple(_shown(one) for one in held))


async def stored(authority: Authority, session: Session, verifier_id: bytes) -> VerifierStored:
    """Say to this session, signed, that a verifier is stored here; only to be called when it is."""
    message = stored_message(authority.host, session.jkt, verifier_id)
    return VerifierStored(id=verifier_id, receipt=await authority.with_keys(lambda: authority.keys.signing.sign(message)))


async def receipt(db: Database, authority: Authority, session: Session, verifier_id: bytes, now: int) -> VerifierStored:
    """Say again that a verifier is stored here."""
    async with db.transaction("vouch-for-verifier") as tx:
        await released(tx, session, now)
        if all(one.id != verifier_id for one in await store.listed(tx, session.ref)):
            raise VerifierUnknown
    return await stored(authority, session, verifier_id)


async def confirm(
    db: Database, authority: Authority, session: Session, verifier_id: bytes, request: ConfirmVerifier, now: int
) -> None:
    """Count a verifier that all three store as a way in that remains; the letters are used up then."""
    try:
        for host in AUTHORITIES:
            pinned = authority.deployment.authorities[host].signing_keys
            verify(pinned, request.receipts[host], stored_message(host, session.jkt, verifier_id))
    except (SignatureRefused, KeyError):
        raise ReceiptRefused from None
    async with db.transaction("confirm-verifier") as tx:
        await released(tx, session, now)
        await locked(tx, session)
        if not await store.confirm(tx, session.ref, verifier_id):
            raise VerifierUnknown
        await store.use_letters_up(tx, session.ref, now)


def _shown(one: store.Verifier) -> Verifier:
    return Verifier(
        id=one.id,
        kind=one.kind,
        confirmed=one.confirmed,
        label=one.label,
        not_before=one.not_before,
        expires=one.expires,
        guardian_until=one.guardian_until,
    )
