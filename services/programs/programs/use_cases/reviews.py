"""Staff looks at what is held, at who takes part, and corrects results."""

from datetime import datetime

from chassis.database import Database, Transaction
from protocol.messages.contests import FEWEST, Contest
from protocol.messages.reviews import (
    Adjust,
    Adjustments,
    ContestParticipation,
    DecideHeld,
    HeldDays,
    TeamParticipation,
)
from staff import StaffCall

from programs.days import today
from programs.errors import AdjustmentRefused, ContestUnknown, ReviewRefused
from programs.ranking import Standing
from programs.store import contests, counting, reviews, standings
from programs.use_cases.publish_rankings import publish


async def list_held(db: Database, contest: bytes) -> HeldDays:
    """Return the totals that are held in a contest."""
    async with db.statements("list-held") as tx:
        return HeldDays(held=await reviews.held(tx, contest))


async def decide_held(db: Database, caller: StaffCall, asked: DecideHeld) -> None:
    """Let a held total count, or not."""
    async with db.transaction("decide-held") as tx:
        await counting.hold(tx)
        done = await reviews.decide(tx, asked.review, asked.steps, accepted=asked.accepted, who=caller.passkey, why=asked.reason)
        if not done:
            raise ReviewRefused


async def adjust_result(db: Database, caller: StaffCall, asked: Adjust, now: datetime) -> None:
    """Correct a team's steps in a result that stands, and publish it anew."""
    async with db.transaction("adjust-result") as tx:
        await counting.hold(tx)
        known = await contests.find(tx, asked.contest)
        if known is None or not known.frozen:
            raise AdjustmentRefused(reason="not-final")
        found = {one.team: one for one in await _standing(tx, known.contest, now)}
        if asked.team not in found:
            raise AdjustmentRefused(reason="team")
        if await reviews.adjust(tx, asked, found[asked.team].steps, caller.passkey, today(now)):
            await publish(tx, known.contest, now, final=True)


async def list_adjustments(db: Database, contest: bytes) -> Adjustments:
    """Return the corrections of a contest."""
    async with db.statements("list-adjustments") as tx:
        return Adjustments(adjustments=tuple(await reviews.adjustments(tx, contest)))


async def count_participation(db: Database, contest: bytes, now: datetime) -> ContestParticipation:
    """Return how many take part, by team, for teams of ten or more."""
    async with db.transaction("count-participation", readonly=True) as tx:
        known = await contests.find(tx, contest)
        if known is None:
            raise ContestUnknown
        found = await _standing(tx, known.contest, now)
    large = sorted((one for one in found if one.eligible >= FEWEST), key=lambda one: (one.name or "", one.team))
    return ContestParticipation(
        teams=tuple(
            TeamParticipation(team=one.team, name=one.name, eligible=one.eligible, participation=one.active * 100 // one.eligible)
            for one in large
        )
    )


async def _standing(tx: Transaction, contest: Contest, now: datetime) -> list[Standing]:
    return await standings.standings(tx, contest, min(contest.last, max(contest.first, today(now))))
