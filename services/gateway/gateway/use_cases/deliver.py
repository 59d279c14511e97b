"""Back-channel logouts to keyvault, identity and applications (OpenID Connect Back-Channel Logout 1.0 section 2.5)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

import httpx
import structlog
from chassis.clock import Clock
from chassis.database import Database
from chassis.guarded_http import AddressRefused

from gateway.context import Gateway
from gateway.store import outbox
from gateway.store.outbox import OF_CLIENT, Notice

LEASE = timedelta(seconds=30)
"""For how long a delivery may take before somebody else tries it too; told twice is told once."""
BATCH = 5
"""Deliveries claimed at once: all of them fit into the lease."""
PATIENCE_S = 5.0
"""For one delivery, however slowly a host answers."""
LONGEST_PAUSE_S = 300
_log = structlog.get_logger("gateway.logout")


Told = Callable[[Notice, int], Awaitable[int]]
"""Tells somebody of a logout at a time, and returns the status of the answer."""


async def deliver_due(db: Database, gateway: Gateway, clock: Clock) -> None:
    """Try every logout of members that is due."""
    await deliver(db, dict.fromkeys(gateway.logout_receivers, partial(_post, gateway)), clock)


async def deliver(db: Database, receivers: Mapping[str, Told], clock: Clock) -> None:
    """Try every logout that is due to these; a host that does not answer keeps only its own waiting."""
    await asyncio.gather(*(_drain(db, audience, told, clock) for audience, told in receivers.items()))


def pause(attempts: int) -> timedelta:
    """Return how long to wait after a number of failed deliveries: 2 s, doubled each time, at most 5 minutes."""
    return timedelta(seconds=min(2 ** min(attempts, 9), LONGEST_PAUSE_S))


async def _drain(db: Database, audience: str, told: Told, clock: Clock) -> None:
    while True:
        now = clock.now()
        async with db.transaction("claim-logouts") as tx:
            notices = await outbox.claim(tx, audience, now, now + LEASE, BATCH)
        arrived = [await _deliver(db, told, notice, clock) for notice in notices]
        # With a host that fails it goes on at the worker's next turn.
        if len(notices) < BATCH or not all(arrived):
            return


async def _deliver(db: Database, told: Told, notice: Notice, clock: Clock) -> bool:
    failure = await _failure(told, notice, clock.timestamp())
    async with db.transaction("logout-delivered" if failure is None else "logout-postponed") as tx:
        if failure is None:
            await outbox.delivered(tx, notice.id)
        else:
            await outbox.postpone(tx, notice.id, clock.now() + pause(notice.attempts))
    if failure is not None:
        _log.warning("logout_not_delivered", audience=notice.audience, attempts=notice.attempts, reason=failure)
    return failure is None


async def _failure(told: Told, notice: Notice, now: int) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            status = await told(notice, now)
    except (httpx.HTTPError, httpx.InvalidURL, AddressRefused, TimeoutError) as error:
        return type(error).__name__
    return None if status in (200, 204) else f"status {status}"


async def _post(gateway: Gateway, notice: Notice, now: int) -> int:
    audience, url = gateway.logout_receivers[notice.audience]
    # A fresh token each time: its times are of this delivery, and a receiver may refuse to see an id twice.
    signer = gateway.signer(gateway.clients.get(notice.audience.removeprefix(OF_CLIENT)))
    form = {"logout_token": signer.logout_token(gateway.issuer, audience, notice.sid, now)}
    if notice.audience.startswith(OF_CLIENT):
        return await gateway.guarded_http.post(url, form)
    return (await gateway.http.post(url, data=form)).status_code
