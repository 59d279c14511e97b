"""The reader key names the one that follows it: both read until the new one is used, then that one alone."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from joserfc.jwk import ECKey
from protocol import proof
from protocol.jose import generate_p256
from protocol.messages.mailbox import RenewReader
from support.store_host import ORIGINS, Member, StoreHost, problem

from .requests import READ, WRITE

PATH = "/me/reader-key"


def _possession(host: StoreHost, token: bytes, key: ECKey, body: bytes = b"") -> str:
    return proof.make(key, "PUT", ORIGINS[host.store] + PATH, token, body, host.clock.timestamp())


async def _renew(host: StoreHost, member: Member, new: ECKey) -> httpx.Response:
    return await host.as_member(member, "PUT", PATH, RenewReader(possession=_possession(host, member.token, new)))


async def _read(host: StoreHost, member: Member, key: ECKey) -> int:
    return (await host.signed(key, member.token, "GET", READ[host.store])).status_code


async def _write(host: StoreHost, member: Member, key: ECKey) -> int:
    path, body = WRITE[host.store]
    return (await host.signed(key, member.token, "PUT", path, body)).status_code


async def test_both_read_until_the_new_one_does(host: StoreHost) -> None:
    """Old and new are accepted until the first use of the new one, which removes the old."""
    member, new = await host.member(), generate_p256()
    named = await _renew(host, member, new)
    found = [await _read(host, member, key) for key in (member.reader, member.reader, new, new, member.reader)]

    assert (named.status_code, found) == (201, [200, 200, 200, 200, 401])


async def test_a_write_is_a_first_use(host: StoreHost) -> None:
    """Also a write with the new key removes the old one."""
    member, new = await host.member(), generate_p256()
    await _renew(host, member, new)
    found = [await _write(host, member, key) for key in (member.reader, new, new, member.reader)]

    assert found == [200, 200, 200, 401]


async def test_a_claim_is_a_first_use(host: StoreHost) -> None:
    """A device that repeats its claim with the new key has it already, and the old key is gone."""
    member, new = await host.member(), generate_p256()
    await _renew(host, member, new)
    again = await host.as_member(replace(member, reader=new), "POST", "/claims", member.claim(new))
    late = await host.as_member(member, "POST", "/claims", member.claim())

    assert (again.status_code, problem(late), await _read(host, member, new)) == (200, (409, "claimed-by-another"), 200)


async def test_the_replaced_key_is_as_unknown(host: StoreHost) -> None:
    """A key that was replaced is refused word for word as one that never read."""
    member, new = await host.member(), generate_p256()
    await _renew(host, member, new)
    await _read(host, member, new)
    answers = [await host.signed(key, member.token, "GET", READ[host.store]) for key in (member.reader, generate_p256())]

    assert problem(answers[0]) == (401, "reader-unknown")
    assert answers[0].text == answers[1].text


async def test_the_same_renewal_again(host: StoreHost) -> None:
    """Two devices that hold the keyvault's one bundle name the same key; whoever is late changes nothing."""
    member, new = await host.member(), generate_p256()
    again = replace(member, reader=new)
    found = [(await _renew(host, member, new)).status_code for _ in range(2)]
    found += [(await _renew(host, again, new)).status_code for _ in range(2)]
    late = await _renew(host, member, new)

    assert (found, problem(late)) == ([201, 200, 200, 200], (401, "reader-unknown"))
    assert await _read(host, member, new) == 200


async def test_another_key_while_one_waits(host: StoreHost) -> None:
    """A stale device, or a thief of the old key, cannot put its key in the place of the one that waits."""
    member, new, other = await host.member(), generate_p256(), generate_p256()
    await _renew(host, member, new)
    refused = await _renew(host, member, other)

    assert problem(refused) == (409, "renewal-differs")
    assert [await _read(host, member, key) for key in (other, new)] == [401, 200]


async def test_the_waiting_key_names_the_next(host: StoreHost) -> None:
    """A rotation after one that nobody finished goes on from the newest key; a device that slept meanwhile undoes nothing."""
    member, second, third = await host.member(), generate_p256(), generate_p256()
    await _renew(host, member, second)
    named = await _renew(host, replace(member, reader=second), third)
    asleep = await _renew(host, member, second)
    found = [await _read(host, member, key) for key in (member.reader, second, third, second)]

    assert (named.status_code, problem(asleep), found) == (201, (401, "reader-unknown"), [401, 200, 200, 401])


async def test_two_devices_at_once(host: StoreHost) -> None:
    """Of many devices that name different keys at the same instant one is first; every other is refused."""
    member, keys = await host.member(), [generate_p256() for _ in range(6)]
    answers = await asyncio.gather(*(_renew(host, member, key) for key in keys))
    codes = sorted(answer.status_code for answer in answers)
    read = [await _read(host, member, key) for key in keys]

    assert (codes, sorted(read)) == ([201] + [409] * 5, [200] + [401] * 5)
    assert [answers[at].status_code for at, code in enumerate(read) if code == 200] == [201]


async def test_first_uses_at_once(host: StoreHost) -> None:
    """Of many first uses at the same instant every one is answered, and afterwards the old key is gone."""
    member, new = await host.member(), generate_p256()
    await _renew(host, member, new)
    answers = await asyncio.gather(*([_read(host, member, new) for _ in range(6)] + [_write(host, member, new) for _ in range(3)]))

    assert (answers, await _read(host, member, member.reader)) == ([200] * 9, 401)


async def test_first_uses_that_wait_for_each_other(host: StoreHost) -> None:
    """First uses that meet at the row of the key are all answered, though one of them alone removes the old key."""
    member, new = await host.member(), generate_p256()
    await _renew(host, member, new)
    async with host.held("SELECT FROM reader_key WHERE token = $1 FOR UPDATE", member.token):
        uses = [asyncio.create_task(_read(host, member, new)) for _ in range(4)]
        await host.waiting(4)

    assert (await asyncio.gather(*uses), await _read(host, member, member.reader)) == ([200] * 4, 401)


async def test_a_replayed_first_use(host: StoreHost) -> None:
    """The first use of a new key is accepted once, like every other."""
    member, new, path = await host.member(), generate_p256(), READ[host.store]
    await _renew(host, member, new)
    made = proof.make(new, "GET", ORIGINS[host.store] + path, member.token, b"", host.clock.timestamp())
    first, second = [await host.client.get(path, headers={proof.HEADER: made}) for _ in range(2)]

    assert (first.status_code, problem(second)) == (200, (409, "replayed"))


@pytest.mark.parametrize("lie", ["body", "token", "nonsense", "late"])
async def test_a_key_that_nobody_shows(host: StoreHost, lie: str) -> None:
    """A key is named only together with its own proof of this renewal for this mailbox."""
    member, other, new = await host.member(), await host.member(), generate_p256()
    possession = {
        "body": _possession(host, member.token, new, b"{}"),
        "token": _possession(host, other.token, new),
        "nonsense": "x",
        "late": proof.make(new, "PUT", ORIGINS[host.store] + PATH, member.token, b"", host.clock.timestamp() - 121),
    }[lie]
    refused = await host.as_member(member, "PUT", PATH, RenewReader(possession=possession))

    assert (problem(refused), await _read(host, member, new)) == ((403, "renewal-refused"), 401)


async def test_only_a_reader_key_names_one(host: StoreHost) -> None:
    """Neither a stranger's key nor another member's names a key for this mailbox."""
    member, other, new = await host.member(), await host.member(), generate_p256()
    refused = [await _renew(host, replace(member, reader=key), new) for key in (generate_p256(), other.reader, new)]

    assert {problem(answer) for answer in refused} == {(401, "reader-unknown")}
