"""The record: updates taken in at sign-in, and wishes."""

import pytest
import warifu
from protocol.messages.profiles import PADDED_BYTES, ProfileFields, update_info, wish_info
from protocol.record import open_profile
from protocol.sealing import XWingPrivateKey
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import PROFILE, World

MOVED = {"postcode": "100-0001", "address": "架空県架空市1-1"}
WHOLE = PROFILE.model_copy(update={"name": "架空 花子（新）", "site": "本社"})


def _update(world: World, **fields: str) -> bytes:
    info = update_info(world.authorities["identity"].account.ref)
    return ProfileFields(**fields).seal(world.seeds["anon-data"].mailbox_key.public_bytes, info)


def _stored(world: World, session: warifu.MemberSession) -> object:
    identity = world.authorities["identity"]
    assert identity.record
    key = session._keys().settled.held.bundle.record_key
    return open_profile(identity.record, key, identity.account.ref, identity.record_version)


async def test_updates_are_taken_in_at_sign_in(world: World, sign_in: SignIn) -> None:
    """First the whole one, then the partial one: both show at once, stand in the stored record, and are settled."""
    world.authorities["identity"].updates = [_update(world, **WHOLE.model_dump()), _update(world, **MOVED)]
    session = await sign_in()
    expected = WHOLE.model_copy(update=MOVED)

    assert (session.profile, _stored(world, session)) == (expected, expected)
    assert (world.authorities["identity"].record_version, world.authorities["identity"].updates) == (1, [])
    assert (await sign_in()).profile == expected


async def test_a_partial_update_leaves_the_rest(world: World, sign_in: SignIn) -> None:
    """Fields that an update does not name stay."""
    world.authorities["identity"].updates = [_update(world, telephone="03-0000-0000")]

    assert (await sign_in()).profile == PROFILE.model_copy(update={"telephone": "03-0000-0000"})


async def test_without_an_update_nothing_is_written(world: World, sign_in: SignIn) -> None:
    """The record is not sealed anew for nothing."""
    await sign_in()

    assert not [line for line in world.faults.log if line.endswith("PUT /record")]


async def test_another_device_that_was_faster_is_no_error(world: World, sign_in: SignIn) -> None:
    """The same update taken in on two devices: the one that comes second shows it and goes on."""
    identity = world.authorities["identity"]
    identity.updates = [_update(world, **MOVED)]
    identity.record_version = 0
    world.faults.refusals["/record"] = (409, "version-refused")
    session = await sign_in()

    assert (session.profile.address, identity.record_version) == (MOVED["address"], 0)


async def test_a_record_that_cannot_be_stored_is_taken_in_again(world: World, sign_in: SignIn) -> None:
    """When identity fails in between, the next sign-in does it."""
    world.authorities["identity"].updates = [_update(world, **MOVED)]
    world.faults.down_paths.add("/record")
    first = await sign_in()
    world.faults.down_paths.clear()
    second = await sign_in()

    assert (first.profile, world.authorities["identity"].record_version) == (second.profile, 1)


async def test_an_update_of_somebody_else_is_an_alarm(world: World, sign_in: SignIn) -> None:
    """What is not sealed to this member's mailbox key and reference does not enter the record."""
    info = update_info(world.authorities["identity"].account.ref)
    world.authorities["identity"].updates = [ProfileFields(**MOVED).seal(XWingPrivateKey.generate().public_bytes, info)]
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await sign_in()

    assert (caught.value.host, caught.value.reason) == ("identity", "an update that does not open")


async def test_an_update_that_does_not_fit_is_shown_and_not_stored(world: World, sign_in: SignIn) -> None:
    """Together with the rest of the record it is longer than the one size of records."""
    world.authorities["identity"].updates = [_update(world, address="x" * (PADDED_BYTES - 40))]
    session = await sign_in()

    assert (len(session.profile.address), world.authorities["identity"].record_version) == (PADDED_BYTES - 40, 0)


async def test_a_wish_is_read_by_the_insurer_alone(world: World, sign_in: SignIn) -> None:
    """Sealed to the insurer's key, for this member's reference."""
    session = await sign_in()
    await session.wish(**MOVED)
    sealed = world.authorities["identity"].wishes[0]
    info = wish_info(world.authorities["identity"].account.ref)

    assert ProfileFields.open(sealed, world.insurer, info) == ProfileFields(**MOVED)


@pytest.mark.parametrize("asked", [{}, {"address": "x" * 3000}])
async def test_a_wish_that_says_nothing_or_too_much_is_refused(world: World, sign_in: SignIn, asked: dict[str, str]) -> None:
    """Nobody is asked."""
    session = await sign_in()
    world.faults.log.clear()
    with pytest.raises(warifu.InputRefused) as caught:
        await session.wish(**asked)

    assert (caught.value.fault, world.faults.log) == ("wish", [])
