"""An application gives its tokens back (RFC 7009)."""

from datetime import datetime

from chassis.database import Database

from gateway import secret
from gateway.audit import audit
from gateway.clients import Client
from gateway.context import Gateway
from gateway.errors import OAuthError
from gateway.store import sessions
from gateway.use_cases import shown_tokens
from gateway.use_cases.end_session import finish


async def revoke(db: Database, gateway: Gateway, client: Client, token: str, now: datetime) -> None:
    """End the session of one of the application's tokens; the browser stays signed in. Unknown tokens are fine (section 2.2)."""
    handle = secret.handle(token)
    if handle is not None:
        async with db.transaction("revoke") as tx:
            session = await sessions.end_by_refresh(tx, handle, client.client_id)
            if session is not None:
                await finish(tx, gateway, session, now)
                audit("grant_revoked", client=client)
        return
    shown = await shown_tokens.access_token(db, gateway, token, now)
    if shown is None or shown.claims["client_id"] != client.client_id:
        return
    if shown.session is None:
        raise OAuthError("unsupported_token_type", "tokens of an application itself end by themselves, after five minutes")
    async with db.transaction("revoke") as tx:
        session = await sessions.end(tx, shown.session.id)
        if session is not None:
            await finish(tx, gateway, session, now)
            audit("grant_revoked", client=client)
