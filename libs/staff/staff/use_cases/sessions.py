"""A passkey opens a session for one DPoP key; sessions end."""

from datetime import datetime

from chassis.database import Database, Transaction
from chassis.once import Once
from protocol import passkey
from protocol.encoding import lp, sha256
from protocol.messages.staff import OpenStaffSession, StaffSessionOpened
from protocol.staff import SESSION_LIFETIME, StaffGrant, StaffPasskey, StaffStatement
from protocol.staff import StaffRefused as Refused
from protocol.staff_logout import StaffLogout
from windows import Deployed

from staff.errors import StaffLogoutRefused, StaffRefused, StaffRole
from staff.staff_call import Presented
from staff.store import sessions as store
from staff.use_cases import lists
from staff.use_cases.calls import use_proof


async def open_session(
    db: Database, deployed: Deployed, once: Once, presented: Presented, request: OpenStaffSession, now: int
) -> StaffSessionOpened:
    """Open a session when a passkey that two officers listed for this subject here signed this statement, which counts once."""
    try:
        statement = StaffStatement.parse(request.statement)
        statement.check(deployed.origin, now, presented.jkt)
    except Refused:
        raise StaffRefused from None
    async with db.transaction("open-staff-session") as tx:
        await use_proof(tx, once, presented)
        await lists.keep(tx)
        listed, granted = await _listed(tx, deployed, presented, request.evidence.credential_id)
        _check(deployed, request, statement, listed)
        roles = presented.roles & set(granted.roles)
        if not roles:
            raise StaffRole
        if not await once.first_within(tx, sha256(lp("staff-nonce", statement.jkt, statement.nonce)), statement.iat):
            raise StaffRefused
        expires = now + SESSION_LIFETIME
        await store.begin(tx, presented.session, listed.id, expires)
    return StaffSessionOpened(roles=tuple(sorted(roles)), expires=expires)


async def end_session(db: Database, once: Once, presented: Presented) -> None:
    """End the caller's session; where none is open, nothing is left to do."""
    async with db.transaction("end-staff-session") as tx:
        await use_proof(tx, once, presented)
        await store.end(tx, presented.session)


async def end_told(db: Database, deployed: Deployed, token: str, now: int) -> None:
    """End the session of which the gateway says that its sign-in is over; where none is open, nothing is left to do."""
    deployment = deployed.deployment
    try:
        keys = deployment.authorities["gateway"].signing_keys
        told = StaffLogout.decode(token, keys, deployment.origins["gateway"], deployed.origin, now)
    except Refused:
        raise StaffLogoutRefused from None
    async with db.transaction("end-told-staff-session") as tx:
        await store.end(tx, told.session)


async def purge(db: Database, now: datetime) -> None:
    """Delete sessions that are over."""
    async with db.transaction("purge-staff-sessions") as tx:
        await store.purge(tx, int(now.timestamp()))


async def _listed(
    tx: Transaction, deployed: Deployed, presented: Presented, credential_id: bytes
) -> tuple[StaffPasskey, StaffGrant]:
    listed = await lists.verified(tx, deployed)
    found = None if listed is None else listed.passkey(credential_id)
    grant = None if found is None else found.at(deployed.host)
    if found is None or grant is None or grant.subject != presented.subject:
        raise StaffRefused
    return found, grant


def _check(deployed: Deployed, request: OpenStaffSession, statement: StaffStatement, listed: StaffPasskey) -> None:
    portal = deployed.deployment.staff_portal
    if portal is None:
        raise StaffRefused
    try:
        passkey.check(request.evidence, statement.h, portal, listed.public_key)
    except passkey.AssertionRefused:
        raise StaffRefused from None
