"""Counting is right whatever happens: the running totals equal what members walked, summed up anew."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import pytest
from chassis.config import ConfigError
from chassis.database import Database
from chassis.problems import Unavailable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mailboxes.store.reader_keys import lock_key
from programs.recount import NIGHTS, RECOUNT
from programs.use_cases.contests import put_contest
from programs.use_cases.count_steps import count_batch, count_changes
from programs.use_cases.recount import recount_contests
from programs.workers import RECOUNTING
from protocol.messages.contests import Contest
from protocol.messages.mailbox import EraseMailboxes, Erasure
from protocol.messages.steps import StepSource
from support.store_host import Member, StoreHost

from .walking import PHONE, SALES, TODAY, WATCH, contest, counted, enter, managed, people, put_roster, team_steps, walk

MEMBERS = 3
Write = tuple[int, bytes, int, int]
"""Which member, installation, days ago, counter; the steps follow from them."""
_writes = st.lists(
    st.tuples(st.integers(0, MEMBERS - 1), st.sampled_from([PHONE, WATCH]), st.integers(0, 3), st.integers(1, 5)),
    min_size=1,
    max_size=14,
)
_chosen = st.lists(st.sampled_from([PHONE, WATCH, None]), min_size=MEMBERS, max_size=MEMBERS)


def _steps(write: Write) -> int:
    member, install, ago, seq = write
    return (member * 7919 + install[0] * 104_729 + ago * 1299 + seq * 15_485) % 70_001


def _truth(writes: list[Write], chosen: list[bytes | None]) -> list[int]:
    """Return counted steps by days ago: the newest of an installation, the chosen one or else the largest, held above 60,000."""
    newest: dict[tuple[int, bytes, int], Write] = {}
    for write in writes:
        key = write[:3]
        if key not in newest or write[3] > newest[key][3]:
            newest[key] = write
    sums = [0] * 4
    for member in range(MEMBERS):
        for ago in range(4):
            found = {install: _steps(write) for (who, install, day), write in newest.items() if (who, day) == (member, ago)}
            total = found.get(chosen[member] or b"", max(found.values(), default=0))
            sums[ago] += 0 if total > 60_000 else min(total, 30_000)
    return sums


async def _team(host: StoreHost, one: Contest, code: str) -> list[Member]:
    members = await people(host, MEMBERS)
    for number, member in enumerate(members):
        answer = await enter(host, member, one, code=code, team_name="歩く会" if number == 0 else None)
        assert answer.status_code == 204, answer.text
    return members


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=_writes, chosen=_chosen, order=st.randoms(use_true_random=False))
async def test_any_order_of_requests_counts_alike(
    host: StoreHost, writes: list[Write], chosen: list[bytes | None], order: random.Random
) -> None:
    """One log as it is, and once permuted, repeated, split by counts and seals: both equal the sum of final totals."""
    one = contest(teams="free")
    await put_contest(host.app.state.db, one, host.clock.now())
    plain, shuffled = await _team(host, one, "a" * 16), await _team(host, one, "b" * 16)
    for write in writes:
        await _write(host, plain, write)
    for member, install in zip(plain, chosen, strict=True):
        await _choose(host, member, install)
    again = [*writes, *writes[: len(writes) // 2]]
    order.shuffle(again)
    acts: list[Callable[[], Awaitable[object]]] = [lambda write=write: _write(host, shuffled, write) for write in again]  # type: ignore[misc]
    acts += [
        lambda member=member, install=install: _choose(host, member, install)  # type: ignore[misc]
        for member, install in zip(shuffled, chosen, strict=True)
    ]
    acts += [lambda: counted(host), lambda: counted(host), host.seal]
    order.shuffle(acts)
    for act in acts:
        await act()
    await counted(host)
    found = await host.rows(
        "SELECT team, day, steps FROM team_day WHERE contest = $1 AND steps <> 0 ORDER BY team, day DESC", one.id
    )
    sums: dict[bytes, list[int]] = {}
    for row in found:
        sums.setdefault(row["team"], [0] * 4)[(TODAY - row["day"]).days] = row["steps"]
    truth = _truth(writes, chosen)

    assert list(sums.values()) == ([truth, truth] if any(truth) else [])
    assert (await recount_contests(host.app.state.db)).agrees


async def _write(host: StoreHost, team: list[Member], write: Write) -> None:
    member, install, ago, seq = write
    await walk(host, team[member], (ago, _steps(write), seq), install=install)


async def _choose(host: StoreHost, member: Member, install: bytes | None) -> None:
    answer = await host.as_member(member, "PUT", "/me/step-source", StepSource(install=install))
    assert answer.status_code == 204, answer.text


async def _unit(host: StoreHost, one: Contest) -> list[Member]:
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    for member in members:
        await enter(host, member, one)
    return members


async def test_sixteen_workers_and_two_counters(host: StoreHost) -> None:
    """Sixteen devices write the same few members' days over and over while two processes count: nothing is lost or added twice."""
    one = contest()
    members = await _unit(host, one)
    others = await Database.open(host.urls.runtime_url)
    done = asyncio.Event()

    async def write(worker: int) -> None:
        for seq in range(12):
            await walk(host, members[(worker + seq) % 3], (seq % 4, 100 * worker + seq, worker * 100 + seq), install=PHONE)

    async def count(db: Database) -> None:
        while not done.is_set():
            await count_changes(db)

    counting = [asyncio.create_task(count(db)) for db in (host.app.state.db, others)]
    await asyncio.gather(*(write(worker) for worker in range(16)))
    done.set()
    await asyncio.gather(*counting)
    await counted(host)
    truth = await host.rows(
        "SELECT day, sum(steps) AS steps FROM step_day_inbox WHERE install = $1 GROUP BY day",
        PHONE,
    )
    await others.close()

    assert await team_steps(host, one) == {(SALES, row["day"]): row["steps"] for row in truth if row["steps"]}
    assert (await recount_contests(host.app.state.db)).agrees


async def test_a_count_that_dies_has_counted_nothing(host: StoreHost) -> None:
    """The process is killed in the middle of a batch: what it took is still there, and counts once."""
    one = contest()
    members = await _unit(host, one)
    await counted(host)
    dying = await Database.open(host.urls.runtime_url, 1, 1)
    with pytest.raises(Unavailable):
        await _count_and_die(host, dying, members[0])
    await dying.close()
    await counted(host)

    assert await team_steps(host, one) == {(SALES, TODAY): 4000}


async def _count_and_die(host: StoreHost, dying: Database, member: Member) -> None:
    async with dying.transaction("dying") as tx:
        # Before the service's own worker can take it.
        await tx.run("SELECT pg_advisory_xact_lock(hashtextextended('counting', 0))")
        await walk(host, member, (0, 4000, 1))
        assert await count_batch(tx) == 1
        (row,) = await tx.run("SELECT pg_backend_pid() AS pid")
        connection = await asyncpg.connect(host.urls.superuser_url)
        await connection.execute("SELECT pg_terminate_backend($1)", row["pid"])
        await connection.close()
        await tx.run("SELECT 1")


async def test_the_queue_is_empty_after_a_count(host: StoreHost) -> None:
    """Nothing of who walked when stays in the queue, and whoever takes part in nothing never enters it."""
    one = contest()
    members, other = await _unit(host, one), await host.member()
    async with host.held("SELECT pg_advisory_xact_lock(hashtextextended('counting', 0))"):
        await walk(host, members[0], (0, 4000, 1), (1, 3000, 1))
        await walk(host, other, (0, 4000, 1))
        waiting = await host.rows("SELECT count(*) AS changes, count(DISTINCT token) AS members FROM step_change")
    await counted(host)
    left = await host.rows("SELECT count(*) AS changes FROM step_change")

    assert (tuple(waiting[0]), left[0]["changes"]) == ((2, 1), 0)


async def test_an_erased_member_is_out_of_the_running_totals(host: StoreHost) -> None:
    """An erasure takes what was counted along, folded or not, and the night's proof finds nothing to put right."""
    one = contest()
    members = await _unit(host, one)
    for member in members[:2]:
        await walk(host, member, (1, 3000, 1), (0, 4000, 1))
    await counted(host)
    await host.seal()
    await walk(host, members[0], (0, 5000, 2))
    await counted(host)
    listed = await host.decided("erase", members[0])
    row = Erasure(token=members[0].token, subject=listed.proof("programs", members[0].token))
    answer = await host.as_registrar("erase", "POST", "/erasures", EraseMailboxes(rows=(row,)))

    assert answer.json()["erased"] == 1
    assert await team_steps(host, one) == {(SALES, TODAY - timedelta(days=1)): 3000, (SALES, TODAY): 4000}
    assert (await recount_contests(host.app.state.db)).agrees


async def _spoiled(host: StoreHost) -> Contest:
    """Return a contest in which one running total of a team and one of a member are wrong."""
    one = contest()
    members = await _unit(host, one)
    await walk(host, members[0], (0, 4000, 1))
    await counted(host)
    await host.rows("UPDATE team_day SET steps = steps + 1 WHERE contest = $1 RETURNING steps", one.id)
    await host.rows("UPDATE entry SET days = days + 1 WHERE token = $1 RETURNING days", members[0].token)
    return one


async def test_the_recount_finds_and_repairs(host: StoreHost) -> None:
    """Wrong running totals make the command fail until it is told to put them right."""
    one = await _spoiled(host)
    with pytest.raises(ConfigError, match="1 days of teams and 1 entries differed, and stay as they are"):
        await RECOUNT.run(host.app.state.config)
    with pytest.raises(ConfigError, match="1 days of teams and 1 entries differed, and were put right"):
        await RECOUNT.run(host.app.state.config, repair=True)

    assert await RECOUNT.run(host.app.state.config) == "1 running contests counted anew; nothing differed"
    assert await team_steps(host, one) == {(SALES, TODAY): 4000}


async def test_each_night_is_recounted_once(host: StoreHost, capsys: pytest.CaptureFixture[str]) -> None:
    """The service recounts after three o'clock in Japan, once a day, says what it found, and repairs nothing."""
    assert await NIGHTS.run(host.app.state.config) == "no night has been recounted yet"
    one = await _spoiled(host)
    host.clock.advance(timedelta(hours=14))  # 2:00 of the next day in Japan
    await RECOUNTING.run(host.app.state)
    early = await host.rows("SELECT day FROM recount_night")
    capsys.readouterr()
    host.clock.advance(timedelta(hours=1))
    for _ in range(2):
        await RECOUNTING.run(host.app.state)
    logged = capsys.readouterr().out
    with pytest.raises(ConfigError) as said:
        await NIGHTS.run(host.app.state.config)

    assert early == []
    assert (logged.count("recounted"), "error" in logged) == (1, True)
    assert (
        str(said.value) == f"{TODAY + timedelta(days=1)}: 1 running contests counted anew; 1 days of teams and 1 entries differed"
    )
    assert await team_steps(host, one) == {(SALES, TODAY): 4001}


async def test_who_enters_while_a_write_waits_is_counted(host: StoreHost) -> None:
    """A write that began before its member entered, and was let in after, is counted all the same."""
    one = contest(teams="free")
    await put_contest(host.app.state.db, one, host.clock.now())
    member = await host.member()
    high, low = lock_key(member.token)
    async with host.held("SELECT pg_advisory_xact_lock($1::integer, $2::integer)", high, low):
        writing = asyncio.create_task(walk(host, member, (0, 4000, 1)))
        await host.waiting(1)
        await host.rows(
            "INSERT INTO entry (token, contest, team, captain, since, excused, steps, days) "
            "VALUES ($1, $2, $3, true, $4, false, 0, 0) RETURNING token",
            member.token,
            one.id,
            SALES,
            one.first,
        )
    assert await writing == ["applied"]
    await counted(host)

    assert await team_steps(host, one) == {(SALES, TODAY): 4000}
