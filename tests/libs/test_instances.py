"""Two instances of a service on one database: what may happen once happens once, and what is counted is counted exactly."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from anon_data.app import SERVICE as ANON_DATA
from chassis.service import Service
from keyvault.app import SERVICE as KEYVAULT
from programs.app import SERVICE as PROGRAMS
from protocol import proof
from protocol.jose import generate_p256
from protocol.messages.mailbox import OpenMailboxes, RenewReader
from support.authorities import Device, Host, Registrar, World, running
from support.authorities import Member as Enrolled
from support.authority_fixtures import world as world  # noqa: PLC0414  # a fixture, handed on
from support.postgres import ThrowawayCluster
from support.serving import beside
from support.store_host import ORIGINS, Member, StoreHost, store_host

ROUNDS = 12
CAP, QUOTA = 3, 5
READ = {"anon-data": "/me/checkups", "programs": "/me/step-days?since=2026-11-01&until=2026-11-20"}
STORES: list[Service[Any]] = [ANON_DATA, PROGRAMS]
Pair = tuple[StoreHost, StoreHost]


@pytest.fixture(params=STORES, ids=lambda service: service.name)
async def stores(request: pytest.FixtureRequest, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[Pair]:
    """Run two instances of a store."""
    async with store_host(request.param, cluster, tmp_path) as first, beside(first.app) as (app, client):
        yield first, replace(first, app=app, client=client)


@pytest.fixture
async def keyvaults(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[tuple[Host, Host]]:
    """Run two instances of an authority that releases three times a day to a member."""
    extra = f"releases_per_day = {CAP}"
    async with running(world, KEYVAULT, cluster, tmp_path, extra) as first, beside(first.app) as (app, client):
        yield first, replace(first, app=app, client=client)


def _counts(answers: Sequence[httpx.Response]) -> Counter[Any]:
    return Counter(answer.json()["type"] if answer.status_code >= 400 else answer.status_code for answer in answers)


async def _member(pair: Pair) -> Member:
    """Enrol at one instance somebody whom the other knows at once."""
    member = Member.new(pair[0].store)
    await pair[0].enrol([member])
    return member


async def _enrolled(pair: tuple[Host, Host]) -> Enrolled:
    """Enrol somebody at one instance."""
    member = Enrolled(pair[0])
    answer = await (await Registrar(pair[0]).opened()).enrol(member)
    assert answer.status_code == 200, answer.text
    return member


def _devices(pair: tuple[Host, Host], member: Enrolled) -> list[Device]:
    """Return devices with sessions of their own, in turn at both instances."""
    return [replace(member, host=pair[at % 2]).device() for at in range(ROUNDS)]


async def test_a_reader_proof_is_accepted_once(stores: Pair) -> None:
    """One signed request that reaches both instances at once, many times over, is answered once."""
    member, path = await _member(stores), READ[stores[0].store]
    made = proof.make(member.reader, "GET", ORIGINS[stores[0].store] + path, member.token, b"", stores[0].clock.timestamp())
    answers = await asyncio.gather(*(stores[at % 2].client.get(path, headers={proof.HEADER: made}) for at in range(ROUNDS)))

    assert _counts(answers) == {200: 1, "replayed": ROUNDS - 1}


async def test_a_mailbox_is_claimed_once(stores: Pair) -> None:
    """Of many keys that claim one mailbox at both instances at once one gets it, and it alone reads at both."""
    member = Member.new(stores[0].store)
    await stores[0].enrol([member], claim=False)
    rivals = [replace(member, reader=generate_p256()) for _ in range(ROUNDS)]
    claims = (stores[at % 2].as_member(one, "POST", "/claims", one.claim()) for at, one in enumerate(rivals))
    answers = await asyncio.gather(*claims)
    read = [[(await host.as_member(one, "GET", READ[host.store])).status_code for host in stores] for one in rivals]

    assert _counts(answers) == {201: 1, "claimed-by-another": ROUNDS - 1}
    assert sorted(read) == [[200, 200]] + [[401, 401]] * (ROUNDS - 1)


async def test_a_reader_key_is_renewed_once(stores: Pair) -> None:
    """Devices that name different keys at both instances at once: one key waits, and its first use ends the old one at both."""
    member, keys = await _member(stores), [generate_p256() for _ in range(ROUNDS)]
    path, now = "/me/reader-key", stores[0].clock.timestamp()
    shown = [proof.make(key, "PUT", ORIGINS[stores[0].store] + path, member.token, b"", now) for key in keys]
    answers = await asyncio.gather(
        *(stores[at % 2].as_member(member, "PUT", path, RenewReader(possession=one)) for at, one in enumerate(shown))
    )
    new = replace(member, reader=keys[next(at for at, answer in enumerate(answers) if answer.status_code == 201)])
    uses = [stores[at % 2].as_member(new, "GET", READ[new.seed.store]) for at in range(ROUNDS)]
    used = [answer.status_code for answer in await asyncio.gather(*uses)]
    late = [(await host.as_member(member, "GET", READ[host.store])).status_code for host in stores]

    assert _counts(answers) == {201: 1, "renewal-differs": ROUNDS - 1}
    assert (used, late) == ([200] * ROUNDS, [401, 401])


async def test_a_windows_quota_is_exact(stores: Pair) -> None:
    """Calls in one window at both instances at once are answered as often as the officers allowed."""
    first, second = stores
    window = await first.open_window("enrol", {"mailbox": QUOTA})
    first.windows["enrol"] = second.windows["enrol"] = window
    rows = [Member.new(first.store).mailbox() for _ in range(ROUNDS)]
    calls = [stores[at % 2].as_registrar("enrol", "POST", "/mailboxes", OpenMailboxes(rows=(row,))) for at, row in enumerate(rows)]
    answers = await asyncio.gather(*calls)

    assert _counts(answers) == {200: QUOTA, "quota-exceeded": ROUNDS - QUOTA}
    assert (await first.rows("SELECT count(*) FROM mailbox"))[0][0] == QUOTA
    assert [tuple(row) for row in await first.rows("SELECT quota, used FROM window_quota")] == [(QUOTA, QUOTA)]


async def test_a_window_opened_at_one_is_open_at_both(stores: Pair) -> None:
    """A registrar's proof is accepted once, whichever instance it reaches."""
    first, second = stores
    window = await first.open_window("enrol", {"mailbox": ROUNDS})
    body = OpenMailboxes(rows=(Member.new(first.store).mailbox(),)).model_dump_json().encode()
    url, now = ORIGINS[first.store] + "/mailboxes", first.clock.timestamp()
    headers = {proof.HEADER: proof.make(first.request_key, "POST", url, window, body, now), "Content-Type": "application/json"}
    both = [first, second] * (ROUNDS // 2)
    answers = await asyncio.gather(*(host.client.post("/mailboxes", content=body, headers=headers) for host in both))

    assert _counts(answers) == {200: 1, "replayed": ROUNDS - 1}


async def test_a_dpop_proof_is_accepted_once(keyvaults: tuple[Host, Host]) -> None:
    """One request of a session that reaches both instances at once, many times over, is answered once."""
    device = (await _enrolled(keyvaults)).device()
    request = device.request()
    assert (await device.release(request)).status_code == 200
    headers, body = device.headers("POST", "/release"), request.model_dump_json()
    both = [*keyvaults] * (ROUNDS // 2)
    answers = await asyncio.gather(*(host.client.post("/release", content=body, headers=headers) for host in both))

    assert [count for kind, count in _counts(answers).items() if kind == 200] == [1]
    assert {answer.status_code for answer in answers} == {200, 401}


async def test_an_evidence_counts_once(keyvaults: tuple[Host, Host]) -> None:
    """Of many sessions that show one evidence at both instances at once one is answered."""
    device = (await _enrolled(keyvaults)).device()
    body, tokens = device.request().model_dump_json(), [device.token(sid=bytes([at]) * 16) for at in range(ROUNDS)]
    answers = await asyncio.gather(
        *(
            keyvaults[at % 2].client.post("/release", content=body, headers=device.headers("POST", "/release", token=token))
            for at, token in enumerate(tokens)
        )
    )

    assert _counts(answers) == {200: 1, "evidence-replayed": ROUNDS - 1}


async def test_a_release_cap_is_exact(keyvaults: tuple[Host, Host]) -> None:
    """Many sessions of one member at both instances at once are released to as often as a day allows."""
    devices = _devices(keyvaults, await _enrolled(keyvaults))
    answers = await asyncio.gather(*(device.release() for device in devices))

    assert _counts(answers) == {200: CAP, "release-cap": ROUNDS - CAP}
