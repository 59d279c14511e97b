"""A mailbox whose reader key is lost may be claimed once more: not before 24 hours, and not against whoever still reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mailboxes import purge
from protocol.jose import generate_p256
from protocol.messages.mailbox import RecoverMailboxes, Recovery, RenewReader
from protocol.proof import make
from protocol.subjects import SubjectList
from support.store_host import ORIGINS, Member, StoreHost, problem

from .requests import READ

HOUR = timedelta(hours=1)


async def _recover(host: StoreHost, *members: Member, listed: SubjectList | None = None) -> Any:
    listed = listed or await host.decided("recover", *members)
    rows = [Recovery(token=member.token, subject=listed.proof(host.store, member.token)) for member in members]
    return await host.as_registrar(
        "recover", "POST", "/recoveries", RecoverMailboxes(rows=tuple(sorted(rows, key=lambda row: row.token)))
    )


async def _claim(host: StoreHost, member: Member) -> Any:
    """Claim the mailbox with a fresh key."""
    new = Member(member.seed, generate_p256())
    return await host.as_member(new, "POST", "/claims", new.claim())


async def _read(host: StoreHost, member: Member) -> int:
    return (await host.as_member(member, "GET", READ[host.store])).status_code


@pytest.mark.parametrize("hour", [0, 3, 12, 23])
async def test_not_before_a_day_has_passed(host: StoreHost, hour: int) -> None:
    """Asked for at any time of a day, it opens at a midnight (UTC) that is at least 24 and at most 48 hours away."""
    host.clock.instant = asked = datetime(2026, 11, 20, hour, 59, 59, tzinfo=UTC)
    member = await host.member()
    answer = (await _recover(host, member)).json()
    refused = []
    while True:
        claimed = await _claim(host, member)
        if claimed.status_code == 201:
            break
        refused.append(problem(claimed))
        host.clock.advance(HOUR)
        if host.clock.instant - asked > 4 * 24 * HOUR:
            break
    passed = host.clock.instant - asked

    assert answer == {"begun": 1, "unchanged": 0, "unknown": [], "opens": "2026-11-22"}
    assert set(refused) == {(409, "claimed-by-another")}
    assert 24 * HOUR <= passed <= 49 * HOUR
    assert host.clock.instant.date().isoformat() == "2026-11-22"


async def test_one_claim_replaces_the_key(host: StoreHost) -> None:
    """The first claim takes the mailbox over, the old key and a waiting one are gone, and the next claim is refused."""
    member, waiting = await host.member(), generate_p256()
    url = ORIGINS[host.store] + "/me/reader-key"
    possession = make(waiting, "PUT", url, member.token, b"", host.clock.timestamp())
    await host.as_member(member, "PUT", "/me/reader-key", RenewReader(possession=possession))
    await _recover(host, member)
    host.clock.advance(48 * HOUR)
    new = Member(member.seed, generate_p256())
    claimed = [await host.as_member(new, "POST", "/claims", new.claim()) for _ in range(2)]
    late = await _claim(host, member)
    read = [await _read(host, one) for one in (new, member, Member(member.seed, waiting))]

    assert ([answer.status_code for answer in claimed], problem(late)) == ([201, 200], (409, "claimed-by-another"))
    assert read == [200, 401, 401]
    assert await host.rows("SELECT token FROM recovery") == []


async def test_the_present_reader_sees_and_refuses(host: StoreHost) -> None:
    """Whoever still reads is told the day, may refuse before and after it, and then no claim takes the mailbox."""
    member, path = await host.member(), "/me/mailbox"
    states = [(await host.as_member(member, "GET", path)).json()]
    await _recover(host, member)
    states.append((await host.as_member(member, "GET", path)).json())
    host.clock.advance(48 * HOUR)
    states.append((await host.as_member(member, "GET", path)).json())
    vetoes = [(await host.as_member(member, "DELETE", "/me/recovery")).status_code for _ in range(2)]
    states.append((await host.as_member(member, "GET", path)).json())
    refused = await _claim(host, member)

    assert states == [{"recovery": day} for day in (None, "2026-11-22", "2026-11-22", None)]
    assert (vetoes, problem(refused), await _read(host, member)) == ([204, 204], (409, "claimed-by-another"), 200)


async def test_a_stranger_refuses_nothing(host: StoreHost) -> None:
    """Only the present reader key refuses, and only for its own mailbox."""
    member, other = await host.member(), await host.member()
    await _recover(host, member)
    answers = [
        await host.signed(key, token, "DELETE", "/me/recovery")
        for key, token in ((generate_p256(), member.token), (other.reader, member.token), (other.reader, other.token))
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 204]
    assert len(await host.rows("SELECT token FROM recovery")) == 1


async def test_asked_for_again(host: StoreHost) -> None:
    """Asked for again, it keeps its day; after a refusal it begins anew."""
    member = await host.member()
    first = (await _recover(host, member)).json()
    host.clock.advance(24 * HOUR)
    again = (await _recover(host, member)).json()
    state = (await host.as_member(member, "GET", "/me/mailbox")).json()
    await host.as_member(member, "DELETE", "/me/recovery")
    anew = (await _recover(host, member)).json()

    assert [(one["begun"], one["unchanged"]) for one in (first, again, anew)] == [(1, 0), (0, 1), (1, 0)]
    assert (state, anew["opens"]) == ({"recovery": "2026-11-22"}, "2026-11-23")


async def test_the_same_key_uses_nothing_up(host: StoreHost) -> None:
    """A device that repeats its claim with the present key changes nothing; the recovery stays."""
    member = await host.member()
    await _recover(host, member)
    host.clock.advance(48 * HOUR)
    again = await host.as_member(member, "POST", "/claims", member.claim())

    assert (again.status_code, len(await host.rows("SELECT token FROM recovery"))) == (200, 1)


async def test_it_is_over_some_day(host: StoreHost) -> None:
    """Unused for 30 days it is as if it had never been, is deleted by the hourly work, and can begin anew."""
    member = await host.member()
    await _recover(host, member)
    host.clock.advance(timedelta(days=31))
    last = (await host.as_member(member, "GET", "/me/mailbox")).json()
    host.clock.advance(timedelta(days=1))
    state, refused = (await host.as_member(member, "GET", "/me/mailbox")).json(), await _claim(host, member)
    anew = (await _recover(host, member)).json()
    kept = await host.rows("SELECT opens::text FROM recovery")
    host.clock.advance(timedelta(days=32))
    await purge(host.app.state.db, host.clock.now())

    assert (last, state, problem(refused)) == ({"recovery": "2026-11-22"}, {"recovery": None}, (409, "claimed-by-another"))
    assert (anew["begun"], [row["opens"] for row in kept]) == (1, [anew["opens"]])
    assert await host.rows("SELECT token FROM recovery") == []


async def test_an_unclaimed_mailbox(host: StoreHost) -> None:
    """Nothing waits where nobody reads: the first claim is given at once, and uses the recovery up."""
    member = Member.new(host.store)
    await host.enrol([member], claim=False)
    await _recover(host, member)
    first = await _claim(host, member)
    host.clock.advance(48 * HOUR)

    assert (first.status_code, problem(await _claim(host, member))) == (201, (409, "claimed-by-another"))


async def test_only_whom_the_officers_listed(host: StoreHost) -> None:
    """A row about somebody else refuses the batch; a token without a mailbox is named; rows are counted."""
    member, other, unknown = await host.member(), await host.member(), Member.new(host.store)
    elsewhere = SubjectList.make({host.store: [member.token, other.token]})
    listed = await host.decided("recover", member, unknown, quota=2)
    refused = await _recover(host, member, other, listed=elsewhere)
    done = (await _recover(host, member, unknown, listed=listed)).json()
    over = await _recover(host, member, listed=listed)

    assert (problem(refused), problem(over)) == ((403, "subject-refused"), (429, "quota-exceeded"))
    assert (done["begun"], done["unknown"]) == (1, [0 if unknown.token < member.token else 1])
