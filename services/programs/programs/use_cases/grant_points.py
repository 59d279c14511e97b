"""Points are granted to everybody by a rule: one run for rule and period, however often it is asked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.database import Database, Transaction
from mailboxes import GATE
from protocol.encoding import lp, sha256
from protocol.messages.contests import Contest
from protocol.messages.member_messages import shown
from protocol.messages.point_rules import GrantPoints, PointRun, Rule, RuleVersion, Tier, TierReached

from programs.fiscal_year import first_day, fiscal_year
from programs.point_awards import Done, Teams, award, reached
from programs.point_errors import RuleUnknown, RunRefused
from programs.store import contests, point_ledger, point_metrics, point_rules, point_teams, standings
from programs.store.point_rules import Run

MEMBERS = 5_000
"""Members of one statement, and of one transaction: whoever orders meanwhile waits for no more than these."""
LONGEST_DAYS = 366


@dataclass(frozen=True)
class _Planned:
    awards: Sequence[tuple[bytes, int]]
    """Token and points, sorted by token."""
    reached: Counter[int]


async def grant_points(db: Database, request: GrantPoints, today: date) -> PointRun:
    """Grant what the rule gives, or go on where that was interrupted; a dry run only says what it would be.

    Each member gets their points of a run once, in one transaction with some thousand others: until all are served, some have
    theirs and some do not. The budget is looked at before the first.
    """
    version, run = await _begun(db, request, today)
    planned = await _plan(db, version, run)
    points = sum(amount for _, amount in planned.awards)
    async with db.statements("read-budget") as tx:
        left = version.rule.budget - await point_metrics.granted(tx, version.id, fiscal_year(run.day)) - points
    if left < 0 and not request.dry:
        raise RunRefused(reason="budget")
    if not request.dry:
        await _issue(db, version, run, planned)
    told = shown(len(planned.awards))
    return PointRun(
        run=run.id,
        version=version.version,
        done=not request.dry,
        members=told,
        points=None if told is None and planned.awards else points,
        tiers=tuple(TierReached(at=tier.at, members=shown(planned.reached[tier.at])) for tier in version.rule.tiers),
        budget_left=left,
    )


async def _begun(db: Database, request: GrantPoints, today: date) -> tuple[RuleVersion, Run]:
    if not (request.first <= request.last < today and request.last - request.first < timedelta(LONGEST_DAYS)):
        raise RunRefused(reason="period")
    name = sha256(lp("point-run", request.rule, request.first.isoformat(), request.last.isoformat()))[:16]
    async with db.transaction("begin-point-run") as tx:
        await tx.lock("point-rules")
        version = (await point_rules.newest(tx)).get(request.rule)
        if version is None:
            raise RuleUnknown
        runs = await point_rules.runs(tx, request.rule)
        known = next((run for run in runs if run.id == name), None)
        run = known or Run(name, version.version, request.first, request.last, today, done=False)
        if run.version != version.version:
            # The rule was changed while a run was interrupted, or after it: what is asked for has been decided already.
            raise RunRefused(reason="open" if not run.done else "overlaps")
        _require_room(run, [one for one in runs if one.id != name])
        if known is None and not request.dry:
            await point_rules.begin(tx, request.rule, run)
    return version, run


def _require_room(run: Run, others: Sequence[Run]) -> None:
    if any(one.first <= run.last and run.first <= one.last for one in others):
        raise RunRefused(reason="overlaps")
    if not all(one.done for one in others):
        raise RunRefused(reason="open")


async def _plan(db: Database, version: RuleVersion, run: Run) -> _Planned:
    rule = version.rule
    contest, teams = await _teams(db, rule, run)
    since, year = first_day(fiscal_year(run.day)), fiscal_year(run.first)
    awards: list[tuple[bytes, int]] = []
    tiers: Counter[int] = Counter()
    after: bytes | None = b""
    while after is not None:
        async with db.transaction("plan-point-run") as tx:
            found, after = await point_metrics.done(
                tx, rule, version.id, run.id, first=run.first, last=run.last, since=since, year=year, after=after, most=MEMBERS
            )
            of_teams = {} if contest is None else await _of_teams(tx, rule, contest, teams, found)
        for one in found:
            tier = of_teams.get(one.token) if contest is not None else reached(rule, one, (run.last - run.first).days + 1)
            if tier is not None and (points := award(rule, tier, one.granted)):
                awards.append((one.token, points))
                tiers[tier.at] += 1
    return _Planned(awards, tiers)


async def _teams(db: Database, rule: Rule, run: Run) -> tuple[Contest | None, Teams]:
    """Return the contest that a rule looks at, and what its teams came to; raises RunRefused while its result may change."""
    if rule.contest is None:
        return None, Teams({})
    async with db.moment("read-teams", GATE, readonly=True) as tx:
        known = await contests.find(tx, rule.contest)
        if known is None or not known.frozen or (known.contest.first, known.contest.last) != (run.first, run.last):
            raise RunRefused(reason="contest")
        contest = known.contest
        found = await standings.standings(tx, contest, contest.last)
        entered = await point_teams.entered(tx, contest)
    return contest, Teams.of(rule, contest, found, entered)


async def _of_teams(tx: Transaction, rule: Rule, contest: Contest, teams: Teams, found: Sequence[Done]) -> dict[bytes, Tier]:
    members = await point_teams.members(tx, contest, [one.token for one in found])
    return {
        token: teams.tiers[team]
        for token, (team, active) in members.items()
        if team in teams.tiers and (active or rule.who == "all-members")
    }


async def _issue(db: Database, version: RuleVersion, run: Run, planned: _Planned) -> None:
    expires = run.day + timedelta(version.rule.lasts_days)
    for at in range(0, len(planned.awards), MEMBERS):
        async with db.transaction("grant-points") as tx:
            await point_ledger.issue(tx, run.id, version.id, run.day, expires, planned.awards[at : at + MEMBERS])
    async with db.transaction("finish-point-run") as tx:
        await point_rules.finish(tx, run.id)
