"""Suppliers are told that an order changed: at least once, signed, and tried again for a week."""

import asyncio
import contextlib
import secrets
from collections.abc import Mapping
from datetime import date, timedelta

import httpx
import structlog
from chassis.clock import Clock
from chassis.database import Database
from chassis.guarded_http import AddressRefused
from protocol.notices import OrderNotice, notice_id, sign
from windows import Deployed

from programs.notices import PATIENCE_S, TURN_S, Notices, Turn
from programs.store import order_notices as store
from programs.store.order_notices import Waiting
from programs.use_cases.suppliers import verified

TRIED_DAYS = 7
"""Days for which a notice is tried before it is given up."""
BATCH = 20
"""Notices of one supplier at one turn."""
_log = structlog.get_logger("programs.notices")


async def tell_suppliers(db: Database, deployed: Deployed, notices: Notices | None, clock: Clock) -> None:
    """Tell every supplier who may be tried what there is to tell; a process whose turn it is not does nothing."""
    if notices is None:
        async with db.statements("forget-notices") as tx:
            await store.keep_for(tx, ())
    elif await _has_turn(db, notices.turn, clock.timestamp()):
        told = await _prepared(db, deployed, clock.now().date())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TURN_S):
                await asyncio.gather(*(_tell(db, notices, supplier, url, clock) for supplier, url in told.items()))


async def count_notices(db: Database) -> list[tuple[str, int, int]]:
    """Return for each supplier how many notices wait and how many were given up."""
    async with db.statements("count-notices") as tx:
        return await store.counts(tx)


async def tell_again(db: Database, supplier: str, today: date) -> int:
    """Let a supplier be told of what was given up, and of every order with which there is something to do."""
    async with db.transaction("tell-again") as tx:
        return await store.again(tx, supplier, today)


async def _has_turn(db: Database, turn: Turn, now: int) -> bool:
    made = secrets.token_bytes(16)
    async with db.transaction("turn-of-notices") as tx:
        found = await store.beat(tx)
        taken = turn.may_take(found, now) and await store.next_beat(tx, found, made)
    if taken:
        turn.own = made
    return taken


async def _prepared(db: Database, deployed: Deployed, today: date) -> Mapping[str, str]:
    """Return where suppliers are told, and forget or give up the rest."""
    async with db.transaction("prepare-notices") as tx:
        listed = await verified(tx, deployed)
        told = {} if listed is None else {one.id: one.notices for one in listed.suppliers if one.notices is not None}
        # A list that does not verify at this moment says nothing about who wants to be told.
        if listed is not None:
            await store.keep_for(tx, told)
        if given_up := await store.give_up(tx, today - timedelta(TRIED_DAYS)):
            _log.warning("notices_given_up", notices=given_up)
    return told


async def _tell(db: Database, notices: Notices, supplier: str, url: str, clock: Clock) -> None:
    if not notices.pauses.over(supplier, clock.timestamp()):
        return
    async with db.statements("read-notices") as tx:
        found = await store.waiting(tx, supplier, BATCH)
    for one in found:
        failure = await _failure(notices, url, one, clock.timestamp())
        if failure is not None:
            notices.pauses.failed(supplier, clock.timestamp())
            _log.warning("notice_not_delivered", supplier=supplier, reason=failure)
            return
        async with db.statements("notice-arrived") as tx:
            await store.arrived(tx, one)
    if found:
        notices.pauses.arrived(supplier)


async def _failure(notices: Notices, url: str, told: Waiting, now: int) -> str | None:
    body = OrderNotice(order=told.order, state=told.state).model_dump_json().encode()
    headers = {"Content-Type": "application/json", **sign(notices.key, notice_id(told.order, told.revision), now, body)}
    try:
        async with asyncio.timeout(PATIENCE_S):
            status = await notices.http.post_bytes(url, body, headers)
    except (httpx.HTTPError, httpx.InvalidURL, AddressRefused, TimeoutError) as error:
        return type(error).__name__
    return None if 200 <= status < 300 else f"status {status}"
