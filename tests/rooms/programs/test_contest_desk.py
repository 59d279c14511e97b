"""What `warifu-staff contests` does, at a real programs."""

from datetime import timedelta

import httpx
import pytest
from protocol.encoding import b64u
from protocol.messages.reviews import Adjust
from protocol.names import StoreName
from support.office import Colleague, staffed
from support.store_host import StoreHost
from warifu.errors import InputRefused
from warifu.staff import StaffSession
from warifu.staff_contests_cli import (
    adjusted_lines,
    adjustment_lines,
    contest_lines,
    decided_lines,
    held_lines,
    participation_lines,
)

from .walking import SALES, TODAY, contest, counted, enter, managed, people, published, put_roster, team_steps, walk


class Seat(StaffSession):
    """A colleague's session, past the sign-in."""

    def __init__(self, host: StoreHost, by: Colleague) -> None:
        self.host, self.by = host, by

    async def call(
        self, store: StoreName, method: str, path: str, body: bytes = b"", accept: str = "*/*", patience_s: float | None = None
    ) -> httpx.Response:
        assert store == self.host.store
        headers = {**self.by.headers(self.host, method, path), "Accept": accept}
        answer = await self.host.client.request(method, path, content=body, headers=headers, timeout=patience_s or 30)
        assert answer.is_success, answer.text
        return answer


async def test_held_totals_are_looked_at(host: StoreHost) -> None:
    """A total that waits is listed, decided as it was seen, and counts; another total than the one seen is not decided."""
    one = contest()
    seat = Seat(host, await managed(host, one))
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    await enter(host, members[0], one)
    await walk(host, members[0], (0, 70_000, 1))
    await counted(host)
    (waits,) = await seat.held_days(one.id)
    listed = await held_lines(seat, one.id)
    with pytest.raises(InputRefused):
        await decided_lines(seat, one.id, waits.review, 70_001, accepted=True, reason="見た (架空)")
    undecided = await held_lines(seat, one.id)
    decided = await decided_lines(seat, one.id, waits.review, 70_000, accepted=True, reason="見た (架空)")
    await counted(host)

    assert listed == undecided == [f"{b64u(waits.review)} {TODAY}: 70000 steps, waits"]
    assert decided == [f"{b64u(waits.review)} {TODAY}: 70000 steps, counts (見た (架空); manager-1)"]
    assert await team_steps(host, one) == {(SALES, TODAY): 30_000}


async def test_results_are_seen_and_corrected(host: StoreHost) -> None:
    """Contests and participation are listed; a correction of a result that stands is kept with who, why, before and after."""
    one = contest(last=TODAY, enter_until=TODAY)
    manager = await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    for member in members[:5]:
        await enter(host, member, one)
        await walk(host, member, (0, 8_000, 1))
    host.clock.advance(timedelta(days=4))
    await published(host)
    await staffed(host, manager, number=2)
    seat = Seat(host, manager)
    said = [await contest_lines(seat), await participation_lines(seat, one.id)]
    done = await adjusted_lines(seat, Adjust(contest=one.id, id=bytes(16), team=SALES, steps=41_000, reason="漏れ (架空)"))
    day = TODAY + timedelta(days=4)

    assert said == [[f"{b64u(one.id)} {one.first} - {one.last}: {one.title}"], [f"{b64u(SALES)} -: 50 % of 10"]]
    assert done == [f"{b64u(SALES)} {day}: 40000 -> 41000 steps (漏れ (架空); manager-1)"]
    assert await adjustment_lines(seat, one.id) == done
