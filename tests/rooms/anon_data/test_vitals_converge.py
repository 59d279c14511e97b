"""Two devices, one member: whatever order their batches arrive in, and however often, the same is read in the end."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protocol.messages.records import PutVitals, VitalWrite
from protocol.vitals import VITALS, VitalKind
from support.store_host import NOW, Member, StoreHost

TODAY = NOW.date()
Batch = tuple[VitalWrite, ...]


@dataclass(frozen=True)
class Delivery:
    """Batches as they arrive; None is the night's seal."""

    sent: tuple[Batch, ...]
    arrives: tuple[Batch | None, ...]


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    """Draw what two devices write, each with counters of its own upwards from a common one, and how it arrives."""
    sent: list[Batch] = []
    for device in (1, 2):
        seqs = count(draw(st.integers(0, 5)) * 16 + device, 16)
        sent += [tuple(draw(_writes(next(seqs))) for _ in range(draw(st.integers(1, 3)))) for _ in range(draw(st.integers(1, 3)))]
    again = draw(st.lists(st.sampled_from(sent), max_size=3))
    arrives: list[Batch | None] = [*sent, *again, *draw(st.lists(st.none(), max_size=2))]
    return Delivery(tuple(sent), tuple(draw(st.permutations(arrives))))


@st.composite
def _writes(draw: st.DrawFn, seq: int) -> VitalWrite:
    kind: VitalKind = draw(st.sampled_from(("systolic", "pulse")))
    value = draw(st.none() | st.integers(60, 66).map(Decimal))
    return VitalWrite(day=TODAY - timedelta(days=draw(st.integers(0, 1))), kind=kind, value=value, unit=VITALS[kind].unit, seq=seq)


async def _state(host: StoreHost, member: Member) -> object:
    answer = await host.as_member(member, "GET", f"/me/vitals?since={TODAY - timedelta(days=3)}&until={TODAY}")
    found = answer.json()
    return found["items"], found["deleted"]


def _last(sent: tuple[Batch, ...]) -> dict[tuple[date, str], Decimal | None]:
    newest: dict[tuple[date, str], VitalWrite] = {}
    for write in (write for batch in sent for write in batch):
        known = newest.get((write.day, write.kind))
        if known is None or write.seq > known.seq:
            newest[write.day, write.kind] = write
    return {key: write.value for key, write in newest.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(delivery=deliveries())
async def test_any_order_and_repetition_ends_alike(host: StoreHost, delivery: Delivery) -> None:
    """What arrives shuffled, twice and around seals reads as what was sent in order: the newest of each day and kind."""
    plain, shuffled = await host.member(), await host.member()
    for batch in delivery.sent:
        await host.as_member(plain, "PUT", "/me/vitals", PutVitals(items=batch))
    for batch_or_night in delivery.arrives:
        if batch_or_night is None:
            await host.seal()
        else:
            await host.as_member(shuffled, "PUT", "/me/vitals", PutVitals(items=batch_or_night))
    answer = await host.as_member(shuffled, "GET", f"/me/vitals?since={TODAY - timedelta(days=3)}&until={TODAY}")
    read = {(date.fromisoformat(one["day"]), one["kind"]): Decimal(one["value"]) for one in answer.json()["items"]}

    assert await _state(host, shuffled) == await _state(host, plain)
    assert read == {key: value for key, value in _last(delivery.sent).items() if value is not None}
