"""What a session can do, and how it ends."""

import asyncio
import json
from datetime import date
from decimal import Decimal

import pytest
import warifu
from protocol.encoding import lp, pad
from protocol.messages.records import Checkup, Item, Observation
from protocol.names import AUTHORITIES
from protocol.sealing import seal_xwing
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World

DAY = date(2026, 4, 1)
WEIGHT = Item(code="9N001000000000001", name="body-height", display="身長", kind="quantity", unit="cm")
CHECKUP = Checkup(
    exam_date=DAY,
    fiscal_year=2026,
    program="010",
    age=46,
    observations=(Observation(item=WEIGHT.code, value=Decimal("160.5"), flag="N"),),
)


def with_details(world: World, content: object) -> Checkup:
    """Return the checkup with details as the registrar seals them."""
    seed = world.seeds["anon-data"]
    info = lp("checkup-details", seed.token, "2026-04-01", "010")
    plaintext = pad(json.dumps(content, ensure_ascii=False).encode(), 1024)
    return CHECKUP.model_copy(update={"details": seal_xwing(seed.mailbox_key.public_bytes, plaintext, info)})


async def test_checkups_come_as_stored(world: World, sign_in: SignIn) -> None:
    """A checkup reads as the insurer wrote it, with the code table entries it uses."""
    world.stores["anon-data"].mailbox.checkups.append(CHECKUP)
    world.stores["anon-data"].mailbox.items.append(WEIGHT)
    found = await (await sign_in()).checkups()

    assert (found.checkups, found.items) == ((CHECKUP,), (WEIGHT,))


async def test_details_open_with_the_mailbox_key(world: World, sign_in: SignIn) -> None:
    """What the registrar sealed to the mailbox opens for its own token, date and programme."""
    sealed = with_details(world, {"institution": "架空健診センター"})
    session = await sign_in()

    assert session.details(sealed) == {"institution": "架空健診センター"}
    assert session.details(CHECKUP) == {}


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"a":1,"a":2}', b"[" * 2_000, b'"\xff"'])
async def test_details_that_are_no_object_do_not_open(world: World, sign_in: SignIn, content: bytes) -> None:
    """Whatever a host stored under the member's public key, the alarm is the only error."""
    seed = world.seeds["anon-data"]
    info = lp("checkup-details", seed.token, "2026-04-01", "010")
    sealed = seal_xwing(seed.mailbox_key.public_bytes, pad(content, 4096), info)
    session = await sign_in()
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        session.details(CHECKUP.model_copy(update={"details": sealed}))

    assert caught.value.reason == "details that do not open"


async def test_details_of_another_checkup_do_not_open(world: World, sign_in: SignIn) -> None:
    """Details moved to another day are an alarm."""
    seed = world.seeds["anon-data"]
    info = lp("checkup-details", seed.token, "2025-04-01", "010")
    sealed = seal_xwing(seed.mailbox_key.public_bytes, pad(b"{}", 1024), info)
    session = await sign_in()
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        session.details(CHECKUP.model_copy(update={"details": sealed}))

    assert caught.value.host == "anon-data"


async def test_vitals_replace_those_of_another_session(sign_in: SignIn) -> None:
    """A later value of a day wins, also when another session wrote the earlier one."""
    first = await sign_in()
    await first.put_vitals([warifu.Measurement(DAY, "body-weight", Decimal("62.5"))])
    second = await sign_in()
    results = await second.put_vitals([warifu.Measurement(DAY, "body-weight", Decimal("61.0"))])
    found = await second.vitals(DAY, DAY)

    assert [result.result for result in results] == ["applied"]
    assert [(vital.kind, vital.value, vital.unit) for vital in found] == [("body-weight", Decimal("61.0"), "kg")]


async def test_many_vitals_go_in_several_calls(world: World, sign_in: SignIn) -> None:
    """More than 200 values are sent in calls of at most 200, each with a counter of its own."""
    session = await sign_in()
    days = [date.fromordinal(DAY.toordinal() + at) for at in range(201)]
    results = await session.put_vitals(warifu.Measurement(day, "systolic", Decimal(120)) for day in days)

    assert {result.result for result in results} == {"applied"}
    assert len({vital.seq for vital in world.stores["anon-data"].mailbox.vitals.values()}) == 201
    assert world.faults.log.count("anon-data PUT /me/vitals") == 2


async def test_steps_can_be_corrected_downwards(world: World, sign_in: SignIn) -> None:
    """A later total of a day replaces the earlier one, also by less and from another session of the same member."""
    await (await sign_in()).put_steps([warifu.DaySteps(DAY, 8000)])
    session = await sign_in()
    await session.put_steps([warifu.DaySteps(DAY, 5000)])
    found = await session.steps(DAY, DAY)

    assert [(day.day, day.steps) for day in found] == [(DAY, 5000)]
    assert len({install for _, install in world.stores["programs"].mailbox.steps}) == 1


async def test_nothing_to_put_asks_nobody(world: World, sign_in: SignIn) -> None:
    """An empty list is answered without a request."""
    session = await sign_in()
    world.faults.log.clear()

    assert (await session.put_vitals([]), await session.put_steps([]), world.faults.log) == ((), (), [])


async def test_after_log_off_everything_refuses(world: World, sign_in: SignIn) -> None:
    """After log-off no method reads, and all three authorities have ended the session."""
    session = await sign_in()
    await session.log_off()
    refused = []
    for attempt in (
        session.checkups,
        lambda: session.vitals(DAY, DAY),
        lambda: session.steps(DAY, DAY),
        lambda: session.put_vitals([warifu.Measurement(DAY, "systolic", Decimal(120))]),
        lambda: session.put_steps([warifu.DaySteps(DAY, 1)]),
        session.log_off,
    ):
        with pytest.raises(warifu.SessionEnded) as caught:
            await attempt()
        refused.append(type(caught.value))
    with pytest.raises(warifu.SessionEnded):
        _ = session.profile
    with pytest.raises(warifu.SessionEnded):
        session.details(CHECKUP)

    assert refused == [warifu.SessionEnded] * 6
    assert [len(world.authorities[host].ended) for host in AUTHORITIES] == [1, 1, 1]


@pytest.mark.parametrize("down", [["gateway"], ["keyvault"], ["keyvault", "identity"]])
async def test_log_off_names_who_did_not_confirm(world: World, sign_in: SignIn, down: list[str]) -> None:
    """A host that is down does not hide: the keys are gone, and the error names it."""
    session = await sign_in()
    world.faults.down |= set(down)
    with pytest.raises(warifu.LogoffIncomplete) as caught:
        await session.log_off()

    assert (caught.value.hosts, session.ended) == (tuple(down), True)


async def test_a_session_that_ended_elsewhere_counts_as_confirmed(world: World, sign_in: SignIn) -> None:
    """Where the gateway's own logout was faster, log-off is complete."""
    session = await sign_in()
    for host in ("keyvault", "identity"):
        world.authorities[host].ended.add(world.gateway.sessions[next(iter(world.gateway.sessions))].sids[host])
    await session.log_off()

    assert session.ended is True


async def test_leaving_the_context_logs_off(world: World, sign_in: SignIn) -> None:
    """A session used as a context manager ends everywhere when it is left."""
    async with await sign_in() as session:
        await session.checkups()

    assert (session.ended, len(world.authorities["keyvault"].ended)) == (True, 1)


async def test_tokens_are_renewed_before_they_expire(world: World, sign_in: SignIn) -> None:
    """Five minutes later log-off renews all three tokens and is confirmed everywhere."""
    session = await sign_in()
    world.gateway.refreshed.clear()
    world.clock.now += 280
    await session.log_off()

    assert sorted(world.gateway.refreshed) == sorted(AUTHORITIES)


async def test_a_session_ends_when_the_first_authority_says_so(world: World, sign_in: SignIn) -> None:
    """After the earliest expiry of the three parts the keys are dropped."""
    world.authorities["identity"].session_seconds = 600
    session = await sign_in()
    world.clock.now += 600
    with pytest.raises(warifu.SessionEnded):
        await session.checkups()

    assert session.ended is True


async def test_an_authority_that_says_it_is_over_ends_the_session(world: World, sign_in: SignIn) -> None:
    """Ended elsewhere, by log out everywhere or by the insurer: the keys go at the first word of it, and the others are told."""
    session = await sign_in()
    world.authorities["keyvault"].ended.add(world.gateway.sessions[next(iter(world.gateway.sessions))].sids["keyvault"])
    with pytest.raises(warifu.SessionEnded):
        await session.ways()
    ended = session.ended
    await asyncio.sleep(0.1)

    assert (ended, [len(world.authorities[host].ended) for host in AUTHORITIES]) == (True, [1, 1, 1])


async def test_an_idle_session_drops_its_keys_by_itself(world: World, sign_in: SignIn) -> None:
    """Keys go at the end of the session without anybody calling anything, and all three authorities are told."""
    world.authorities["identity"].session_seconds = 1
    session = await sign_in()
    await asyncio.sleep(1.3)

    assert (session.ended, [len(world.authorities[host].ended) for host in AUTHORITIES]) == (True, [1, 1, 1])


async def test_refusals_name_host_and_type_only(world: World, sign_in: SignIn) -> None:
    """A refusing store shows as its host and the problem's slug."""
    session = await sign_in()
    world.stores["anon-data"].mailbox.suspended = True
    with pytest.raises(warifu.HostRefused) as caught:
        await session.checkups()

    assert str(caught.value) == "anon-data refused: mailbox-suspended (403)"


async def test_without_a_record_there_is_no_name(world: World, sign_in: SignIn) -> None:
    """Where identity keeps no record the session opens, and whatever needs the name says so."""
    world.authorities["identity"].record = None
    session = await sign_in()
    said = []
    for look in (lambda: session.statement(2026), session.checkup_views):
        with pytest.raises(warifu.HostRefused) as caught:
            await look()
        said.append(str(caught.value))

    assert said == ["identity refused: no-record (404)"] * 2


async def test_a_mailbox_that_another_key_took_is_an_alarm(world: World, sign_in: SignIn) -> None:
    """When a store suddenly knows another reader key, and no bundle holds it, the session says so."""
    session = await sign_in()
    world.stores["anon-data"].mailbox.reader = bytes(32)
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await session.checkups()

    assert caught.value.host == "anon-data"


async def test_a_store_that_comes_back_is_claimed_in_the_same_session(world: World, sign_in: SignIn) -> None:
    """A store that was down at the first sign-in is entered when it is first used."""
    world.faults.down.add("programs")
    session = await sign_in()
    world.faults.down.clear()
    await session.put_steps([warifu.DaySteps(DAY, 8000)])

    assert (session.unclaimed, world.stores["programs"].mailbox.reader is not None) == (frozenset(), True)
