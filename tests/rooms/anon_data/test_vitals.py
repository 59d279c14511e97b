"""Vitals: measured at home, one value for a day and kind."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from mailboxes.store.reader_keys import lock_key
from protocol.jose import generate_p256, thumbprint
from protocol.messages.records import PutVitals, VitalWrite
from protocol.vitals import VITALS, VitalKind
from support.store_host import NOW, Member, StoreHost, problem

TODAY = NOW.date()


def _vital(value: str | None, kind: VitalKind = "body-weight", *, seq: int = 1, ago: int = 0, **changes: Any) -> VitalWrite:
    fields: dict[str, Any] = {"day": TODAY - timedelta(days=ago), "kind": kind, "unit": VITALS[kind].unit}
    return VitalWrite(**{**fields, "value": None if value is None else Decimal(value), "seq": seq, **changes})


async def _put(host: StoreHost, member: Member, *items: VitalWrite) -> list[str]:
    answer = await host.as_member(member, "PUT", "/me/vitals", PutVitals(items=items))
    assert answer.status_code == 200, answer.text
    return [result["reason"] or result["result"] for result in answer.json()["results"]]


async def _read(host: StoreHost, member: Member, since: date = TODAY - timedelta(days=400)) -> list[tuple[int, str, str, str]]:
    answer = await host.as_member(member, "GET", f"/me/vitals?since={since}&until={TODAY}")
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    return [((TODAY - date.fromisoformat(item["day"])).days, item["kind"], item["value"], item["unit"]) for item in items]


async def test_the_newest_of_a_day_and_kind(host: StoreHost) -> None:
    """The highest seq wins, each kind for itself; results say what became of each item."""
    member = await host.member()
    results = [
        await _put(host, member, _vital("65.50"), _vital("120", "systolic"), _vital("80", "diastolic")),
        await _put(host, member, _vital("65.5"), _vital("64", seq=3), _vital("66", seq=2), _vital("65", seq=3)),
    ]

    results += [await _put(host, member, *items) for items in ([_vital("64", seq=3)], [_vital("66", seq=2)], [_vital("65", seq=3)])]

    # What is written over by the same request was applied before, whatever was stored.
    assert results[:2] == [["applied", "applied", "applied"], ["applied", "applied", "stale", "seq-reused"]]
    assert results[2:] == [["unchanged"], ["stale"], ["seq-reused"]]
    assert sorted(await _read(host, member)) == [
        (0, "body-weight", "64", "kg"),
        (0, "diastolic", "80", "mm[Hg]"),
        (0, "systolic", "120", "mm[Hg]"),
    ]


@pytest.mark.parametrize("kind", VITALS)
async def test_ranges(host: StoreHost, kind: VitalKind) -> None:
    """A value that no home device can have measured is rejected, the ends of the range are good, and come back in their unit."""
    member, little = await host.member(), Decimal("0.01")
    low, high, unit = VITALS[kind].low, VITALS[kind].high, VITALS[kind].unit
    items = [_vital(str(value), kind, ago=ago) for ago, value in enumerate((low, high, low - little, high + little))]

    assert await _put(host, member, *items) == ["applied", "applied", "out-of-range", "out-of-range"]
    assert await _read(host, member) == [(1, kind, str(high), unit), (0, kind, str(low), unit)]


async def test_who_says_so(host: StoreHost) -> None:
    """A value says whether a person typed it or a device measured it, before and after the fold."""
    member = await host.member()
    await _put(host, member, _vital("65"), _vital("60", "pulse", source="device"))

    async def sources() -> list[str]:
        answer = await host.as_member(member, "GET", f"/me/vitals?since={TODAY}&until={TODAY}")
        return [item["source"] for item in answer.json()["items"]]

    before = await sources()
    await host.seal()

    assert before == await sources() == ["typed", "device"]


async def test_units_are_fixed(host: StoreHost) -> None:
    """A value in another kind's unit is rejected; a unit that does not exist here is malformed."""
    member = await host.member()
    body = b'{"items": [{"day": "2026-11-20", "kind": "body-weight", "value": "143", "unit": "[lb_av]", "seq": 1}]}'

    assert await _put(host, member, _vital("120", "systolic", unit="kg")) == ["unit"]
    assert problem(await host.signed(member.reader, member.token, "PUT", "/me/vitals", body)) == (422, "malformed")
    assert await _read(host, member) == []


async def test_days(host: StoreHost) -> None:
    """Four hundred days back, and not after the latest date on earth."""
    member = await host.member()
    items = [_vital("65", ago=ago) for ago in (400, 401, 0, -1)]

    assert await _put(host, member, *items) == ["applied", "too-old", "applied", "future"]


async def test_read_before_and_after_the_fold(host: StoreHost) -> None:
    """Own writes are there at once, the fold changes nothing, and what is newer goes over it."""
    member, other = await host.member(), await host.member()
    await _put(host, member, _vital("65.50"), _vital("70", ago=2), _vital("71", ago=2, seq=2))
    before = await _read(host, member)
    await host.seal()
    after = await _read(host, member)
    stale = await _put(host, member, _vital("99", ago=2, seq=1))
    newer = await _put(host, member, _vital("72", ago=2, seq=3))
    between = await _read(host, member)
    await host.seal()

    assert before == after == [(2, "body-weight", "71", "kg"), (0, "body-weight", "65.50", "kg")]
    assert (stale, newer) == (["stale"], ["applied"])
    assert between == await _read(host, member) == [(2, "body-weight", "72", "kg"), (0, "body-weight", "65.50", "kg")]
    assert await _read(host, member, since=TODAY) == [(0, "body-weight", "65.50", "kg")]
    assert await _read(host, other) == []


async def _deleted(host: StoreHost, member: Member) -> list[tuple[int, str, int]]:
    answer = await host.as_member(member, "GET", f"/me/vitals?since=2020-01-01&until={TODAY}")
    gone = answer.json()["deleted"]
    return [((TODAY - date.fromisoformat(one["day"])).days, one["kind"], one["seq"]) for one in gone]


async def test_deletions(host: StoreHost) -> None:
    """What was deleted is gone at the fold, stays gone when older writes come late, and may be written anew."""
    member = await host.member()
    await _put(host, member, _vital("65"), _vital("66", ago=1))
    await host.seal()
    results = [await _put(host, member, _vital(None, seq=3)), await _put(host, member, _vital("65"))]
    before = await _read(host, member)
    await host.seal()
    values = [row["value"] for row in await host.rows("SELECT value FROM vital ORDER BY day")]
    results.append(await _put(host, member, _vital("65"), _vital("99", seq=2), _vital(None, seq=3)))
    after, gone = await _read(host, member), await _deleted(host, member)
    results.append(await _put(host, member, _vital("67", seq=4)))

    assert results == [["applied"], ["stale"], ["stale", "stale", "unchanged"], ["applied"]]
    assert before == after == [(1, "body-weight", "66", "kg")]
    assert (values, gone) == ([Decimal(66), None], [(0, "body-weight", 3)])
    assert await _read(host, member) == [(1, "body-weight", "66", "kg"), (0, "body-weight", "67", "kg")]


async def test_what_is_too_old_to_be_written_can_be_deleted(host: StoreHost) -> None:
    """Nothing remains of it, not even that it was deleted: no older write of that day is accepted any more."""
    member, day = await host.member(), TODAY - timedelta(days=1000)
    await host.rows("INSERT INTO vital (token, day, kind, value, seq, source) VALUES ($1, $2, 1, 65, 1, 1)", member.token, day)
    results = await _put(host, member, _vital(None, ago=1000, seq=2), _vital("65", ago=1000, seq=3), _vital(None, ago=-1))
    before = await _deleted(host, member)
    await host.seal()

    assert (results, before) == (["applied", "too-old", "future"], [(1000, "body-weight", 2)])
    assert (await _read(host, member, since=day), await _deleted(host, member)) == ([], [])
    assert await host.rows("SELECT FROM vital") == []


def _held(member: Member, then: str) -> str:
    """Return SQL that holds the member's writes back and does something meanwhile; ``{0}`` in it stands for the token."""
    high, low = lock_key(member.token)
    return f"SELECT pg_advisory_xact_lock({high}, {low}); " + then.format(f"'\\x{member.token.hex()}'")


async def test_whoever_was_faster(host: StoreHost) -> None:
    """A value that came while this one waited for its turn is seen in the answer, and stays if it is newer."""
    member = await host.member()
    async with host.held(_held(member, f"INSERT INTO vital_inbox VALUES ({{0}}, '{TODAY}', 1, 70, 2, 1)")):
        late = asyncio.create_task(_put(host, member, _vital("65"), _vital("66", ago=1)))
        await host.waiting(1)

    assert await late == ["stale", "applied"]
    assert await _read(host, member) == [(1, "body-weight", "66", "kg"), (0, "body-weight", "70", "kg")]


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ("DELETE FROM reader_key WHERE token = {0}", (401, "reader-unknown")),
        ("INSERT INTO suspension (token) VALUES ({0})", (403, "mailbox-suspended")),
    ],
)
async def test_whoever_may_not_write_any_more(host: StoreHost, taken: str, said: tuple[int, str]) -> None:
    """A key that was taken away, or a mailbox that was suspended, while a value waited for its turn: nothing is written."""
    member = await host.member()
    async with host.held(_held(member, taken)):
        late = asyncio.create_task(host.as_member(member, "PUT", "/me/vitals", PutVitals(items=(_vital("65"),))))
        await host.waiting(1)

    assert problem(await late) == said
    assert await host.rows("SELECT FROM vital_inbox") == []


async def test_the_first_use_of_a_renewed_key_may_write(host: StoreHost) -> None:
    """What a plain statement does not admit is admitted in a transaction."""
    member, renewed = await host.member(), generate_p256()
    await host.rows("UPDATE reader_key SET next_jkt = $1 WHERE token = $2", thumbprint(renewed), member.token)
    body = PutVitals(items=(_vital("65"),)).model_dump_json().encode()
    first = await host.signed(renewed, member.token, "PUT", "/me/vitals", body)

    assert first.json()["results"][0]["result"] == "applied"
    assert problem(await host.signed(member.reader, member.token, "PUT", "/me/vitals", body)) == (401, "reader-unknown")
