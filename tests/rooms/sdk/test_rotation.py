"""A change of keys at any time, and what interrupts it."""

import asyncio
import contextlib

import httpx
import pytest
import warifu
from protocol.jose import p256_from_scalar, thumbprint
from protocol.names import AUTHORITIES, STORES, AuthorityName
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import PROFILE, World
from rooms.sdk.test_session import DAY
from warifu._parts import Opened


def versions(world: World) -> list[int]:
    return [world.authorities[host].account.version for host in AUTHORITIES]


def readers(session: warifu.MemberSession) -> list[list[bytes]]:
    """The thumbprints of the reader keys in the session's bundle, for each store the newest first."""
    bundle = session._keys().settled.held.bundle
    return [[thumbprint(p256_from_scalar(scalar)) for scalar in bundle.readers[store]] for store in STORES]


def known(world: World) -> list[tuple[bytes | None, bytes | None]]:
    """What each store knows: the key that reads, and the one that waits."""
    return [(world.stores[store].mailbox.reader, world.stores[store].mailbox.next_reader) for store in STORES]


async def works(session: warifu.MemberSession) -> bool:
    await session.put_steps([warifu.DaySteps(DAY, 8000)])
    await session.checkups()
    return session.profile == PROFILE


def in_order(world: World, session: warifu.MemberSession) -> bool:
    """One version everywhere, no older salt, and the newest reader keys alone.

    A pending salt without a bundle may wait for its use.
    """
    current = session._keys().settled.held.bundle.v
    oldest = [min(world.authorities[host].account.salts) for host in AUTHORITIES]
    return (versions(world), oldest, known(world)) == (
        [current] * 3,
        [current] * 3,
        [(newest[0], None) for newest in readers(session)],
    )


async def test_a_change_of_keys_renews_shares_and_readers(world: World, sign_in: SignIn) -> None:
    """The next version is current everywhere, fresh reader keys read, the old salts are gone, the session goes on."""
    session = await sign_in()
    before = readers(session)
    await session.change_keys()

    assert (versions(world), in_order(world, session), await works(session)) == ([2, 2, 2], True, True)
    assert [newest[1:] for newest in readers(session)] == before
    assert not {key for keys in before for key in keys} & {key for keys in known(world) for key in keys}


async def test_the_next_change_drops_the_oldest_reader(world: World, sign_in: SignIn) -> None:
    """A bundle holds the newest reader key and the one before it, however often keys are changed."""
    session = await sign_in()
    for _ in range(3):
        await session.change_keys()

    assert ([len(keys) for keys in readers(session)], in_order(world, session)) == ([2, 2], True)


async def test_steps_are_of_one_installation_across_changes(sign_in: SignIn) -> None:
    """A total from before a change of keys can be corrected downwards after it."""
    session = await sign_in()
    await session.put_steps([warifu.DaySteps(DAY, 9000)])
    await session.change_keys()
    await session.put_steps([warifu.DaySteps(DAY, 100)])

    assert [day.steps for day in await session.steps(DAY, DAY)] == [100]


async def _before(world: World, http: httpx.AsyncClient) -> warifu.MemberSession:
    """A device that has signed in; its client ends with the test."""
    client = await warifu.Client(world.deployment, http=http, clock=world.clock).__aenter__()
    session = await client.sign_in(warifu.Group(WalkingAgent(http)))
    world.faults.log.clear()
    return session


@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("only_one", [False, True])
async def test_interrupted_anywhere_a_fresh_device_finishes(acts: bool, only_one: bool) -> None:
    """Whatever request is the last one, or is lost alone, acted on or not: a fresh device opens one version and finishes."""
    whole = World()
    async with whole.http() as http:
        await (await _before(whole, http)).change_keys()
        requests = len(whole.faults.log)
    ends = []
    for at in range(requests):
        world = World()
        async with world.http() as http:
            session = await _before(world, http)
            world.faults.cut_at, world.faults.acts, world.faults.only_one = at, acts, only_one
            with contextlib.suppress(warifu.HostUnavailable):
                await session.change_keys()
            world.faults.cut_at = None
            session._drop()
            fresh = await _before(world, http)
            ends.append((versions(world)[0] in {1, 2}, in_order(world, fresh), await works(fresh)))

    assert requests > 20
    assert ends == [(True, True, True)] * requests


@pytest.mark.parametrize("acts", [False, True])
async def test_interrupted_anywhere_the_same_session_goes_on(acts: bool) -> None:
    """A request that is lost alone leaves a session that reads and writes, with whichever keys it ends up."""
    whole = World()
    async with whole.http() as http:
        await (await _before(whole, http)).change_keys()
        requests = len(whole.faults.log)
    ends = []
    for at in range(requests):
        world = World()
        async with world.http() as http:
            session = await _before(world, http)
            world.faults.cut_at, world.faults.acts, world.faults.only_one = at, acts, True
            with contextlib.suppress(warifu.HostUnavailable):
                await session.change_keys()
            world.faults.cut_at = None
            ends.append(await works(session))
            session._drop()

    assert ends == [True] * requests


@pytest.mark.parametrize("down", [{"anon-data"}, {"programs"}, {"anon-data", "programs"}])
async def test_a_store_that_is_down_learns_the_newest_reader_later(world: World, sign_in: SignIn, down: set[str]) -> None:
    """Two changes while a store is down: every key that it may know stays in the bundle until the newest is known there."""
    session = await sign_in()
    world.faults.down |= down
    await session.change_keys()
    await session.change_keys()
    kept = [len(keys) for keys in readers(session)]
    world.faults.down.clear()
    fresh = await sign_in()

    assert (session.unclaimed, kept) == (frozenset(down), [3 if store in down else 2 for store in STORES])
    assert (in_order(world, fresh), await works(fresh)) == (True, True)


@pytest.mark.parametrize("down", AUTHORITIES)
async def test_with_an_authority_down_nothing_is_lost(world: World, sign_in: SignIn, down: str) -> None:
    """A change of keys needs all three; without one it fails, and the keys that were go on to work."""
    session = await sign_in()
    world.faults.down.add(down)
    with pytest.raises(warifu.HostUnavailable):
        await session.change_keys()
    world.faults.down.clear()

    assert (await works(session), in_order(world, session)) == (True, True)


async def test_two_devices_that_change_keys_at_once(world: World, sign_in: SignIn) -> None:
    """Both end with keys that read, and everything is in order."""
    first, second = await sign_in(), await sign_in()
    await asyncio.gather(first.change_keys(), second.change_keys())

    assert (await works(first), await works(second)) == (True, True)
    assert in_order(world, second)


async def test_an_open_session_follows_a_change_on_another_device(world: World, sign_in: SignIn) -> None:
    """When another device has changed the keys, the store refuses the old one, and the session takes up the new."""
    first, second = await sign_in(), await sign_in()
    await second.change_keys()
    await second.change_keys()

    assert (await works(first), in_order(world, first)) == (True, True)


async def test_a_device_that_signs_in_meanwhile_adopts_the_bundle_of_the_first(world: World, sign_in: SignIn) -> None:
    """A bundle is inserted once: a change that finds one goes on with it, and with its reader keys."""
    first, second = await sign_in(), await sign_in()
    seen: list[bytes] = []
    put = type(first._keys().authorities).put_bundle

    async def late(version: int, sealed: bytes) -> bool:
        await second.change_keys()
        seen.append(world.authorities["keyvault"].bundles[version])
        return await put(first._keys().authorities, version, sealed)

    first._keys().authorities.put_bundle = late  # type: ignore[method-assign]
    await first.change_keys()

    assert world.authorities["keyvault"].bundles[2] == seen[0]
    assert (versions(world), in_order(world, first), await works(second)) == ([2, 2, 2], True, True)


async def test_a_device_that_was_overtaken_by_two_versions_begins_anew(world: World, sign_in: SignIn) -> None:
    """Another device changes the keys twice between its release and its pending salts: no version fits any more."""
    first, second = await sign_in(), await sign_in()
    authorities = first._keys().authorities
    pending, overtaken = authorities.pending, [True]

    async def late(host: AuthorityName, version: int) -> Opened:
        if overtaken and overtaken.pop():
            await second.change_keys()
            await second.change_keys()
        return await pending(host, version)

    authorities.pending = late  # type: ignore[method-assign]
    await first.change_keys()

    assert (versions(world), in_order(world, first), await works(second)) == ([4, 4, 4], True, True)


async def test_log_off_everywhere_ends_all_sessions(world: World, sign_in: SignIn) -> None:
    """All authorities end the sessions of all devices, the gateway last."""
    first, second = await sign_in(), await sign_in()
    await first.change_keys()
    world.faults.slow |= {"keyvault", "identity"}
    await first.log_off_everywhere()
    with pytest.raises(warifu.SessionEnded):
        await second.change_keys()

    assert [line for line in world.faults.done if line.endswith("/sessions")][-1] == "gateway DELETE /sessions"
    assert [len(world.authorities[host].ended) for host in AUTHORITIES] == [2, 2, 2]


async def test_an_old_session_reads_nothing_after_both(sign_in: SignIn) -> None:
    """Keys that another session copied before neither read at the stores nor come anew."""
    first, second = await sign_in(), await sign_in()
    await first.change_keys()
    await first.log_off_everywhere()
    with pytest.raises(warifu.SessionEnded):
        await second.checkups()
    third = await sign_in()

    assert await works(third)
