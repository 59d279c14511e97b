"""The end of a sign-in of staff: in one transaction, the stores told afterwards."""

from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.database import Database, Transaction
from chassis.once import Once
from protocol.encoding import lp, sha256
from protocol.messages.staff import EndStaffSession
from protocol.names import StoreName
from protocol.staff_logout import StaffLogout, session_id
from protocol.staff_token import LIFETIME as TOKEN_LIFETIME

from gateway import secret
from gateway.audit import audit
from gateway.context import Gateway
from gateway.errors import OAuthError
from gateway.parameters import Parameters
from gateway.staff_desk import StaffDesk
from gateway.store import outbox
from gateway.store import staff as store
from gateway.store.outbox import OF_STAFF, Notice
from gateway.store.staff import StaffSignIn
from gateway.upstream import LoggedOut, ProviderRefused, ProviderUnreachable
from gateway.use_cases.deliver import Told, deliver
from gateway.use_cases.staff_push import client_of, desk_of, proved_key


async def sign_out(db: Database, desk: StaffDesk | None, asked: Parameters, proved: bytes | None, now: datetime) -> None:
    """End the sign-in of a refresh token; one that is over, or nobody's, is as good as ended."""
    there = desk_of(desk)
    client_id, jkt = client_of(there, asked).client_id, proved_key(proved)
    token = secret.handle(asked.one("refresh_token") or "")
    if token is None:
        raise OAuthError("invalid_request", "refresh_token is needed")
    async with db.transaction("end-staff-sign-in") as tx:
        ended = await store.end_by_token(tx, token, client_id, jkt)
        if ended is not None:
            await finish(tx, there, ended, now)


async def end_at_group(db: Database, desk: StaffDesk | None, once: Once, token: str | None, now: datetime) -> None:
    """End what the provider's logout token names, and remember the token; raises ``OAuthError``."""
    there = desk_of(desk)
    told = await _told(there, token)
    person = None if told.sub is None else there.person(told.issuer, told.sub)
    at_group = None if told.sid is None else there.group_sid(told.issuer, told.sid)
    async with db.transaction("end-staff-at-group") as tx:
        if not await once.first_within(tx, sha256(lp("staff-group-logout", told.issuer, told.jti)), told.issued_at):
            raise _refused("replayed")
        ended = await store.end_at_group(tx, person, at_group)
        for each in ended:
            await finish(tx, there, each, now)
    audit("staff_signed_out_at_group", sign_ins=len(ended))


async def finish(tx: Transaction, desk: StaffDesk, ended: StaffSignIn, now: datetime) -> None:
    """Tell the stores that a sign-in could work at: until its last token, and a session opened with that, would be over."""
    sessions = {
        desk.resources[origin]: session_id(ended.jkt, desk.subject(ended.member.person, desk.resources[origin]))
        for origin in ended.resources
    }
    until = ended.expires_at + timedelta(seconds=TOKEN_LIFETIME)
    await outbox.add(tx, [(OF_STAFF + name, session) for name, session in sessions.items()], due_at=now, expires_at=until)


async def tell(db: Database, desk: StaffDesk | None, gateway: Gateway, clock: Clock) -> None:
    """Try every end of a sign-in that a store is still to be told of."""
    if desk is None:
        return

    def to(origin: str, name: StoreName) -> Told:
        async def post(notice: Notice, now: int) -> int:
            said = StaffLogout(iss=gateway.issuer, aud=origin, session=notice.sid, iat=now)
            token = await desk.authority.with_keys(lambda: said.encode(desk.authority.keys.signing))
            body = EndStaffSession(logout_token=token).model_dump()
            return (await gateway.http.post(f"{gateway.deployment.partner_origin(name)}/staff/logout", json=body)).status_code

        return post

    await deliver(db, {OF_STAFF + name: to(origin, name) for origin, name in desk.resources.items()}, clock)


async def _told(desk: StaffDesk, token: str | None) -> LoggedOut:
    if token is None:
        raise _refused("malformed")
    try:
        return await desk.party.logged_out(token)
    except ProviderRefused:
        raise _refused("token") from None
    except ProviderUnreachable:
        raise OAuthError("temporarily_unavailable", "please tell again") from None


def _refused(reason: str) -> OAuthError:
    audit("group_logout_refused", reason=reason)
    return OAuthError("invalid_request", "the logout token is not this provider's, for this host and time, or was told before")
