"""A browser that stays signed in, so that one sign-in is enough for several applications."""

import secrets
from datetime import datetime

from chassis.database import Transaction

from gateway import acr, secret
from gateway.clients import Client
from gateway.context import Gateway
from gateway.errors import OAuthCode
from gateway.store import browsers
from gateway.store.attempts import Attempt, SignedIn
from gateway.store.browsers import Browser
from gateway.use_cases.end_session import end_browser


async def sign_in(
    tx: Transaction, gateway: Gateway, ref: bytes, how: str, cookie: str | None, now: datetime, *, keep: bool
) -> tuple[SignedIn, str | None]:
    """Return who is signed in now, and the browser's new cookie; without ``keep`` it stays signed in with nothing.

    A cookie from before is never taken over: whoever knew it knows nothing (RFC 9700 section 4.7). Somebody else who was signed in
    with this browser is signed out everywhere.
    """
    if not keep:
        return SignedIn(ref, how, now), None
    fresh, handle = secret.new_handle()
    idle_until = now + gateway.idle_lifetime
    if cookie is not None and (old := secret.handle(cookie)) is not None:
        same = await browsers.again(tx, old, handle, ref=ref, acr=how, now=now, idle_until=idle_until)
        if same is not None:
            return SignedIn(ref, how, now, same), fresh
        if (other := await browsers.find(tx, old, now)) is not None:
            await end_browser(tx, gateway, other.id, now)
    browser = Browser(secrets.token_bytes(16), ref, how, now)
    await browsers.begin(tx, browser, handle, idle_until, now + gateway.session_lifetime)
    return SignedIn(ref, how, now, browser.id), fresh


async def signed_in(tx: Transaction, gateway: Gateway, attempt: Attempt, cookie: str | None, now: datetime) -> SignedIn | None:
    """Return who is signed in with the browser of a cookie, if that is as good as the request wants it."""
    # An account of a child is chosen at the provider's sign-in, each time.
    if attempt.prompt == "login" or attempt.place or cookie is None or (handle := secret.handle(cookie)) is None:
        return None
    browser = await browsers.use(tx, handle, now, now + gateway.idle_lifetime)
    if browser is None or not is_expected(gateway, attempt, browser.ref) or not _is_as_wanted(gateway, attempt, browser.acr):
        return None
    if attempt.max_age is not None and (now - browser.auth_time).total_seconds() > attempt.max_age:
        return None
    return SignedIn(browser.ref, browser.acr, browser.auth_time, browser.id)


def is_expected(gateway: Gateway, attempt: Attempt, ref: bytes) -> bool:
    """Whether this is the member whom the application knows, where it says that it knows one."""
    return attempt.hinted_sub is None or attempt.hinted_sub == gateway.subject(gateway.clients[attempt.client_id], ref)


def refusal(gateway: Gateway, attempt: Attempt, ref: bytes, how: str) -> OAuthCode | None:
    """Return why whoever just signed in is not who, or did not do so as, the request needs it."""
    if not is_expected(gateway, attempt, ref):
        return "login_required"
    return "unmet_authentication_requirements" if attempt.acr_needed and how not in attempt.acr_values else None


def can_be_met(gateway: Gateway, attempt: Attempt) -> bool:
    """Whether somebody who signs in now can do so as the request needs it."""
    return not attempt.acr_needed or not _ways(gateway, attempt).isdisjoint(attempt.acr_values)


def has_portal(gateway: Gateway, client: Client) -> bool:
    """Whether people may sign in to an application without a work account, on the portal's page.

    Applications of ours push their evidence instead, which releases as well.
    """
    return client.confidential and gateway.deployment.portal is not None


def _ways(gateway: Gateway, attempt: Attempt) -> set[str]:
    return {acr.GROUP, *((acr.PASSKEY, acr.CODE) if has_portal(gateway, gateway.clients[attempt.client_id]) else ())}


def _is_as_wanted(gateway: Gateway, attempt: Attempt, how: str) -> bool:
    if not attempt.acr_values or how in attempt.acr_values:
        return True
    # Signing in anew must be able to help; what is merely wished for is no reason for anything else.
    return not attempt.acr_needed and _ways(gateway, attempt).isdisjoint(attempt.acr_values)
