"""Fictional contests at a running programs: rosters, entries, steps, and what a ranking says by brute force."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import httpx
from programs.use_cases.count_steps import count_changes
from programs.use_cases.publish_rankings import publish_due
from protocol.encoding import b64u
from protocol.messages.contests import (
    AskContest,
    CommitRoster,
    Contest,
    EnterContest,
    PutContest,
    PutRoster,
    RosterRow,
)
from protocol.messages.rankings import AskRanking
from protocol.messages.steps import PutStepDays, StepDay
from support.office import Colleague, staffed
from support.store_host import NOW, Member, StoreHost

TODAY = NOW.date()
PHONE, WATCH = b"phone-phone-phon", b"watch-watch-watc"
SALES, WORKS, LAB = (bytes([number]) * 16 for number in (1, 2, 3))


def contest(**changes: Any) -> Contest:
    """Return a contest that began a week ago and can still be entered."""
    fields: dict[str, Any] = {
        "id": secrets.token_bytes(16),
        "title": "秋の歩活 (架空)",
        "teams": "units",
        "enter_from": TODAY - timedelta(days=21),
        "enter_until": TODAY + timedelta(days=7),
        "first": TODAY - timedelta(days=7),
        "last": TODAY + timedelta(days=20),
    }
    return Contest(**{**fields, **changes})


async def managed(host: StoreHost, *made: Contest) -> Colleague:
    """Let a manager define contests."""
    manager = Colleague("manager-1", roles=("program-manager",))
    await staffed(host, manager)
    for one in made:
        await defined(host, manager, one)
    return manager


async def defined(host: StoreHost, manager: Colleague, one: Contest) -> None:
    answer = await manager.call(host, "PUT", "/staff/contests", message=PutContest(contest=one))
    assert answer.status_code == 204, answer.text


async def put_roster(host: StoreHost, units: Mapping[bytes, Sequence[Member]], since: date) -> httpx.Response:
    """Bring a roster as the registrar does, and commit it."""
    rows = sorted((RosterRow(token=one.token, unit=unit) for unit, members in units.items() for one in members), key=_token)
    for at in range(0, len(rows), 500):
        answer = await host.as_registrar("enrol", "PUT", "/roster", PutRoster(since=since, rows=tuple(rows[at : at + 500])))
        assert answer.status_code == 200, answer.text
    return await host.as_registrar("enrol", "POST", "/roster/commits", CommitRoster(since=since, members=len(rows)))


def _token(row: RosterRow) -> bytes:
    return row.token


async def people(host: StoreHost, count: int) -> list[Member]:
    """Return new members with claimed mailboxes."""
    members = [Member.new("programs") for _ in range(count)]
    await host.enrol(members)
    return members


async def enter(host: StoreHost, member: Member, one: Contest, **wishes: Any) -> httpx.Response:
    return await host.as_member(member, "PUT", "/me/contests", EnterContest(contest=one.id, **wishes))


async def walk(host: StoreHost, member: Member, *days: tuple[int, int, int], install: bytes = PHONE, manual: int = 0) -> list[str]:
    """Write (days ago, steps, seq), and return what became of each."""
    items = tuple(StepDay(day=TODAY - timedelta(days=ago), steps=steps, manual_steps=manual, seq=seq) for ago, steps, seq in days)
    answer = await host.as_member(member, "PUT", "/me/step-days", PutStepDays(install=install, items=items))
    assert answer.status_code == 200, answer.text
    return [result["reason"] or result["result"] for result in answer.json()["results"]]


async def counted(host: StoreHost) -> None:
    await count_changes(host.app.state.db)


async def published(host: StoreHost) -> None:
    """Count what is waiting and publish what is due a minute later."""
    await counted(host)
    host.clock.advance(timedelta(seconds=61))
    await publish_due(host.app.state.db, host.clock.now())


async def ranking(host: StoreHost, member: Member, one: Contest, league: int = 1, page: int = 0) -> Any:
    answer = await host.as_member(member, "POST", "/contests/ranking", AskRanking(contest=one.id, league=league, page=page))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def own_ranking(host: StoreHost, member: Member, one: Contest) -> Any:
    answer = await host.as_member(member, "POST", "/me/ranking", AskContest(contest=one.id))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def team_steps(host: StoreHost, one: Contest) -> dict[tuple[bytes, date], int]:
    """Return the running totals that are not zero."""
    rows = await host.rows("SELECT team, day, steps FROM team_day WHERE contest = $1 AND steps <> 0", one.id)
    return {(row["team"], row["day"]): row["steps"] for row in rows}


@dataclass
class Truth:
    """What a contest of units must come to: kept in Python, without any of the service's code."""

    contest: Contest
    units: dict[bytes, list[tuple[date, bytes | None]]] = field(default_factory=lambda: defaultdict(list))
    """Token: unit from a day on, in order."""
    totals: dict[tuple[bytes, date], int] = field(default_factory=dict)
    entered: set[bytes] = field(default_factory=set)

    def unit(self, token: bytes, day: date) -> bytes | None:
        return next((unit for since, unit in reversed(self.units[token]) if since <= day), None)

    def days(self, until: date) -> list[date]:
        last = min(until, self.contest.last)
        return [self.contest.first + timedelta(days=number) for number in range((last - self.contest.first).days + 1)]

    def team_days(self, until: date) -> dict[tuple[bytes, date], int]:
        sums: dict[tuple[bytes, date], int] = defaultdict(int)
        for day in self.days(until):
            for token in self.entered:
                unit, steps = self.unit(token, day), min(self.contest.daily_cap, self.totals.get((token, day), 0))
                if unit is not None and steps:
                    sums[unit, day] += steps
        return dict(sums)

    def scores(self, until: date) -> dict[bytes, int]:
        """Return each unit's steps per member and day to the nearest ten, halves upwards."""
        steps: dict[bytes, int] = defaultdict(int)
        for (unit, _), more in self.team_days(until).items():
            steps[unit] += more
        people: dict[bytes, int] = defaultdict(int)
        for token in list(self.units):
            for day in self.days(until):
                if (there := self.unit(token, day)) is not None:
                    people[there] += 1
        return {unit: int(Fraction(steps[unit], people[unit] * 10) + Fraction(1, 2)) * 10 for unit in people}

    def places(self, until: date) -> dict[str, tuple[int, int]]:
        """Return place and score by unit, as it stands in JSON."""
        scores = self.scores(until)
        return {b64u(unit): (1 + sum(other > score for other in scores.values()), score) for unit, score in scores.items()}
