"""A contest's mornings: ``PUT /me/step-days`` and ``POST /me/ranking`` against bare endpoints that verify the same proofs."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from protocol.encoding import b64u
from protocol.messages.contests import AskContest
from protocol.messages.steps import PutStepDays, StepDay
from protocol.names import HostName

from bench.case import Case
from bench.cases.record_page import Make
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.load import Measured
from bench.peers import ranking, steps
from bench.readers import Member, claimed
from bench.rounds import alternate

HOST: HostName = "programs"
_TEAM = bytes(15) + b"b"
_CONTEST = (
    "INSERT INTO contest (id, title, teams, score, enter_from, enter_until, first, last, daily_cap, manual, largest_team, leagues, "
    "active_days, active_steps, thresholds, stage_names, stage_metres, frozen) VALUES ($1, 'bench', 'units', 'average', $2, $3, "
    "$2, $3, 30000, false, 10, '{}', 1, 1, '{50}', '{}', '{}', false)"
)
_PATIENCE_S = 30.0


async def run(bench: Bench) -> list[Figure]:
    """Measure writing outside of contests, then by a single team, then reading."""
    origin = (await bench.deployment()).origins[HOST]
    async with claimed(bench, HOST) as members:

        def write(round_: int, number: int) -> bytes:
            return _of(members, number).request(origin, "PUT", "/me/step-days", two_days(members, round_, number))

        alone = await _against(bench, "steps", steps.DDL, write, url=f"{origin}/me/step-days", method="PUT")
        async with taking_part(bench, members) as contest:

            def later(round_: int, number: int) -> bytes:
                return write(round_ + 1_000, number)

            def read(_round: int, number: int) -> bytes:
                body = AskContest(contest=contest).model_dump_json().encode()
                return _of(members, number).request(origin, "POST", "/me/ranking", body)

            crowded = await _against(bench, "steps", steps.DDL, later, url=f"{origin}/me/step-days", method="PUT")
            await _published(bench, contest)
            about = {"url": f"{origin}/me/ranking", "method": "POST", "contest": b64u(contest)}
            reading = await _against(bench, "ranking", ranking.DDL, read, **about)
    return [
        *_figures("steps of two days (PUT /me/step-days)", alone, target=0.85),
        *_figures("the same, everybody in one team", crowded, target=0.7),
        *_figures("the own team's place (POST /me/ranking)", reading, target=0.8),
    ]


@asynccontextmanager
async def taking_part(bench: Bench, members: Sequence[Member]) -> AsyncIterator[bytes]:
    """Let all members take part in a contest as one unit; afterwards it is gone."""
    contest, today = secrets.token_bytes(16), datetime.now(UTC).date()
    first, last = today - timedelta(days=13), today + timedelta(days=14)
    tokens = [member.token for member in members]
    async with bench.owner(HOST) as connection:
        await connection.execute(_CONTEST, contest, first, last)
        await connection.execute("INSERT INTO team (id) VALUES ($1) ON CONFLICT DO NOTHING", _TEAM)
        placed = "INSERT INTO unit_member (token, since, unit) SELECT token, $2, $3 FROM unnest($1::bytea[]) AS token"
        await connection.execute(placed, tokens, first, _TEAM)
        entered = (
            "INSERT INTO entry (token, contest, captain, since, excused, steps, days) "
            "SELECT token, $2, false, $3, false, 0, 0 FROM unnest($1::bytea[]) AS token"
        )
        await connection.execute(entered, tokens, contest, first)
        try:
            yield contest
        finally:
            for table in ("entry", "contest_day_recent", "contest_day", "team_day", "ranking", "ranking_team", "ranking_page"):
                await connection.execute(f"DELETE FROM {table} WHERE contest = $1", contest)
            await connection.execute("DELETE FROM unit_member WHERE unit = $1", _TEAM)
            await connection.execute("DELETE FROM contest WHERE id = $1", contest)


async def _published(bench: Bench, contest: bytes) -> None:
    async with bench.owner(HOST) as connection:
        for _ in range(int(_PATIENCE_S)):
            if await connection.fetchval("SELECT count(*) FROM ranking WHERE contest = $1", contest):
                return
            await asyncio.sleep(1)
    raise BenchError("no ranking was published")


async def _against(
    bench: Bench, peer: str, ddl: Sequence[str], make: Make, **settings: str
) -> tuple[list[Measured], list[Measured]]:
    ours, count = await bench.ours(HOST), bench.scale.requests
    page = await bench.load(ours, [make(-1, number) for number in range(min(count, 100))])
    async with bench.own_tables(HOST, *ddl), bench.peer(peer, HOST, answer_bytes=round(page.body_bytes), **settings) as bare:

        async def our_turn(number: int) -> Measured:
            return await bench.load(ours, [make(number, at) for at in range(count)])

        async def peer_turn(number: int) -> Measured:
            return await bench.load(bare, [make(number, at) for at in range(count)])

        return await alternate(bench.scale.rounds, our_turn, peer_turn)


def _figures(name: str, sides: tuple[list[Measured], list[Measured]], target: float) -> list[Figure]:
    ours, peer = sides
    return [
        compared(name, "requests/s", [one.rate for one in ours], [one.rate for one in peer], target=target),
        compared(f"{name}: CPU", "ms/request", [one.cpu_ms for one in ours], [one.cpu_ms for one in peer], better="less"),
    ]


def _of(members: Sequence[Member], number: int) -> Member:
    return members[number % len(members)]


def two_days(members: Sequence[Member], round_: int, number: int) -> bytes:
    """Return today and yesterday: each request of a member is newer than the one before, and has more steps."""
    today, seq = datetime.now(UTC).date(), (round_ + 2) * 1_000_000 + number // len(members)
    items = tuple(StepDay(day=today - timedelta(days=ago), steps=(seq * 7 + ago) % 30_000, seq=seq) for ago in range(2))
    return PutStepDays(install=b"bench-bench-benc", items=items).model_dump_json().encode()


CASE = Case("contests", "a member's steps of two days arrive, and the ranking is read", run)
