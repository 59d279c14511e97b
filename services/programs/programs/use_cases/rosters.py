"""The registrar says who is in which unit from a day on."""

from datetime import datetime, timedelta

from chassis.database import Database
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches, mailboxes
from protocol.messages.contests import FEWEST, CommitRoster, PutRoster, RosterCommitted, RosterKept
from windows import RegistrarCall, spend

from programs.days import today
from programs.errors import RosterRefused
from programs.store import counting, roster

DAYS_BACK, DAYS_AHEAD = 31, 92


async def put_roster(db: Database, caller: RegistrarCall, said: PutRoster) -> RosterKept:
    """Let a part of a roster wait until the rest of it is there."""
    tokens = [row.token for row in said.rows]
    require_sorted(tokens)
    require_unique(tokens)
    async with db.transaction("put-roster") as tx:
        await spend(tx, caller, "roster", len(said.rows))
        await batches.share(tx)
        known = await mailboxes.known(tx, tokens)
        if said.first:
            await roster.forget(tx, said.since)
        await roster.put(tx, said.since, said.rows)
        waiting = await roster.waiting(tx, said.since)
    return RosterKept(waiting=waiting, unknown=tuple(at for at, token in enumerate(tokens) if token not in known))


async def commit_roster(db: Database, said: CommitRoster, now: datetime) -> RosterCommitted:
    """Let a roster hold from its day on, as a whole or not at all."""
    day = today(now)
    if not day - timedelta(days=DAYS_BACK) <= said.since <= day + timedelta(days=DAYS_AHEAD):
        raise RosterRefused(reason="day")
    async with db.transaction("commit-roster") as tx:
        await batches.hold(tx)
        await counting.hold(tx)
        latest = await roster.latest(tx)
        if latest is not None and said.since < latest:
            raise RosterRefused(reason="earlier")
        waiting = await roster.waiting(tx, said.since)
        if waiting != said.members:
            raise RosterRefused(reason="incomplete")
        if await roster.too_small(tx, said.since, FEWEST):
            raise RosterRefused(reason="too-small")
        units, moved = await roster.commit(tx, said.since)
    return RosterCommitted(units=units, members=waiting, changed=moved)
