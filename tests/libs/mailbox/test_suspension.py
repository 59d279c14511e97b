"""Two officers close a mailbox to its member's keys, and open it again."""

import asyncio
from typing import Any

from protocol.jose import generate_p256
from protocol.messages.mailbox import RenewReader, SetSuspensions, Suspension
from protocol.proof import make
from protocol.subjects import SubjectList
from support.store_host import ORIGINS, Member, StoreHost, problem

from .requests import READ, WRITE


async def _set(host: StoreHost, listed: SubjectList, *members: Member, suspended: bool = True) -> Any:
    rows = [
        Suspension(token=member.token, suspended=suspended, subject=listed.proof(host.store, member.token)) for member in members
    ]
    return await host.as_registrar(
        "suspend", "POST", "/suspensions", SetSuspensions(rows=tuple(sorted(rows, key=lambda row: row.token)))
    )


async def _answers(host: StoreHost, member: Member) -> list[Any]:
    """Read, write, ask and renew."""
    path, body = WRITE[host.store]
    possession = make(generate_p256(), "PUT", ORIGINS[host.store] + "/me/reader-key", member.token, b"", host.clock.timestamp())
    return [
        await host.as_member(member, "GET", READ[host.store]),
        await host.signed(member.reader, member.token, "PUT", path, body),
        await host.as_member(member, "GET", "/me/mailbox"),
        await host.as_member(member, "DELETE", "/me/recovery"),
        await host.as_member(member, "PUT", "/me/reader-key", RenewReader(possession=possession)),
    ]


async def test_suspended_and_lifted(host: StoreHost) -> None:
    """While it is suspended no request of the reader key is admitted; afterwards every one is again."""
    member, other = await host.member(), await host.member()
    listed = await host.decided("suspend", member)
    done = [(await _set(host, listed, member)).json() for _ in range(2)]
    closed = await _answers(host, member)
    untouched = await _answers(host, other)
    done += [(await _set(host, listed, member, suspended=False)).json() for _ in range(2)]
    opened = await _answers(host, member)

    assert done == [{"changed": 1, "unchanged": 0, "unknown": []}, {"changed": 0, "unchanged": 1, "unknown": []}] * 2
    assert {problem(answer) for answer in closed} == {(403, "mailbox-suspended")}
    assert [[answer.status_code for answer in answers] for answers in (untouched, opened)] == [[200, 200, 200, 204, 201]] * 2


async def test_others_learn_nothing(host: StoreHost) -> None:
    """A key that is not the mailbox's hears of a suspended mailbox what it hears of an unknown one."""
    member = await host.member()
    listed = await host.decided("suspend", member)
    stranger = generate_p256()
    before = [answer.text for answer in await _answers(host, Member(member.seed, stranger))]
    await _set(host, listed, member)
    after = await _answers(host, Member(member.seed, stranger))
    unknown = await _answers(host, Member.new(host.store))

    assert {problem(answer) for answer in after} == {(401, "reader-unknown")}
    assert [answer.text for answer in after] == before == [answer.text for answer in unknown]


async def test_no_claim(host: StoreHost) -> None:
    """A suspended mailbox is not claimed either, and only the claim key is told why; lifted, it is claimed as ever."""
    member = Member.new(host.store)
    await host.enrol([member], claim=False)
    listed = await host.decided("suspend", member)
    await _set(host, listed, member)
    refused = await host.as_member(member, "POST", "/claims", member.claim())
    forged = await host.as_member(member, "POST", "/claims", Member.new(host.store).claim(member.reader))
    await _set(host, listed, member, suspended=False)
    claimed = await host.as_member(member, "POST", "/claims", member.claim())

    assert (problem(refused), problem(forged)) == ((403, "mailbox-suspended"), (403, "claim-refused"))
    assert claimed.status_code == 201


async def test_a_waiting_key_waits(host: StoreHost) -> None:
    """A new key that was named before is not admitted either, and is there when the suspension is lifted."""
    member, new = await host.member(), generate_p256()
    url = ORIGINS[host.store] + "/me/reader-key"
    possession = make(new, "PUT", url, member.token, b"", host.clock.timestamp())
    await host.as_member(member, "PUT", "/me/reader-key", RenewReader(possession=possession))
    listed = await host.decided("suspend", member)
    await _set(host, listed, member)
    closed = await host.signed(new, member.token, "GET", READ[host.store])
    await _set(host, listed, member, suspended=False)
    opened = [await host.signed(key, member.token, "GET", READ[host.store]) for key in (member.reader, new, member.reader)]

    assert problem(closed) == (403, "mailbox-suspended")
    assert [answer.status_code for answer in opened] == [200, 200, 401]


async def test_a_token_without_a_mailbox(host: StoreHost) -> None:
    """Such a row is named, the others are done."""
    member, unknown = await host.member(), Member.new(host.store)
    listed = await host.decided("suspend", member, unknown)
    answer = (await _set(host, listed, member, unknown)).json()

    assert answer == {"changed": 1, "unchanged": 0, "unknown": [0 if unknown.token < member.token else 1]}


async def test_only_whom_the_officers_listed(host: StoreHost) -> None:
    """A row about somebody else refuses the whole batch."""
    member, other = await host.member(), await host.member()
    listed = await host.decided("suspend", member)
    elsewhere = SubjectList.make({host.store: [member.token, other.token]})
    refused = await _set(host, elsewhere, member, other)
    done = await _set(host, listed, member)

    assert (problem(refused), refused.json()["rows"], done.json()["changed"]) == ((403, "subject-refused"), [0, 1], 1)


async def test_each_row_is_counted(host: StoreHost) -> None:
    """The quota counts rows."""
    member, other = await host.member(), await host.member()
    listed = await host.decided("suspend", member, other, quota=1)
    refused = await _set(host, listed, member, other)

    assert (problem(refused), (await _set(host, listed, member)).status_code) == ((429, "quota-exceeded"), 200)


async def test_nothing_is_written_once_it_is_said(host: StoreHost) -> None:
    """Writes that race with a suspension are there before it is confirmed, or not at all."""
    member = await host.member()
    listed = await host.decided("suspend", member)
    path, body = WRITE[host.store]
    writes = [asyncio.create_task(host.signed(member.reader, member.token, "PUT", path, body)) for _ in range(12)]
    await _set(host, listed, member)
    late = await host.signed(member.reader, member.token, "PUT", path, body)
    answers = [await write for write in writes]

    assert {answer.status_code for answer in answers} <= {200, 403}
    assert problem(late) == (403, "mailbox-suspended")
