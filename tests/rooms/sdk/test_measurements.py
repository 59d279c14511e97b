"""Values measured at home: deletions, what devices send, and counters of two sessions."""

from datetime import date
from decimal import Decimal

import warifu
from hypothesis import given
from hypothesis import strategies as st
from protocol.messages.records import Vital
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from warifu.measurements import Counter

DAY, NEXT = date(2026, 4, 1), date(2026, 4, 2)


def _values(found: tuple[Vital, ...]) -> list[tuple[date, str, Decimal, str]]:
    return [(one.day, one.kind, one.value, one.source) for one in found]


async def test_a_deleted_value_is_gone_and_may_be_written_anew(sign_in: SignIn) -> None:
    """Also from another session, which counts on above the deletion."""
    first = await sign_in()
    await first.put_vitals([warifu.Measurement(DAY, "pulse", Decimal(60))])
    await first.put_vitals([warifu.Measurement(DAY, "pulse", None)])
    gone = await first.vitals(DAY, DAY)
    second = await sign_in()
    results = await second.put_vitals([warifu.Measurement(DAY, "pulse", Decimal(62))])

    assert (gone, [result.result for result in results]) == ((), ["applied"])
    assert _values(await first.vitals(DAY, DAY)) == [(DAY, "pulse", Decimal(62), "typed")]


async def test_a_device_sends_what_is_new(world: World, sign_in: SignIn) -> None:
    """Neither what is there already, nor over what a person typed, nor again what a person deleted."""
    session = await sign_in()
    weights = [warifu.Measurement(DAY, "body-weight", Decimal("62.5"), "device")]
    pulses = [warifu.Measurement(day, "pulse", Decimal(60), "device") for day in (DAY, NEXT)]
    await session.put_vitals([warifu.Measurement(DAY, "body-weight", Decimal(62))])
    first = await session.sync_vitals([*weights, *pulses])
    await session.put_vitals([warifu.Measurement(NEXT, "pulse", None)])
    world.faults.log.clear()
    second = await session.sync_vitals([*weights, *pulses])
    asked = [call for call in world.faults.log if "PUT" in call]
    corrected = await session.sync_vitals([warifu.Measurement(DAY, "pulse", Decimal(61), "device")])

    assert ([one.result for one in first], second, asked, [one.result for one in corrected]) == (
        ["applied"] * 2,
        (),
        [],
        ["applied"],
    )
    assert _values(await session.vitals(DAY, NEXT)) == [
        (DAY, "body-weight", Decimal(62), "typed"),
        (DAY, "pulse", Decimal(61), "device"),
    ]


@given(seen=st.lists(st.integers(0, 2**50)), other=st.lists(st.integers(0, 2**50)), count=st.integers(1, 5))
def test_counters_go_up_and_apart(seen: list[int], other: list[int], count: int) -> None:
    """Each is above all that was seen and given before, and two sessions at one place give different ones."""
    one, two = Counter(), Counter()
    two._writer = one._writer ^ 1
    first = one.after(seen, count)
    second = one.after(other, count)
    elsewhere = two.after([*seen, *first], count)

    assert [*sorted({*first, *second})] == [*first, *second]
    assert min(first) > max(seen, default=-1)
    assert min(second) > max([*other, *first])
    assert not {*first, *second} & {*elsewhere}
