"""Snapshots of rankings: every minute while people walk, and a last one when the result stands."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from chassis.database import Database, Transaction
from protocol.messages.contests import Contest
from protocol.messages.rankings import PAGE_ROWS, RankingPage

from programs.days import is_over, today
from programs.ranking import Placed, ranked
from programs.store import contests, counting, rankings, standings
from programs.store.rankings import Snapshot, Texts
from programs.use_cases.count_steps import BATCH, count_batch

CADENCE_S = 60
"""Numbers change at this pace and not with each walker: who watches a team's average cannot tell whose steps have arrived."""


async def publish_due(db: Database, now: datetime) -> int:
    """Publish the rankings that are due, freeze the contests that are over, and return how many were published."""
    async with db.statements("unfrozen-contests") as tx:
        running = [one for one in await contests.unfrozen(tx) if one.first <= today(now)]
    return sum([await _publish(db, one, now) for one in running])


async def _publish(db: Database, contest: Contest, now: datetime) -> bool:
    async with db.transaction("publish-ranking") as tx:
        await counting.hold(tx)
        known = await contests.find(tx, contest.id)
        newest = await rankings.newest(tx, contest.id)
        over = is_over(contest.last, now)
        early = newest is not None and newest.computed_at > now.timestamp() - CADENCE_S
        if known is None or known.frozen or (early and not over):
            return False
        if over:
            # What arrived in time counts, also what nobody has counted yet.
            while await count_batch(tx) == BATCH:
                pass
            await contests.freeze(tx, contest.id)
        await publish(tx, contest, now, final=over)
    return True


async def publish(tx: Transaction, contest: Contest, now: datetime, *, final: bool) -> None:
    """Publish what stands now within the caller's transaction, which holds the counting."""
    until = min(contest.last, max(contest.first, today(now)))
    newest = await rankings.newest(tx, contest.id)
    snapshot = Snapshot(1 if newest is None else newest.generation + 1, int(now.timestamp()), final)
    found = ranked(contest, await standings.standings(tx, contest, until), days(contest, until))
    await rankings.publish(tx, contest.id, snapshot, _texts(contest, snapshot, found))


def days(contest: Contest, until: date) -> int:
    """Return how many days of a contest are counted up to one of them."""
    return (until - contest.first + timedelta(days=1)).days


def _texts(contest: Contest, snapshot: Snapshot, found: Mapping[int, Sequence[Placed]]) -> Texts:
    return Texts(
        teams=[(one.row.team, league, _own(one)) for league, placed in found.items() for one in placed],
        pages=[
            (league, number, _page(contest, snapshot, tuple(found), league, number, placed).model_dump_json())
            for league, placed in found.items()
            for number in range(-(-len(placed) // PAGE_ROWS))
        ],
    )


def _own(one: Placed) -> str:
    rate = "null" if one.participation is None else one.participation.model_dump_json()
    return f'"own":{one.row.model_dump_json()},"participation":{rate}'


def _page(
    contest: Contest, snapshot: Snapshot, leagues: tuple[int, ...], league: int, number: int, placed: Sequence[Placed]
) -> RankingPage:
    return RankingPage(
        contest=contest.id,
        generation=snapshot.generation,
        computed_at=snapshot.computed_at,
        final=snapshot.final,
        league=league,
        leagues=leagues,
        teams=len(placed),
        page=number,
        rows=tuple(one.row for one in placed[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]),
    )
