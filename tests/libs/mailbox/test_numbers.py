"""The sealed member numbers beside mailboxes are given for those tokens alone that two officers listed."""

from typing import Any

from protocol.messages.mailbox import Numbered, Numbers, ReadNumbers, SetSuspensions, Suspension
from protocol.subjects import SubjectList
from support.store_host import NUMBER, Member, StoreHost, problem


async def _listed(host: StoreHost, *members: Member, quota: int = 1000) -> SubjectList:
    subjects = SubjectList.make({host.store: [member.token for member in members]})
    host.windows["reidentify"] = await host.open_window("reidentify", {"number": quota}, subjects)
    return subjects


async def _read(host: StoreHost, listed: SubjectList, *members: Member, shown: Member | None = None) -> Any:
    rows = [Numbered(token=one.token, subject=listed.proof(host.store, (shown or one).token)) for one in members]
    return await host.as_registrar("reidentify", "POST", "/numbers", ReadNumbers(rows=tuple(rows)))


def _sorted(*members: Member) -> list[Member]:
    return sorted(members, key=lambda one: one.token)


async def test_as_they_are_stored(host: StoreHost) -> None:
    """A suspended mailbox keeps its number, and one that is not there has none; asking again says the same."""
    suspended, known, unknown = await host.member(), await host.member(), Member.new(host.store)
    listed = await host.decided("suspend", suspended)
    row = Suspension(token=suspended.token, suspended=True, subject=listed.proof(host.store, suspended.token))
    await host.as_registrar("suspend", "POST", "/suspensions", SetSuspensions(rows=(row,)))
    members = _sorted(suspended, known, unknown)
    asked = await _listed(host, *members)
    answers = [Numbers.model_validate((await _read(host, asked, *members)).json()) for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0].numbers == tuple(NUMBER if member is known else None for member in members)
    assert answers[0].suspended == (members.index(suspended),)


async def test_nobody_else(host: StoreHost) -> None:
    """Neither with the proof of somebody who is listed, nor beyond the quota, nor in a window for something else."""
    member, other = _sorted(await host.member(), await host.member())
    listed = await _listed(host, member, quota=1)
    refused = [
        await _read(host, listed, other, shown=member),
        await _read(host, listed, member, member),
        await host.as_registrar(
            "enrol",
            "POST",
            "/numbers",
            ReadNumbers(rows=(Numbered(token=member.token, subject=listed.proof(host.store, member.token)),)),
        ),
    ]
    counted = [(await _read(host, listed, member)).status_code for _ in range(2)]

    assert [problem(answer) for answer in refused] == [(403, "subject-refused"), (400, "rows-refused"), (403, "window-purpose")]
    assert counted == [200, 429]
