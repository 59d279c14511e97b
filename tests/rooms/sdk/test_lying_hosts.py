"""Answers that are well formed, and signed where they must be, and not true."""

import secrets
from typing import Any

import pytest
import warifu
from protocol.encoding import b64u, sha256
from protocol.messages.profiles import ProfileFields, update_info
from protocol.names import AUTHORITIES, STORES, AuthorityName, StoreName
from protocol.release import VersionedShare
from protocol.rotation import sign_receipt
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.fault import Lie
from rooms.sdk.model.world import World
from rooms.sdk.test_rotation import versions


def saying(**facts: Any) -> Lie:
    """Say this instead of what is true, and nothing where it is None."""
    return lambda true: {name: said for name, said in {**true, **facts}.items() if said is not None}


async def alarm(sign_in: SignIn) -> tuple[str, str]:
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await sign_in()
    return caught.value.host, caught.value.reason


@pytest.mark.parametrize("host", AUTHORITIES)
@pytest.mark.parametrize("fact", ["host", "ref", "sid"])
async def test_a_part_of_somebody_else(world: World, sign_in: SignIn, host: AuthorityName, fact: str) -> None:
    """An authority that signs another host's, member's or session's part gives nothing."""
    other = "keyvault" if host == "gateway" else "gateway"
    world.authorities[host].names[fact] = other if fact == "host" else secrets.token_bytes(16)

    assert await alarm(sign_in) == (host, "a part of another host, member or session")
    assert versions(world) == [0, 0, 0]


@pytest.mark.parametrize("host", AUTHORITIES)
@pytest.mark.parametrize("given", [(), (1,), (0, 2)])
async def test_shares_that_do_not_follow(world: World, sign_in: SignIn, host: AuthorityName, given: tuple[int, ...]) -> None:
    """A part holds the current share and at most the one after it."""
    world.authorities[host].gives["shares"] = tuple(VersionedShare(v=v, share=secrets.token_bytes(32)) for v in given)

    assert await alarm(sign_in) == (host, "a part without its current share")


@pytest.mark.parametrize("host", AUTHORITIES)
async def test_no_pending_share(world: World, sign_in: SignIn, host: AuthorityName) -> None:
    """An authority that gives the current share alone, asked for the next one, stops the rotation before a bundle is made."""
    authority = world.authorities[host]
    share = authority.keys.share(authority.account.salts[0], authority.account.ref, 0)
    authority.gives["shares"] = (VersionedShare(v=0, share=share),)

    assert await alarm(sign_in) == (host, "no pending share")
    assert set(world.authorities["keyvault"].bundles) == {0}


@pytest.mark.parametrize(
    "lacking", [{"readers": {}}, {"readers": {"anon-data": (bytes(32),), "programs": ()}}, {"mailbox": None}, {"log": None}]
)
async def test_a_bundle_without_its_keys(world: World, sign_in: SignIn, lacking: dict[str, object]) -> None:
    """From version 1 on a bundle that lacks a key opens no session, though the member's own key sealed it."""
    held = (await sign_in())._keys().settled.held
    sealed = held.bundle.model_copy(update=lacking).seal(held.joined.member_key(1), held.joined.parts["keyvault"].ref)
    world.authorities["keyvault"].bundles[1] = sealed

    assert await alarm(sign_in) == ("keyvault", "a bundle without its keys")


async def test_a_bundle_of_another_version(world: World, sign_in: SignIn) -> None:
    """What the keyvault calls another version than it was asked for is not committed."""
    world.faults.lies["keyvault GET /bundles/1"] = saying(v=2)

    assert await alarm(sign_in) == ("keyvault", "a bundle of another version")
    assert versions(world) == [0, 0, 0]


@pytest.mark.parametrize("of", ["version", "bundle", "signature"])
async def test_a_receipt_for_something_else(world: World, sign_in: SignIn, of: str) -> None:
    """Nothing is committed unless the keyvault signs that it stores exactly this bundle, as this version."""

    def lie(true: dict[str, Any]) -> dict[str, Any]:
        (session,) = world.gateway.sessions.values()
        signed = sign_receipt(world.keys["keyvault"].signing, session.jkt, 1, b"another")
        facts: dict[str, dict[str, Any]] = {
            "version": {"v": 2},
            "bundle": {"bundle_hash": b64u(sha256(b"another")), "receipt": b64u(signed)},
            "signature": {"receipt": b64u(signed)},
        }
        return {**true, **facts[of]}

    world.faults.lies["keyvault POST /bundles/1/receipt"] = lie
    said = "a receipt that does not verify" if of == "signature" else "a receipt for another bundle"

    assert await alarm(sign_in) == ("keyvault", said)
    assert versions(world) == [0, 0, 0]


@pytest.mark.parametrize("store", STORES)
async def test_a_mailbox_of_another_token_key(world: World, sign_in: SignIn, store: StoreName) -> None:
    """A store that does not accept the claim key of the member's own seed stops the first sign-in."""
    world.stores[store].mailbox.claim_key = bytes(32)

    assert await alarm(sign_in) == (store, "the mailbox answers to another key")
    assert versions(world) == [0, 0, 0]


@pytest.mark.parametrize("store", STORES)
async def test_another_reader_key_that_waits(world: World, sign_in: SignIn, store: StoreName) -> None:
    """Where somebody else's key is about to take the mailbox over, a change of keys stops and commits nothing."""
    session = await sign_in()
    world.stores[store].mailbox.next_reader = bytes(32)
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await session.change_keys()

    assert (caught.value.host, caught.value.reason) == (store, "another reader key waits")
    assert versions(world) == [1, 1, 1]


@pytest.mark.parametrize("path", ["/rotation/commit", "/verifiers", "/record"])
async def test_a_refusal_of_the_last_steps_is_told(world: World, sign_in: SignIn, path: str) -> None:
    """Only a host that is down is left to the next login; one that says no ends the sign-in, and is not asked again."""
    identity = world.authorities["identity"]
    key = world.seeds["anon-data"].mailbox_key.public_bytes
    identity.updates = [ProfileFields(postcode="100-0001").seal(key, update_info(identity.account.ref))]
    world.faults.refusals[path] = (403, "not-now")
    with pytest.raises(warifu.HostRefused) as caught:
        await sign_in()
    asked = [line for line in world.faults.log if line.startswith("identity") and line.endswith(path)]

    assert (caught.value.type, len(asked), identity.record_version) == ("not-now", 1, 0)


async def test_a_bundle_that_is_refused(world: World, sign_in: SignIn) -> None:
    """Only where another device was first does one go on with what the keyvault has; any other refusal ends it."""
    world.faults.refusals["/bundles/1"] = (403, "not-now")
    with pytest.raises(warifu.HostRefused) as caught:
        await sign_in()

    assert (caught.value.type, "keyvault GET /bundles/1" in world.faults.log) == ("not-now", False)
