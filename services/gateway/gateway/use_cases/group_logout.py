"""A provider of the group says that somebody signed out there: what began by that sign-in ends here too."""

from datetime import datetime

from chassis.database import Database, Transaction
from chassis.once import Once
from protocol.encoding import lp, sha256

from gateway.audit import audit
from gateway.context import Gateway
from gateway.errors import OAuthError
from gateway.store import attempts, group_sessions, sessions
from gateway.upstream import LoggedOut, ProviderRefused, ProviderUnreachable
from gateway.use_cases.end_session import end_browser, finish


async def end_at_group(db: Database, gateway: Gateway, once: Once, name: str, token: str | None, now: datetime) -> None:
    """End what a provider's logout token names, and remember the token; raises ``OAuthError``.

    A session id names one sign-in; a subject without one names all sign-ins of somebody at that provider. Sessions that began in
    other ways, such as with a passkey, are not the provider's to end.
    """
    told = await _told(gateway, name, token)
    ids, issuer = gateway.group_ids, told.issuer
    sub = None if told.sub is None else ids.sub(issuer, told.sub)
    sid = None if told.sid is None else ids.sid(issuer, told.sid)
    async with db.transaction("end-at-group") as tx:
        if not await once.first_within(tx, sha256(lp("group-logout", issuer, told.jti)), told.issued_at):
            raise _refused("replayed")
        found = await group_sessions.take(tx, sub, sid)
        for session_id, browser_id in found:
            if browser_id is not None:
                await end_browser(tx, gateway, browser_id, now)
            else:
                await _end_session(tx, gateway, session_id, now)
    audit("signed_out_at_group", sign_ins=len(found))


async def _told(gateway: Gateway, name: str, token: str | None) -> LoggedOut:
    party = gateway.providers.named(name)
    if party is None or token is None:
        raise _refused("malformed")
    try:
        return await party.logged_out(token)
    except ProviderRefused:
        raise _refused("token") from None
    except ProviderUnreachable:
        raise OAuthError("temporarily_unavailable", "please tell again") from None


async def _end_session(tx: Transaction, gateway: Gateway, session_id: bytes, now: datetime) -> None:
    # A code that is being redeemed at this moment holds its row; when the row can be deleted, its session can be seen.
    for _ in range(2):
        if (session := await sessions.end(tx, session_id)) is not None:
            await finish(tx, gateway, session, now)
        await attempts.delete_of_session(tx, session_id)


def _refused(reason: str) -> OAuthError:
    audit("group_logout_refused", reason=reason)
    return OAuthError("invalid_request", "the logout token is not this provider's, for this host and time, or was told before")
