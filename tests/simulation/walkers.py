"""Members who walk for four weeks: telephones and watches, late syncs, journeys, cheaters, leavers; and what it must come to."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from protocol.messages.contests import Contest
from support.store_host import Member

PHONE, WATCH = b"phone-phone-phon", b"watch-watch-watc"
HELD_ABOVE, FEWEST = 60_000, 10
DAYS_BACK = 14


@dataclass
class Walker:
    """One member: where they are, what their devices counted, and what of it has arrived."""

    member: Member
    places: list[tuple[date, bytes]]
    """Unit from a day on, in order."""
    zone: timedelta
    devices: tuple[bytes, ...]
    cheats: bool
    leaves: date | None
    seq: int = 0
    synced: dict[bytes, date] = field(default_factory=dict)
    arrived: dict[tuple[bytes, date], int] = field(default_factory=dict)
    accepted: set[tuple[date, int]] = field(default_factory=set)
    """Held totals that somebody of the office let through."""

    def unit(self, day: date) -> bytes:
        return next(unit for since, unit in reversed(self.places) if since <= day)

    def total(self, day: date) -> int:
        """Return what counts of a day before any cap."""
        steps = max((self.arrived.get((device, day), 0) for device in self.devices), default=0)
        return steps if steps <= HELD_ABOVE or (day, steps) in self.accepted else 0

    def paid(self, first: date, last: date) -> int:
        """Return the points for days of 8,000 steps and more: 100 for ten of them, 300 for twenty."""
        days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
        active = sum(max(self.arrived.get((device, day), 0) for device in self.devices) >= 8_000 for day in days)
        return 300 if active >= 20 else 100 if active >= 10 else 0


@dataclass
class Walk:
    """Four weeks of many, from one seed."""

    contest: Contest
    chance: random.Random
    walkers: list[Walker]

    def due(self, now: datetime) -> Iterator[tuple[Walker, bytes, list[tuple[date, int]]]]:
        """Yield who syncs now, with which device, and the totals of days since its last sync, today's as far as it has come."""
        for walker in self.chance.sample(self.walkers, len(self.walkers)):
            for device in walker.devices:
                # Some telephones sync each day, others are opened once a week; a few too late for their oldest days.
                if self.chance.random() > (0.3 if device == PHONE else 0.2):
                    continue
                today = (now + walker.zone).date()
                since = max(walker.synced.get(device, self.contest.first), now.date() - timedelta(days=DAYS_BACK))
                if since > today:
                    continue
                days = [since + timedelta(days=at) for at in range((today - since).days + 1)]
                walker.synced[device] = today
                yield walker, device, [(day, self._counted(walker, device, day, now, today)) for day in days]

    def _counted(self, walker: Walker, device: bytes, day: date, now: datetime, today: date) -> int:
        if walker.cheats and day.toordinal() % 9 == 0:
            return 75_000
        whole = random.Random(f"{walker.member.token.hex()}{device.hex()}{day}").randrange(41_000)
        return whole * (now + walker.zone).hour // 24 if day == today else whole


def scores(contest: Contest, walkers: list[Walker]) -> Mapping[bytes, tuple[int, int, int | None]]:
    """Return league, place and shown score of each unit by going through every member and every day."""
    days = [contest.first + timedelta(days=at) for at in range((contest.last - contest.first).days + 1)]
    steps: dict[bytes, int] = defaultdict(int)
    people: dict[bytes, int] = defaultdict(int)
    active: dict[bytes, int] = defaultdict(int)
    for walker in walkers:
        walked = 0
        for day in days:
            people[walker.unit(day)] += 1
            if walker.leaves is None or day < walker.leaves:
                counted = min(contest.daily_cap, walker.total(day))
                steps[walker.unit(day)] += counted
                walked += counted > 0
        active[walker.unit(contest.last)] += walked > 0 and walker.leaves is None
    rounded = {unit: int(Fraction(steps[unit], people[unit] * 10) + Fraction(1, 2)) * 10 for unit in people}
    leagues = {unit: 1 if active[unit] >= FEWEST else 0 for unit in people}
    return {
        unit: (
            leagues[unit],
            1 + sum(rounded[other] > rounded[unit] for other in people if leagues[other] == leagues[unit]),
            rounded[unit] if leagues[unit] else None,
        )
        for unit in people
    }
