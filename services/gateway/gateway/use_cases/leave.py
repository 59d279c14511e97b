"""Signing out by browser (OpenID Connect RP-Initiated Logout 1.0): at once where an ID token says whom, else after a question."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from chassis.database import Database
from protocol.derive import hkdf
from protocol.encoding import EncodingError, b64u, lp, unb64u

from gateway import secret
from gateway.audit import audit
from gateway.context import Gateway
from gateway.errors import PageError
from gateway.parameters import Parameters
from gateway.store import browsers, sessions
from gateway.use_cases import hints
from gateway.use_cases.end_session import end_browser, end_session
from gateway.use_cases.hints import Hint


@dataclass(frozen=True)
class Left:
    """Signed out, or signed in with nothing: where the browser goes, None for a page that says so."""

    url: str | None


@dataclass(frozen=True)
class Question:
    """Somebody sent the browser here without saying for whom: the person is asked, and the answer carries this."""

    token: str


async def leave(db: Database, gateway: Gateway, asked: Parameters, cookie: str | None, now: datetime) -> Left | Question:
    """Sign the browser out, or ask whether it is meant.

    A hint may have expired. Without one nobody is sent anywhere afterwards: nothing proves that the address is the application's.
    """
    hint = hints.read(gateway, asked.one("id_token_hint") or "")
    if hint is not None and asked.one("client_id") not in (None, hint.client_id):
        hint = None
    handle = secret.handle(cookie or "")
    async with db.transaction("find-browser", readonly=True) as tx:
        browser = None if handle is None else await browsers.find(tx, handle, now)
        hinted = None if hint is None else await sessions.by_sid(tx, hint.sid, now)
    if browser is None:
        if hint is not None and hinted is not None:
            await end_session(db, gateway, hint.sid, now)
        return Left(_back(gateway, hint, asked))
    client = gateway.clients.get(hint.client_id) if hint is not None else None
    if hint is None or client is None or hint.sub != gateway.subject(client, browser.ref):
        assert cookie is not None
        return Question(_token(cookie))
    async with db.transaction("leave") as tx:
        await end_browser(tx, gateway, browser.id, now)
    return Left(_back(gateway, hint, asked))


async def confirm(db: Database, gateway: Gateway, asked: Parameters, cookie: str | None, now: datetime) -> None:
    """Sign the browser out that was asked whether it is meant; raises PageError for an answer to another question."""
    handle = secret.handle(cookie or "")
    if cookie is None or handle is None or not hmac.compare_digest(_token(cookie).encode(), (asked.one("token") or "").encode()):
        audit("logout_refused")
        raise PageError("expired")
    async with db.transaction("leave") as tx:
        browser = await browsers.find(tx, handle, now)
        if browser is not None:
            await end_browser(tx, gateway, browser.id, now)


def _token(cookie: str) -> str:
    """Return what only a page shown to this browser holds: it follows from the cookie, which does not follow from it."""
    try:
        return b64u(hkdf(unb64u(cookie, secret.SECRET_BYTES), lp("logout", "confirm")))
    except EncodingError:
        raise PageError("expired") from None


def _back(gateway: Gateway, hint: Hint | None, asked: Parameters) -> str | None:
    client = gateway.clients.get(hint.client_id) if hint is not None else None
    uri, state = asked.one("post_logout_redirect_uri"), asked.one("state")
    if client is None or uri is None or uri not in client.post_logout_redirect_uris:
        return None
    return uri if state is None else f"{uri}{'&' if '?' in uri else '?'}{urlencode({'state': state})}"
