"""The first login, and what interrupts it."""

import asyncio
import contextlib
import secrets

import pytest
import warifu
from protocol.names import AUTHORITIES, STORES, AuthorityName
from protocol.signing import SigningKey
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import PROFILE, World


def _versions(world: World) -> list[int]:
    return [world.authorities[host].account.version for host in AUTHORITIES]


async def test_first_login_rotates_claims_and_commits(world: World, sign_in: SignIn) -> None:
    """The first sign-in leaves version 1 current everywhere and both mailboxes claimed."""
    session = await sign_in()

    assert session.profile == PROFILE
    assert session.unclaimed == frozenset()
    assert _versions(world) == [1, 1, 1]
    assert all(world.stores[store].mailbox.reader for store in STORES)
    assert all(set(world.authorities[host].account.salts) == {1} for host in AUTHORITIES)


async def test_second_login_uses_the_same_readers(world: World, sign_in: SignIn) -> None:
    """A later sign-in opens bundle 1 and repeats the claims with the same keys, without another rotation."""
    await sign_in()
    readers = [world.stores[store].mailbox.reader for store in STORES]
    world.faults.log.clear()
    session = await sign_in()

    assert session.profile == PROFILE
    assert [world.stores[store].mailbox.reader for store in STORES] == readers
    assert not [line for line in world.faults.log if "rotation" in line or "bundles" in line]


async def test_two_devices_at_once_share_one_bundle(world: World, sign_in: SignIn) -> None:
    """When two devices sign in for the first time together, both end with the bundle that the keyvault has."""
    first, second = await asyncio.gather(sign_in(), sign_in())
    await first.checkups()
    await second.checkups()

    assert _versions(world) == [1, 1, 1]
    assert set(world.authorities["keyvault"].bundles) == {0, 1}


async def test_signatures_of_the_next_key() -> None:
    """While next signing keys are pinned, parts and receipts that they signed take a device through its first sign-in."""
    world = World()
    pinned = {}
    for host, authority in world.authorities.items():
        authority.signing = SigningKey(secrets.token_bytes(32))
        known = world.deployment.authorities[host]
        pinned[host] = known.model_copy(update={"signing_next": authority.signing.public_bytes})
    deployment = world.deployment.model_copy(update={"authorities": pinned})
    for authority in world.authorities.values():
        authority.deployment = deployment
    async with world.http() as http, warifu.Client(deployment, http=http, clock=world.clock) as client:
        session = await client.sign_in(WalkingAgent(http))

        assert (session.profile, _versions(world)) == (PROFILE, [1, 1, 1])


@pytest.mark.parametrize("acts", [False, True])
async def test_interrupted_anywhere_the_next_login_finishes(acts: bool) -> None:
    """Whatever request is the last one, acted on or not, the next sign-in ends with everything in place."""
    whole = World()
    async with whole.http() as http, warifu.Client(whole.deployment, http=http, clock=whole.clock) as client:
        await client.sign_in(WalkingAgent(http))
        requests = len(whole.faults.log)
    ends = []
    for at in range(requests):
        world = World()
        world.faults.cut_at, world.faults.acts = at, acts
        async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
            with contextlib.suppress(warifu.HostUnavailable, AssertionError):
                await client.sign_in(WalkingAgent(http))
            world.faults.cut_at = None
            session = await client.sign_in(WalkingAgent(http))
            await session.checkups()
            ends.append((_versions(world), session.unclaimed, session.profile == PROFILE))

    assert ends == [([1, 1, 1], frozenset(), True)] * requests


@pytest.mark.parametrize("asking", [("identity",), AUTHORITIES])
async def test_an_authority_with_a_new_root_is_rotated(world: World, sign_in: SignIn, asking: tuple[AuthorityName, ...]) -> None:
    """One authority that asks is enough: the next sign-in rotates all three, once, and keeps every key of the bundle."""
    await sign_in()
    readers = [world.stores[store].mailbox.reader for store in STORES]
    for host in asking:
        world.authorities[host].renew_below = 2
    sessions = [await sign_in() for _ in range(2)]
    for session in sessions:
        await session.checkups()

    assert _versions(world) == [2, 2, 2]
    assert all(set(world.authorities[host].account.salts) == {2} for host in AUTHORITIES)
    assert [world.stores[store].mailbox.reader for store in STORES] == readers
    assert [session.profile for session in sessions] == [PROFILE, PROFILE]


async def _renewal(cut_at: int | None, *, acts: bool) -> tuple[int, list[int], bool]:
    """Sign in once, renew with an interruption, sign in twice more; return the renewal's requests, and how it ends."""
    world = World()
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        await client.sign_in(WalkingAgent(http))
        world.authorities["gateway"].renew_below = 2
        world.faults.log.clear()
        world.faults.cut_at, world.faults.acts = cut_at, acts
        with contextlib.suppress(warifu.HostUnavailable, AssertionError):
            await client.sign_in(WalkingAgent(http))
        requests = len(world.faults.log)
        world.faults.cut_at = None
        for _ in range(2):
            session = await client.sign_in(WalkingAgent(http))
            await session.checkups()
        return requests, _versions(world), session.profile == PROFILE


@pytest.mark.parametrize("acts", [False, True])
async def test_interrupted_renewal(acts: bool) -> None:
    """Whatever request of a renewal is the last one, acted on or not, sign-ins after it end with the next version everywhere."""
    requests, *whole = await _renewal(None, acts=acts)
    ends = [(await _renewal(at, acts=acts))[1:] for at in range(requests)]

    assert whole == [[2, 2, 2], True]
    assert ends == [([2, 2, 2], True)] * requests


@pytest.mark.parametrize("down", [{"anon-data"}, {"programs"}, {"anon-data", "programs"}])
async def test_a_store_that_is_down_is_claimed_later(world: World, sign_in: SignIn, down: set[str]) -> None:
    """A or P down: the rotation is committed all the same, and the next sign-in claims."""
    world.faults.down |= down
    first = await sign_in()
    world.faults.down.clear()
    second = await sign_in()

    assert (first.unclaimed, second.unclaimed) == (frozenset(down), frozenset())
    assert _versions(world) == [1, 1, 1]
    assert all(world.stores[store].mailbox.reader for store in STORES)


@pytest.mark.parametrize("store", STORES)
async def test_a_mailbox_of_somebody_else_is_an_alarm(world: World, sign_in: SignIn, store: str) -> None:
    """A mailbox that answers to another key stops the first sign-in, and version 0 stays."""
    world.stores[store].mailbox.reader = bytes(32)  # type: ignore[index]
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await sign_in()

    assert caught.value.host == store
    assert _versions(world) == [0, 0, 0]


async def test_a_failed_sign_in_ends_the_session_everywhere(world: World, sign_in: SignIn) -> None:
    """When the sign-in stops with an alarm, no authority keeps the session."""
    world.stores["anon-data"].mailbox.reader = bytes(32)
    with pytest.raises(warifu.KeyMaterialRefused):
        await sign_in()

    assert [len(world.authorities[host].ended) for host in AUTHORITIES] == [1, 1, 1]
