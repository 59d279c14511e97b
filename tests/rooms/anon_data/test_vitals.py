"""Vitals: measured at home, one value for a day and kind."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from protocol.messages.records import VITAL_UNITS, PutVitals, Vital, VitalKind
from support.store_host import NOW, Member, StoreHost, problem

TODAY = NOW.date()


def _vital(value: str, kind: VitalKind = "body-weight", *, seq: int = 1, ago: int = 0, **changes: Any) -> Vital:
    fields: dict[str, Any] = {"day": TODAY - timedelta(days=ago), "kind": kind, "unit": VITAL_UNITS[kind]}
    return Vital(**{**fields, "value": Decimal(value), "seq": seq, **changes})


async def _put(host: StoreHost, member: Member, *items: Vital) -> list[str]:
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

    assert results == [["applied", "applied", "applied"], ["unchanged", "applied", "stale", "seq-reused"]]
    assert sorted(await _read(host, member)) == [
        (0, "body-weight", "64", "kg"),
        (0, "diastolic", "80", "mm[Hg]"),
        (0, "systolic", "120", "mm[Hg]"),
    ]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("systolic", ("60", "300"), ("59.99", "300.01")),
        ("diastolic", ("30", "200"), ("29.99", "200.01")),
        ("body-weight", ("10", "300"), ("9.99", "300.01")),
    ],
)
async def test_ranges(host: StoreHost, kind: VitalKind, good: tuple[str, str], bad: tuple[str, str]) -> None:
    """A value that no home device can have measured is rejected, the ends of the range are good."""
    member = await host.member()
    items = [_vital(value, kind, ago=ago) for ago, value in enumerate((*good, *bad))]

    assert await _put(host, member, *items) == ["applied", "applied", "out-of-range", "out-of-range"]


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
    stale = await _put(host, member, _vital("99", ago=2, seq=1), _vital("72", ago=2, seq=3))
    between = await _read(host, member)
    await host.seal()

    assert before == after == [(2, "body-weight", "71", "kg"), (0, "body-weight", "65.50", "kg")]
    assert stale == ["stale", "applied"]
    assert between == await _read(host, member) == [(2, "body-weight", "72", "kg"), (0, "body-weight", "65.50", "kg")]
    assert await _read(host, member, since=TODAY) == [(0, "body-weight", "65.50", "kg")]
    assert await _read(host, other) == []
