"""The daily seal: what a seized authority shows afterwards of who signed in, and that open sessions go on."""

import asyncio
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from chassis.backup import backup
from chassis.seal import SealReport, seal
from chassis.turns import take_turn
from keyvault.app import SERVICE
from protocol.messages.release import Rotate
from protocol.sealing import XWingPrivateKey
from support.authorities import Device, Host, Member, Registrar, problem


@pytest.fixture
async def devices(keyvault: Host) -> list[Device]:
    """Return devices of several members, all released to."""
    members = [Member(keyvault, f"fictional-{n}") for n in range(12)]
    await (await Registrar(keyvault).opened()).enrol(*members)
    devices = [member.device() for member in members]
    for device in devices:
        device.open(await device.release())
    return devices


async def _seal(host: Host) -> SealReport:
    return await seal(host.urls.owner_url, *SERVICE.sealing, now=host.world.now)


async def _rows(host: Host, text: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(host.urls.owner_url)
    try:
        return [tuple(row) for row in await connection.fetch(text)]
    finally:
        await connection.close()


async def test_closed_sessions_name_nobody(devices: list[Device]) -> None:
    """After the seal nothing tells whose a closed session was, and nothing counts anybody's releases."""
    host = devices[0].host
    for device in devices:
        await device.call("DELETE", "/session")
    counted = len(await _rows(host, "SELECT ref FROM release_count"))
    await _seal(host)
    named = await _rows(host, "SELECT ref FROM release_count UNION ALL SELECT ref FROM release_session WHERE ref IS NOT NULL")

    assert (counted, named) == (len(devices), [])


async def test_open_sessions_in_nobodys_order(devices: list[Device]) -> None:
    """What is still open was written by one transaction, in another order than that in which members came."""
    host = devices[0].host
    before = await _rows(host, "SELECT sid FROM release_session ORDER BY ctid")
    nonces = await _rows(host, "SELECT id FROM evidence_nonce ORDER BY ctid")
    await _seal(host)
    after = await _rows(host, "SELECT sid FROM release_session ORDER BY ctid")
    nonces_after = await _rows(host, "SELECT id FROM evidence_nonce ORDER BY ctid")
    writers = await _rows(
        host,
        "SELECT xmin::text FROM release_session UNION SELECT xmin::text FROM evidence_nonce UNION SELECT xmin::text FROM account",
    )

    assert before == [(device.sid,) for device in devices]
    assert (after != before, sorted(after) == sorted(before)) == (True, True)
    assert (nonces_after != nonces, sorted(nonces_after) == sorted(nonces)) == (True, True)
    assert len(writers) == 1


async def test_open_sessions_go_on(devices: list[Device]) -> None:
    """A session that was open is answered as before, an ended one stays ended, and used evidence stays used."""
    ended, open_, other = devices[:3]
    await ended.call("DELETE", "/session")
    request = open_.request()
    fresh = open_.member.device()
    fresh.hpke, fresh.key, fresh.jkt = open_.hpke, open_.key, open_.jkt
    first = fresh.open(await fresh.release(request))
    await _seal(open_.host)
    again = fresh.open(await fresh.release(request))
    rotated = await other.call("POST", "/rotation", Rotate(v=1))
    refused = await ended.release()
    replayed = await open_.release(request, token=open_.token(sid=bytes(16)))

    assert again[1] == first[1]
    assert rotated.status_code == 200
    assert problem(refused) == (401, "session-ended")
    assert problem(replayed) == (409, "evidence-replayed")


async def test_cap_after_a_seal(devices: list[Device]) -> None:
    """Releases are counted anew after a seal, and the old counter is not needed at the next midnight."""
    device = devices[0]
    await _seal(device.host)
    answers = [await device.member.device().release() for _ in range(2)]
    counted = await _rows(device.host, "SELECT n FROM release_count")
    device.world.clock.advance(timedelta(days=1))
    answers.append(await device.member.device().release())

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert counted == [(2,)]


async def test_what_is_over_goes(devices: list[Device]) -> None:
    """Sessions and used evidence whose time is over are not written anew, whether the purge came by or not."""
    host = devices[0].host
    await devices[0].call("DELETE", "/session")
    host.world.clock.advance(timedelta(hours=8, minutes=1))
    fresh = devices[1].member.device()
    assert (await fresh.release()).status_code == 200
    await _seal(host)
    left = await _rows(host, "SELECT sid FROM release_session WHERE NOT ended")
    nonces = await _rows(host, "SELECT count(*) FROM evidence_nonce")

    assert (left, nonces) == ([(fresh.sid,)], [(1,)])


async def test_a_backup_waits_for_its_turn(devices: list[Device], tmp_path: Path) -> None:
    """A backup, which sees one instant, begins when no seal is under way: it would find the tables empty that a seal made since."""
    host, key = devices[0].host, XWingPrivateKey.generate()
    sealing = await asyncpg.connect(host.urls.owner_url)
    try:
        await take_turn(sealing)
        made = asyncio.create_task(backup(host.urls.owner_url, SERVICE, key.public_bytes, tmp_path / "backup"))
        while not await _rows(host, "SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"):
            assert not made.done()
            await asyncio.sleep(0.01)
    finally:
        await sealing.close()

    assert await made > 0
