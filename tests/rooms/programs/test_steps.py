"""Steps: written by installations, read as one total a day."""

import random
from datetime import date, timedelta

from chassis.database import Database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mailboxes.readers import Reader
from programs.use_cases.put_steps import put_steps
from protocol import proof
from protocol.jose import thumbprint
from protocol.messages.steps import PutStepDays, StepDay
from support.store_host import NOW, Member, StoreHost, problem

TODAY = NOW.date()
PHONE, WATCH = b"phone-phone-phon", b"watch-watch-watc"


def _days(*items: tuple[int, int, int], install: bytes = PHONE) -> PutStepDays:
    """Items are (days ago, steps, seq)."""
    return PutStepDays(
        install=install,
        items=tuple(StepDay(day=TODAY - timedelta(days=ago), steps=steps, seq=seq) for ago, steps, seq in items),
    )


async def _put(host: StoreHost, member: Member, message: PutStepDays) -> list[str]:
    answer = await host.as_member(member, "PUT", "/me/step-days", message)
    assert answer.status_code == 200, answer.text
    return [result["reason"] or result["result"] for result in answer.json()["results"]]


async def _read(host: StoreHost, member: Member, first: int = 14, last: int = 0) -> dict[date, int]:
    since, until = TODAY - timedelta(days=first), TODAY - timedelta(days=last)
    answer = await host.as_member(member, "GET", f"/me/step-days?since={since}&until={until}")
    assert answer.status_code == 200, answer.text
    return {date.fromisoformat(item["day"]): item["steps"] for item in answer.json()["items"]}


async def test_newer_replaces_also_by_less(host: StoreHost) -> None:
    """The newest seq counts, even when the day got shorter; older and repeated ones change nothing."""
    member = await host.member()
    results = [
        await _put(host, member, _days((1, 8000, 10))),
        await _put(host, member, _days((1, 7500, 11))),
        await _put(host, member, _days((1, 9000, 9), (1, 7500, 11), (1, 7501, 11))),
    ]

    assert results == [["applied"], ["applied"], ["stale", "unchanged", "seq-reused"]]
    assert await _read(host, member) == {TODAY - timedelta(days=1): 7500}


async def test_the_largest_installation_counts(host: StoreHost) -> None:
    """Installations are never added up."""
    member = await host.member()
    await _put(host, member, _days((0, 4000, 1), (1, 9000, 2)))
    await _put(host, member, _days((0, 6000, 1), (1, 3000, 2), install=WATCH))

    assert await _read(host, member) == {TODAY - timedelta(days=1): 9000, TODAY: 6000}
    assert await _read(host, member, 1, 1) == {TODAY - timedelta(days=1): 9000}


async def test_the_window_of_days(host: StoreHost) -> None:
    """The last 14 days and the latest date on earth may be written; each item has its own result."""
    member = await host.member()

    # At 03:00 UTC it is the same date everywhere east of London; four hours before midnight at UTC+14 it is not.
    assert await _put(host, member, _days((14, 1, 1), (15, 1, 1), (-1, 1, 1), (0, 1, 1))) == [
        "applied",
        "too-old",
        "future",
        "applied",
    ]
    host.clock.advance(timedelta(hours=7))
    assert await _put(host, member, _days((-1, 1, 1), (-2, 1, 1))) == ["applied", "future"]


async def test_installations_are_bounded(host: StoreHost) -> None:
    """Sixteen installations of a member may write, folded or not; another one may when one of them was silent for two weeks."""
    member, other = await host.member(), await host.member()
    installs = [bytes([number]) * 16 for number in range(17)]
    accepted = [await _put(host, member, _days((14, 10, 1), install=installs[0]))]
    accepted += [await _put(host, member, _days((0, 10, 1), install=install)) for install in installs[1:8]]
    await host.seal()
    accepted += [await _put(host, member, _days((0, 10, 1), install=install)) for install in installs[8:16]]
    results = [
        await _put(host, member, _days((0, 99, 1), (15, 99, 1), install=installs[16])),
        await _put(host, member, _days((1, 11, 2), install=installs[15])),
        await _put(host, other, _days((0, 99, 1), install=installs[16])),
    ]
    read = await _read(host, member)
    host.clock.advance(timedelta(days=1))

    assert accepted == [["applied"]] * 16
    assert results == [["too-many-installs", "too-old"], ["applied"], ["applied"]]
    assert read == {TODAY - timedelta(days=14): 10, TODAY - timedelta(days=1): 11, TODAY: 10}
    assert await _put(host, member, _days((0, 99, 1), install=installs[16])) == ["applied"]


async def test_members_do_not_see_each_other(host: StoreHost) -> None:
    """The same installation id under another token is another row."""
    one, other = await host.member(), await host.member()
    await _put(host, one, _days((0, 100, 1)))

    assert (await _read(host, one), await _read(host, other)) == ({TODAY: 100}, {})


async def test_reads_are_the_same_before_and_after_the_fold(host: StoreHost) -> None:
    """What a member wrote is there at once, and the fold changes nothing of it; later writes go over it."""
    member = await host.member()
    await _put(host, member, _days((0, 100, 1), (3, 300, 1)))
    await _put(host, member, _days((0, 200, 1), install=WATCH))
    before = await _read(host, member)
    await host.seal()
    after = await _read(host, member)
    results = await _put(host, member, _days((3, 250, 2), (0, 90, 0)))
    later = await _read(host, member)
    await host.seal()

    assert before == after == {TODAY - timedelta(days=3): 300, TODAY: 200}
    assert results == ["applied", "stale"]
    assert later == await _read(host, member) == {TODAY - timedelta(days=3): 250, TODAY: 200}


async def test_malformed_requests(host: StoreHost) -> None:
    """Too many days, negative steps and unknown members are refused without an echo."""
    member = await host.member()
    body = b'{"install": "cGhvbmUtcGhvbmUtcGhvbg", "items": [{"day": "2026-11-20", "steps": -77123, "seq": 1}]}'
    answer = await host.signed(member.reader, member.token, "PUT", "/me/step-days", body)

    assert problem(answer) == (422, "malformed")
    assert "77123" not in answer.text


_WRITES = st.lists(st.tuples(st.sampled_from([PHONE, WATCH]), st.integers(0, 3), st.integers(0, 6)), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_WRITES, st.randoms(use_true_random=False))
async def test_any_order_of_the_log_ends_alike(host: StoreHost, log: list[tuple[bytes, int, int]], order: random.Random) -> None:
    """A request log, and the same log permuted, repeated and interrupted by a fold, give the same totals."""
    plain, shuffled = Member.new("programs"), Member.new("programs")
    await host.enrol([plain, shuffled])
    requests = [_days((ago, (ago * 31 + seq * 17 + install[0]) % 97, seq), install=install) for install, ago, seq in log]
    for request in requests:
        await _put(host, plain, request)
    again = requests + requests[: len(requests) // 2]
    order.shuffle(again)
    half = len(again) // 2
    for request in again[:half]:
        await _put(host, shuffled, request)
    await host.seal()
    for request in again[half:]:
        await _put(host, shuffled, request)

    assert await _read(host, shuffled) == await _read(host, plain)


async def test_a_write_is_planned_once(host: StoreHost) -> None:
    """After a few writes over a connection the server stops planning the statement anew: that took longer than running it."""
    member = await host.member()
    db = await Database.open(host.urls.runtime_url, 1, 1)
    for seq in range(12):
        signed = proof.Proof(member.token, thumbprint(member.reader), f"write-{seq}", host.clock.timestamp())
        await put_steps(db, Reader(signed, host.app.state.once), _days((0, 100, seq), (1, 200, seq)), host.clock.now())
    async with db.statements("plans") as tx:
        query = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE $1"
        plans = await tx.run(query, "%INTO step_day_inbox%")
    await db.close()

    assert [tuple(row) for row in plans] == [(7, 5)]


async def test_the_database_keeps_the_bounds(host: StoreHost) -> None:
    """The service's own role may neither write the folded table nor alter or empty any."""
    db = await Database.open(host.urls.runtime_url)
    refused = []
    for text in (
        "INSERT INTO step_day (token, install, day, steps, seq) VALUES ('x', 'y', '2026-01-01', 1, 1)",
        "TRUNCATE step_day_inbox",
        "TRUNCATE mailbox CASCADE",
        "UPDATE suspension SET token = token",
        "UPDATE reader_key SET token = token",
        "UPDATE mailbox SET claim_key = claim_key",
        "ALTER TABLE step_day ADD COLUMN written timestamptz",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
    ):
        try:
            async with db.transaction("forbidden") as tx:
                await tx.run(text)
        except Exception as error:  # noqa: BLE001  # the class is what is asserted
            refused.append(type(error).__name__)
    await db.close()

    assert refused == ["InsufficientPrivilegeError"] * 9
