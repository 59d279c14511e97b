"""Whose steps count: measured and typed ones, installations with a key of their own, and when a device comes back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey
from protocol.jose import generate_p256, thumbprint
from protocol.messages.mailbox import SetSuspensions, Suspension
from protocol.messages.steps import PutInstallKey, PutStepDays, RevokeInstallKey, StepDay, StepSource
from support.store_host import Member, StoreHost, problem

from .walking import PHONE, SALES, TODAY, WATCH, contest, counted, enter, managed, people, put_roster, team_steps, walk


def _put(install: bytes, *days: tuple[date, int, int]) -> PutStepDays:
    return PutStepDays(install=install, items=tuple(StepDay(day=day, steps=steps, seq=seq) for day, steps, seq in days))


async def _in_background(host: StoreHost, key: ECKey, member: Member, install: bytes, steps: int) -> httpx.Response:
    body = _put(install, (TODAY, steps, steps)).model_dump_json().encode()
    return await host.signed(key, member.token, "PUT", "/install/step-days", body)


async def _read(host: StoreHost, member: Member, since: date, until: date) -> Any:
    return (await host.as_member(member, "GET", f"/me/step-days?since={since}&until={until}")).json()["items"]


async def test_an_installation_writes_and_reads_nothing(host: StoreHost) -> None:
    """A key that the reader key named writes steps of its own installation, reads nothing, and ends when it is revoked."""
    member, other, key = await host.member(), await host.member(), generate_p256()
    named = await host.as_member(member, "PUT", "/me/install-keys", PutInstallKey(install=PHONE, jkt=thumbprint(key)))
    answers = [
        await _in_background(host, key, member, PHONE, 4000),
        await _in_background(host, key, member, WATCH, 4000),
        await _in_background(host, key, other, PHONE, 4000),
        await _in_background(host, member.reader, member, PHONE, 4000),
        await host.signed(key, member.token, "GET", f"/me/step-days?since={TODAY}&until={TODAY}"),
        await host.signed(key, member.token, "PUT", "/me/step-source", StepSource(install=PHONE).model_dump_json().encode()),
        await host.signed(key, member.token, "PUT", "/me/step-days", _put(PHONE, (TODAY, 1, 1)).model_dump_json().encode()),
    ]
    listed = (await host.as_member(member, "GET", "/me/install-keys")).json()
    revoked = await host.as_member(member, "POST", "/me/install-keys/revocations", RevokeInstallKey(install=PHONE))
    after = await _in_background(host, key, member, PHONE, 5000)

    assert [named.status_code, revoked.status_code, len(listed["installs"])] == [204, 204, 1]
    assert (answers[0].status_code, [item["steps"] for item in await _read(host, member, TODAY, TODAY)]) == (200, [4000])
    assert {problem(answer) for answer in [*answers[1:4], after]} == {(401, "install-unknown")}
    assert {problem(answer) for answer in answers[4:]} == {(401, "reader-unknown")}


async def test_a_background_proof_counts_once_and_not_while_suspended(host: StoreHost) -> None:
    """The same request again, and any in a suspended mailbox, is refused as an unknown key is."""
    member, key = await host.member(), generate_p256()
    await host.as_member(member, "PUT", "/me/install-keys", PutInstallKey(install=PHONE, jkt=thumbprint(key)))
    first = await _in_background(host, key, member, PHONE, 4000)
    again = await host.client.request("PUT", first.request.url.path, content=first.request.content, headers=first.request.headers)
    listed = await host.decided("suspend", member)
    row = Suspension(token=member.token, suspended=True, subject=listed.proof("programs", member.token))
    await host.as_registrar("suspend", "POST", "/suspensions", SetSuspensions(rows=(row,)))
    closed = await _in_background(host, key, member, PHONE, 5000)

    assert first.status_code == 200
    assert [problem(again), problem(closed)] == [(401, "install-unknown")] * 2


async def test_keys_of_installations_are_bounded(host: StoreHost) -> None:
    """Sixteen installations have a key; each may have another in its place."""
    member = await host.member()
    answers = [
        await host.as_member(member, "PUT", "/me/install-keys", PutInstallKey(install=bytes([number]) * 16, jkt=bytes(32)))
        for number in range(17)
    ]
    again = await host.as_member(member, "PUT", "/me/install-keys", PutInstallKey(install=bytes(16), jkt=bytes([1]) * 32))

    assert [answer.status_code for answer in answers] == [204] * 16 + [409]
    assert again.status_code == 204


async def test_devices_come_back_at_different_times(host: StoreHost) -> None:
    """After one to three hours, spread out."""
    member = await host.member()
    later = []
    for seq in range(12):
        answer = await host.as_member(member, "PUT", "/me/step-days", _put(PHONE, (TODAY, seq, seq)))
        later.append(answer.json()["next_sync_after"])

    assert all(3_600 <= seconds < 10_800 for seconds in later)
    assert len(set(later)) > 3


@pytest.mark.parametrize(("allowed", "expected"), [(False, 2000), (True, 5000)])
async def test_typed_steps(host: StoreHost, *, allowed: bool, expected: int) -> None:
    """Typed steps stand apart, and count where the contest says so."""
    one = contest(manual=allowed)
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    await enter(host, members[0], one)
    await walk(host, members[0], (0, 2000, 1), manual=3000)
    await counted(host)
    (seen,) = await _read(host, members[0], TODAY, TODAY)

    assert await team_steps(host, one) == {(SALES, TODAY): expected}
    assert (seen["steps"], seen["manual_steps"]) == (2000, 3000)


@pytest.mark.parametrize(
    ("instant", "accepted", "refused"),
    [
        # A second before midnight in Japan, and at midnight: the 20th has begun where it is UTC+14 either way.
        (datetime(2026, 11, 19, 14, 59, 59, tzinfo=UTC), date(2026, 11, 20), date(2026, 11, 21)),
        (datetime(2026, 11, 19, 15, 0, 0, tzinfo=UTC), date(2026, 11, 20), date(2026, 11, 21)),
        # Noon in UTC is 2:00 of the next day at UTC+14.
        (datetime(2026, 11, 19, 9, 59, 59, tzinfo=UTC), date(2026, 11, 19), date(2026, 11, 20)),
        (datetime(2026, 11, 19, 10, 0, 0, tzinfo=UTC), date(2026, 11, 20), date(2026, 11, 21)),
        # At UTC-12 it is still the 28th of February when the 29th has long begun in Japan; both are days.
        (datetime(2028, 2, 28, 16, 0, 0, tzinfo=UTC), date(2028, 2, 29), date(2028, 3, 1)),
        (datetime(2028, 3, 14, 0, 0, 0, tzinfo=UTC), date(2028, 2, 29), date(2028, 2, 28)),
    ],
)
async def test_days_are_the_devices_own(host: StoreHost, instant: datetime, accepted: date, refused: date) -> None:
    """A day is accepted as soon as it has begun anywhere, for fourteen days, and is never moved to another."""
    member = await host.member()
    host.clock.instant = instant
    answer = await host.as_member(member, "PUT", "/me/step-days", _put(PHONE, (accepted, 23, 1), (refused, 24, 1)))
    read = await _read(host, member, accepted - timedelta(days=2), accepted + timedelta(days=2))

    assert [result["result"] for result in answer.json()["results"]] == ["applied", "rejected"]
    assert [(item["day"], item["steps"]) for item in read] == [(str(accepted), 23)]


async def test_a_flight_over_the_date_line(host: StoreHost) -> None:
    """Flying east lives a day twice, whose total goes on; flying west leaves one out; neither resets or moves a day."""
    member = await host.member()
    host.clock.instant = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # 17:00 of the 20th in Tokyo
    tokyo, the_day_before = date(2026, 11, 20), date(2026, 11, 19)
    await host.as_member(member, "PUT", "/me/step-days", _put(PHONE, (the_day_before, 8000, 1), (tokyo, 6000, 2)))
    host.clock.instant = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # 10:00 of the 20th in Honolulu: the same day again
    await host.as_member(member, "PUT", "/me/step-days", _put(PHONE, (tokyo, 9000, 3)))
    east = await _read(host, member, the_day_before, date(2026, 11, 22))
    host.clock.instant = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # back in Tokyo: the 21st was never a day of this telephone
    await host.as_member(member, "PUT", "/me/step-days", _put(PHONE, (date(2026, 11, 22), 100, 4)))

    assert [(item["day"], item["steps"]) for item in east] == [("2026-11-19", 8000), ("2026-11-20", 9000)]
    assert [item["day"] for item in await _read(host, member, tokyo, date(2026, 11, 22))] == ["2026-11-20", "2026-11-22"]


async def test_what_other_programs_got_wrong(host: StoreHost) -> None:
    """The day is not frozen at its first sync, a re-import doubles nothing, and a workout's steps stay part of the day's total."""
    member = await host.member()
    morning, evening = _put(PHONE, (TODAY, 3000, 1)), _put(PHONE, (TODAY, 11_000, 2))
    yesterday = TODAY - timedelta(days=1)
    answers = [
        await host.as_member(member, "PUT", "/me/step-days", message)
        # A watch that sends yesterday after midnight, and an old file imported again, are the same totals of the same days.
        for message in (morning, evening, evening, morning, _put(WATCH, (yesterday, 7000, 1)), _put(WATCH, (yesterday, 7000, 1)))
    ]

    assert [answer.json()["results"][0]["result"] for answer in answers] == [
        "applied",
        "applied",
        "unchanged",
        "stale",
        "applied",
        "unchanged",
    ]
    assert [item["steps"] for item in await _read(host, member, yesterday, TODAY)] == [7000, 11_000]
