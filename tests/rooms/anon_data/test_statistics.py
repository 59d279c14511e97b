"""What analysts and the office read: numbers of people, none under ten."""

from datetime import date

from protocol.messages.mailbox import EraseMailboxes, Erasure
from support.office import Colleague, staffed
from support.store_host import Member, StoreHost, problem

from .samples import checkup, put_items, store

PATH = "/staff/examined"


async def examined_in(host: StoreHost, members: list[Member], year: int) -> None:
    """Import a checkup of each member in the June of a year."""
    one = checkup(exam_date=date(year, 6, 1), fiscal_year=year)
    answer = await store(host, *((member, one) for member in members))
    assert answer.json()["inserted"] == len(members)


async def test_numbers_under_ten_are_not_shown(host: StoreHost) -> None:
    """People are counted once a fiscal year; nine are not shown, ten are, and nothing is said from which nine follows."""
    members = [Member.new("anon-data") for _ in range(10)]
    await host.enrol(members, claim=False)
    await put_items(host)
    await examined_in(host, members[:9], 2024)
    await examined_in(host, members, 2025)
    await store(host, (members[0], checkup(exam_date=date(2026, 1, 9), fiscal_year=2025)))
    colleague = Colleague("desk-1", roles=("office",))
    await staffed(host, colleague)
    answer = await colleague.call(host, "GET", PATH)

    assert answer.json() == {"years": [{"fiscal_year": 2025, "people": 10}, {"fiscal_year": 2024, "people": None}]}


async def test_who_was_erased_since_still_counts(host: StoreHost) -> None:
    """Ten were examined, also once the records of one of them belong to nobody any more."""
    members = [Member.new("anon-data") for _ in range(10)]
    await host.enrol(members, claim=False)
    await put_items(host)
    await examined_in(host, members, 2025)
    listed = await host.decided("erase", members[0])
    row = Erasure(token=members[0].token, subject=listed.proof("anon-data", members[0].token))
    await host.as_registrar("erase", "POST", "/erasures", EraseMailboxes(rows=(row,), keep=True))
    colleague = Colleague("desk-1")
    await staffed(host, colleague)

    assert (await colleague.call(host, "GET", PATH)).json() == {"years": [{"fiscal_year": 2025, "people": 10}]}


async def test_nothing_yet(host: StoreHost) -> None:
    """Without checkups there is no year."""
    colleague = Colleague("desk-1")
    await staffed(host, colleague)

    assert (await colleague.call(host, "GET", PATH)).json() == {"years": []}


async def test_who_may_not(host: StoreHost) -> None:
    """A programme manager, a member's reader key, and anybody else read no numbers."""
    manager, member = Colleague("desk-2", roles=("program-manager",)), await host.member()
    await staffed(host, manager)
    answers = [await manager.call(host, "GET", PATH), await host.as_member(member, "GET", PATH), await host.client.get(PATH)]

    assert [problem(answer) for answer in answers] == [
        (403, "staff-role"),
        (401, "staff-token-refused"),
        (401, "staff-token-refused"),
    ]
