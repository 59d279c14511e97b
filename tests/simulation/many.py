"""Half a million members at the store: four weeks of walking, counted, sealed, published, recounted and paid by the service's code.

``python -m simulation.many --members 500000``. Day totals are laid into the tables by one statement a week instead of by a
request of each member; the requests are walked by `test_walk.py`. Who walks, moves, leaves and cheats follows from a member's
number alone, so SQL writes it down and Python adds it up without knowing of each other.
"""

import argparse
import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from chassis.database import Database
from chassis.migrate import migrate
from chassis.seal import seal
from programs.app import SERVICE
from programs.store import point_rules
from programs.use_cases.contests import put_contest
from programs.use_cases.count_steps import count_changes
from programs.use_cases.grant_points import grant_points
from programs.use_cases.publish_rankings import publish_due
from programs.use_cases.recount import recount_contests
from protocol.messages.contests import Contest
from protocol.messages.point_rules import GrantPoints, Rule, RuleVersion, Tier
from protocol.messages.rankings import RankingPage
from support.postgres import DatabaseUrls, ThrowawayCluster

WEEKS = 4
FIRST = date(2026, 10, 26)
MOVED, LEFT = 14, 18
"""Days after the first on which movers are elsewhere, and which is the last of those who leave."""
CONTEST = Contest(
    id=bytes(15) + b"m",
    title="みんなで歩活 (架空)",
    teams="units",
    enter_from=FIRST,
    enter_until=FIRST + timedelta(days=27),
    first=FIRST,
    last=FIRST + timedelta(days=7 * WEEKS - 1),
)
HELD_ABOVE, FEWEST = 60_000, 10
RULE = Rule(
    title_ja="よく歩いた日 (架空)",
    title_en="Days with a walk",
    metric="active-days",
    steps=8_000,
    tiers=(Tier(at=20, points=100), Tier(at=24, points=300)),
    budget=1_000_000_000,
    lasts_days=365,
)
MEMBERS_A_UNIT = 100
T = TypeVar("T")

_TOKEN = "sha256(convert_to(n::text, 'UTF8'))"  # a column
_UNIT = "sha256(convert_to('unit' || ({unit}), 'UTF8'))"
_TEAMS = f"INSERT INTO team (id) SELECT substr({_UNIT.format(unit='u')}, 1, 16) FROM generate_series(0, $1::bigint - 1) AS u"
_MAILBOXES = (
    "INSERT INTO mailbox (token, claim_key, mailbox_key, number) "
    f"SELECT {_TOKEN}, {_TOKEN}, decode(repeat('00', 1216), 'hex'), decode(repeat('00', 1670), 'hex') "
    "FROM generate_series(0, $1::bigint - 1) AS n ORDER BY 1"
)
_PLACED = (
    "INSERT INTO unit_member (token, since, unit) "
    f"SELECT {_TOKEN}, $3::date, substr({_UNIT.format(unit='(n * n + n / 7) % $2')}, 1, 16) "
    "FROM generate_series(0, $1::bigint - 1) AS n"
)
_MOVED = (
    "INSERT INTO unit_member (token, since, unit) "
    f"SELECT {_TOKEN}, $3::date, substr({_UNIT.format(unit='(n * n + n / 7 + 1) % $2')}, 1, 16) "
    "FROM generate_series(7, $1::bigint - 1, 20) AS n"
)
_ENTERED = (
    "INSERT INTO entry (token, contest, captain, since, until, excused, steps, days) "
    f"SELECT {_TOKEN}, $2, false, $3::date, CASE WHEN n % 13 = 5 THEN $3::date + {LEFT} END, n % 50 = 9, 0, 0 "
    "FROM generate_series(0, $1::bigint - 1) AS n WHERE n % 10 <> 3"
)
_CHOSEN = (
    f"INSERT INTO step_source (token, install) SELECT {_TOKEN}, 'watch-watch-watc' FROM generate_series(0, $1::bigint - 1, 51) AS n"
)
# A week arrives: all its days by telephone and watch, and of every fifth member half of what the last day comes to, which is
# written anew with the next week, after a seal.
_WEEK = f"""
    WITH walked AS (
        SELECT {_TOKEN} AS token, 'phone-phone-phon'::bytea AS install, d,
               CASE WHEN n % 20 = 11 AND d % 9 = 0 THEN 75000 ELSE (n * 7919 + d * 104729 + 17) % 41000 END
               / CASE WHEN n % 5 = 2 AND d % 7 = 6 AND d / 7 = $2 THEN 2 ELSE 1 END AS steps, $2 + 1 AS seq
        FROM generate_series(0, $1::bigint - 1) AS n, generate_series(0, 7 * $2::bigint + 6) AS d
        WHERE d / 7 = $2 OR (n % 5 = 2 AND d % 7 = 6 AND d / 7 = $2 - 1)
        UNION ALL
        SELECT {_TOKEN}, 'watch-watch-watc', d, (n * 6007 + d * 15485863 + 29) % 41000, $2 + 1
        FROM generate_series(0, $1::bigint - 1, 3) AS n, generate_series(7 * $2::bigint, 7 * $2::bigint + 6) AS d
    ), arrived AS (
        INSERT INTO step_day_inbox (token, install, day, steps, manual_steps, seq)
        SELECT token, install, $3::date + d::integer, steps, 0, seq FROM walked
    )
    INSERT INTO step_change (token, day, mark)
    SELECT DISTINCT token, $3::date + d::integer, decode('00', 'hex')
    FROM walked WHERE EXISTS (SELECT FROM entry WHERE entry.token = walked.token)
"""
_LAST = (
    "INSERT INTO step_day_inbox (token, install, day, steps, manual_steps, seq) "
    f"SELECT {_TOKEN}, 'phone-phone-phon', $2::date, CASE WHEN n % 20 = 11 AND {7 * WEEKS - 1} % 9 = 0 THEN 75000 "
    f"ELSE (n * 7919 + {7 * WEEKS - 1} * 104729 + 17) % 41000 END, 0, 99 FROM generate_series(2, $1::bigint - 1, 5) AS n"
)
_LAST_CHANGED = (
    f"INSERT INTO step_change (token, day, mark) SELECT {_TOKEN}, $2::date, decode('01', 'hex') "
    "FROM generate_series(2, $1::bigint - 1, 5) AS n WHERE n % 10 <> 3"
)


@dataclass
class Walked:
    """What came of it, and how long each part took."""

    published: Mapping[bytes, tuple[int, int, int | None]]
    """League, place and score of each unit."""
    expected: Mapping[bytes, tuple[int, int, int | None]]
    agrees: bool
    paid: Mapping[bytes, int] = field(default_factory=dict)
    """Points of each member who has any."""
    due: Mapping[bytes, int] = field(default_factory=dict)
    """Points that they should have."""
    counted: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    async def timed(self, what: str, work: Awaitable[T]) -> T:
        """Await and add up the seconds."""
        began = time.perf_counter()
        try:
            return await work
        finally:
            self.seconds[what] += time.perf_counter() - began


async def walk(urls: DatabaseUrls, members: int, units: int) -> Walked:
    """Walk four weeks in an empty database."""
    await migrate(urls.owner_url, SERVICE.migrations, SERVICE.grants, ThrowawayCluster.runtime_role)
    db, owner = await Database.open(urls.runtime_url), await asyncpg.connect(urls.owner_url)
    try:
        return await _walk(db, owner, urls.owner_url, members, units)
    finally:
        await owner.close()
        await db.close()


async def _walk(db: Database, owner: "asyncpg.Connection[asyncpg.Record]", owner_url: str, members: int, units: int) -> Walked:
    found = Walked({}, {}, agrees=False)
    await put_contest(db, CONTEST, _noon(0))
    for text, *given in _people(members, units):
        await owner.execute(text, *given)
    for week in range(WEEKS):
        await owner.execute(_WEEK, members, week, FIRST)
        found.counted += await found.timed("count", count_changes(db))
        await found.timed("publish", publish_due(db, _noon(7 * week + 6)))
        await found.timed("seal", seal(owner_url, *SERVICE.sealing))
    for text in (_LAST, _LAST_CHANGED):
        await owner.execute(text, members, CONTEST.last)
    found.counted += await found.timed("count", count_changes(db))
    found.agrees = (await found.timed("recount", recount_contests(db))).agrees
    await found.timed("publish", publish_due(db, _noon(7 * WEEKS + 3)))
    found.published = await _published(owner)
    found.expected = await asyncio.to_thread(expected, members, units)
    await _pay(db, found)
    rows = await owner.fetch("SELECT token, sum(amount)::integer FROM point_entries GROUP BY token")
    found.paid = {token: points for token, points in rows}  # noqa: C416  # rows are no pairs to the checker
    found.due = await asyncio.to_thread(due, members)
    return found


async def _pay(db: Database, found: Walked) -> None:
    """Grant points for days with a walk by one run."""
    today = CONTEST.last + timedelta(days=5)
    async with db.transaction("rule") as tx:
        await point_rules.put(tx, RuleVersion(id="walk", version=1, rule=RULE), today)
    asked = GrantPoints(rule="walk", first=CONTEST.first, last=CONTEST.last)
    await found.timed("grant", grant_points(db, asked, today))


def _people(members: int, units: int) -> Iterator[tuple[Any, ...]]:
    """Yield statements and what they are given: units, who is where and since when, who takes part."""
    yield _TEAMS, units
    yield _MAILBOXES, members
    yield _PLACED, members, units, FIRST
    yield _MOVED, members, units, FIRST + timedelta(days=MOVED)
    yield _ENTERED, members, CONTEST.id, FIRST
    yield _CHOSEN, members


def _noon(day: int) -> datetime:
    return datetime(FIRST.year, FIRST.month, FIRST.day, 3, tzinfo=UTC) + timedelta(days=day)


async def _published(owner: "asyncpg.Connection[asyncpg.Record]") -> dict[bytes, tuple[int, int, int | None]]:
    rows = await owner.fetch(
        "SELECT content FROM ranking_page WHERE generation = (SELECT max(generation) FROM ranking WHERE final) AND contest = $1",
        CONTEST.id,
    )
    pages = [RankingPage.model_validate_json(content) for (content,) in rows]
    return {row.team: (page.league, row.place, row.score) for page in pages for row in page.rows}


def expected(members: int, units: int) -> Mapping[bytes, tuple[int, int, int | None]]:
    """Return league, place and score of each unit by going through every member and every day."""
    steps: dict[int, int] = defaultdict(int)
    people: dict[int, int] = defaultdict(int)
    active: dict[int, int] = defaultdict(int)
    for n in range(members):
        if n % 50 == 9:
            continue
        enters, until = n % 10 != 3, LEFT if n % 13 == 5 else 7 * WEEKS - 1
        walked = False
        for day, total in enumerate(_totals(n)):
            unit = _unit(n, day, units)
            people[unit] += 1
            if enters and day <= until and 0 < total <= HELD_ABOVE:
                steps[unit] += min(total, CONTEST.daily_cap)
                walked = True
        active[_unit(n, 7 * WEEKS - 1, units)] += walked and n % 13 != 5
    # Halves upwards, as whole numbers.
    scores = {unit: (2 * steps[unit] + 10 * people[unit]) // (20 * people[unit]) * 10 for unit in people}
    by_league: dict[int, list[int]] = defaultdict(list)
    for unit, score in scores.items():
        by_league[active[unit] >= FEWEST].append(score)
    places = {league: _places(there) for league, there in by_league.items()}
    return {
        sha256(f"unit{unit}".encode()).digest()[:16]: (
            int(active[unit] >= FEWEST),
            places[active[unit] >= FEWEST][score],
            score if active[unit] >= FEWEST else None,
        )
        for unit, score in scores.items()
    }


def due(members: int) -> dict[bytes, int]:
    """Return everybody's points by going through every day; who gets none is left out."""
    found = {}
    for n in range(members):
        days = sum(total >= 8_000 for total in _totals(n))
        if days >= RULE.tiers[0].at:
            found[sha256(str(n).encode()).digest()] = RULE.tiers[days >= RULE.tiers[1].at].points
    return found


def _unit(n: int, day: int, units: int) -> int:
    return (n * n + n // 7 + (n % 20 == 7 and day >= MOVED)) % units


def _totals(n: int) -> Iterator[int]:
    """Yield what each day comes to before any cap."""
    for d in range(7 * WEEKS):
        phone = 75_000 if n % 20 == 11 and d % 9 == 0 else (n * 7919 + d * 104729 + 17) % 41_000
        watch = (n * 6007 + d * 15485863 + 29) % 41_000 if n % 3 == 0 else 0
        yield watch if n % 51 == 0 else max(phone, watch)


def _places(scores: list[int]) -> dict[int, int]:
    """Return the shared place of each score."""
    places: dict[int, int] = {}
    for at, score in enumerate(sorted(scores, reverse=True), 1):
        places.setdefault(score, at)
    return places


def main() -> int:
    """Walk, print what was found, and return 1 where it is not what adding up by hand gives."""
    parser = argparse.ArgumentParser(prog="simulation.many", description=__doc__)
    parser.add_argument("--members", type=int, default=500_000)
    members = parser.parse_args().members
    cluster = ThrowawayCluster(Path(tempfile.mkdtemp(prefix="warifu-many-")), {"shared_buffers": "256MB", "max_wal_size": "4GB"})
    try:
        cluster.start()
        found = asyncio.run(walk(cluster.create_database(), members, max(3, members // MEMBERS_A_UNIT)))
    finally:
        cluster.stop()
    right = found.agrees and found.published == found.expected and found.paid == found.due
    print(f"{members} members, {found.counted} days of members counted")
    print(f"{len(found.published)} units ranked, {len(found.paid)} members paid")
    print(", ".join(f"{what} {seconds:.1f} s" for what, seconds in found.seconds.items()))
    print(
        f"{found.counted / found.seconds['count']:.0f} days of members a second; recount {'agrees' if found.agrees else 'DIFFERS'}"
    )
    print("rankings and points are what adding up by hand gives" if right else "rankings or points are WRONG")
    return not right


if __name__ == "__main__":
    raise SystemExit(main())
