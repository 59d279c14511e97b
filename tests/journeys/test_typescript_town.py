"""Members who have the TypeScript SDK alone: orders, consents, views, installations, recoveries, hosts that are down or lie."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from journeys.office import Office, office
from journeys.test_shopping import GOODS, VOUCHER, granted, opened, shop, signed
from journeys.typescript.device import Device, DeviceError, device
from protocol.encoding import b64u
from protocol.messages.exchange import Step
from protocol.names import STORES
from protocol.participation import last_half
from protocol.sealing import XWingPrivateKey
from rooms.registrar.lives import member_with
from rooms.registrar.paperwork import row
from support.postgres import ThrowawayCluster
from support.upstream import listening

PIN = "架空の合言葉"
SHOE, CODE = b64u(bytes(16)), b64u(bytes(15) + b"v")
MEMBERS = range(1, 9)


@pytest.fixture(scope="module")
async def town(cluster: ThrowawayCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Open one town for these tests, each of which has a member of its own; its stores are served as its authorities are."""
    async with office(cluster, tmp_path_factory.mktemp("town")) as opening:
        hosts = opening.hosts
        await opening.take_in(*(row(of, work_id="") for of in MEMBERS))
        await opened(opening)
        async with (
            listening(hosts.apps["anon-data"], hosts.listeners["anon-data"].dup()),
            listening(hosts.apps["programs"], hosts.listeners["programs"].dup()),
        ):
            yield opening


@pytest.fixture
async def phone(town: Office) -> AsyncIterator[Device]:
    async with device(town.folder / "deployment.json") as running:
        yield running


def number(of: int) -> str:
    return f"101:{of}:00"


async def test_from_steps_to_a_parcel(town: Office, phone: Device) -> None:
    """Goods go to an address that the supplier alone opens, a code comes back that the member alone opens."""
    await phone.call("signIn", {"code": await town.letter(number(1))})
    home = await phone.call("profile")
    days = [(town.clock.now().date() - timedelta(days=ago)).isoformat() for ago in range(1, 5)]
    await phone.call("putSteps", [{"day": day, "steps": 9000} for day in days])
    await granted(town, 4)
    catalogue = await phone.call("catalogue")
    async with shop(town) as supplier:
        goods = await phone.call("order", [[SHOE, 2]])
        voucher = await phone.call("order", [[CODE, 1]])
        (parcel,) = [one for one in await supplier.orders() if one.kind == "goods"]
        (waiting,) = [one for one in await supplier.orders() if one.kind == "voucher"]
        to = supplier.address(parcel)
        await supplier.move(parcel, Step(to="accepted"))
        elsewhere = {"name": home["name"], "postal_code": "000-0000", "address": "架空県別町"}
        await phone.call("sendElsewhere", goods["order"]["id"], elsewhere)
        moved = supplier.address(await supplier.order(parcel.id))
        await supplier.deliver_code(await supplier.move(waiting, Step(to="accepted")), "CODE-0001")
    orders = await phone.call("orders")

    assert sorted(one["points"] for one in catalogue) == sorted((GOODS.points, VOUCHER.points))
    assert (to.name, to.address, moved.address) == (home["name"], home["address"], "架空県別町")
    assert {one["order"]["id"]: one["code"] for one in orders} == {goods["order"]["id"]: None, voucher["order"]["id"]: "CODE-0001"}
    assert (await phone.call("points"))["posted"] == 1000 - 2 * GOODS.points - VOUCHER.points


async def test_what_a_member_decides(town: Office, phone: Device) -> None:
    """Consents are given to texts that were shown; a view reads without signing in, and ends with the member's keys."""
    await phone.call("signIn", {"code": await town.letter(number(2))})
    (household,) = [one for one in await phone.call("consentTexts") if one["purpose"] == "household"]
    until = (town.today + timedelta(days=20)).isoformat()
    with pytest.raises(DeviceError, match="HostRefused") as refused:
        await phone.call("giveView", ["checkups"], PIN, until)
    await phone.call("giveConsent", household)
    code = await phone.call("giveView", ["checkups"], PIN, until)
    seen = await phone.call("viewed", code, PIN)
    with pytest.raises(DeviceError, match="HostRefused"):
        await phone.call("viewed", code, "1234567")
    given = await phone.call("views")
    await phone.call("changeKeys")
    with pytest.raises(DeviceError, match="HostRefused"):
        await phone.call("viewed", code, PIN)
    await phone.call("withdrawConsent", "household")
    decided = {one["purpose"]: one["standing"] for one in await phone.call("consents")}

    assert refused.value.said["type"] == "consent-missing"
    assert (seen["checkups"], [one["until"] for one in given], decided["household"]) == ([], [until], False)
    assert [await phone.call(name) for name in ("messages", "contests", "ownContests", "challenges")] == [[], [], [], []]


async def test_a_level_is_told_once(town: Office, phone: Device) -> None:
    """Only by consent, once a half-year, and in no session that changed anything at programs."""
    letter = await town.letter(number(8))
    await phone.call("signIn", {"code": letter})
    unasked = await phone.call("tellParticipation")
    (analysis,) = [one for one in await phone.call("consentTexts") if one["purpose"] == "analysis"]
    await phone.call("giveConsent", analysis)
    await phone.call("putSteps", [{"day": town.today.isoformat(), "steps": 1}])
    walked = await phone.call("tellParticipation")
    await phone.call("logOff")
    await phone.call("signIn", {"code": letter})
    said = [await phone.call("tellParticipation") for _ in range(2)]

    assert (unasked, walked, said) == (False, False, [True, False])
    assert [one["first"] for one in await phone.call("participation")] == [last_half(town.today)[0].isoformat()]


async def test_a_key_that_stays_may_only_append(town: Office, phone: Device) -> None:
    """After log-off an installation still writes steps; revoked in another session it writes no more."""
    letter = await town.letter(number(3))
    day = town.today.isoformat()
    await phone.call("signIn", {"code": letter})
    written = await phone.call("inBackground", [{"day": day, "steps": 1234}])
    await phone.call("signIn", {"code": letter})
    steps = [one["steps"] for one in await phone.call("steps", day, day)]
    (kept,) = await phone.call("installations")
    await phone.call("chooseStepSource", kept)
    source = await phone.call("stepSource")
    await phone.call("revokeInstallation", kept)

    assert ([one["result"] for one in written["results"]], steps, source) == (["applied"], [1234], kept)
    assert await phone.call("installations") == []


async def test_a_mailbox_that_somebody_wants(town: Office, phone: Device) -> None:
    """What waits at the stores is shown after sign-in, and what is refused is not named again."""
    letter = await town.letter(number(4))
    await phone.call("signIn", {"code": letter})
    await phone.call("logOff")
    day = (await town.recover_mailboxes(member_with(town.hosts, 4))).isoformat()
    await phone.call("signIn", {"code": letter})
    before = await phone.call("waiting")
    await phone.call("refuseMailboxRecovery", "programs")
    after = await phone.call("waiting")
    await phone.call("wish", {"telephone": "03-0000-0000"})
    wishes = await town.hosts.count("identity", "profile_wish")

    assert (before, after, wishes) == (dict.fromkeys(STORES, day), {"anon-data": day}, 1)


async def test_a_host_that_is_down_is_named(town: Office, phone: Device) -> None:
    """Keys go all the same; who did not hear of it stands in the farewell."""
    await phone.call("signIn", {"code": await town.letter(number(5))})
    await phone.call("losing", "identity")
    farewell = await phone.call("logOff")

    assert (farewell["confirmed"], farewell["unconfirmed"]) == (["gateway", "keyvault"], ["identity"])


async def test_a_device_that_slept(town: Office, phone: Device) -> None:
    """A clock that jumps by more than half an hour ends the session, as when a laptop was shut."""
    letter = await town.letter(number(7))
    day = town.today.isoformat()
    with pytest.raises(DeviceError, match="EvidenceRefused: access_denied"):
        await phone.call("signIn", {"code": letter, "pin": "123456"})
    with pytest.raises(DeviceError, match="InputRefused"):
        await phone.call("signIn", {"code": letter[:-1]})
    await phone.call("signIn", {"code": letter})
    before = await phone.call("ended")
    await phone.call("jump", 1801)
    after = await phone.call("ended")
    with pytest.raises(DeviceError, match="SessionEnded"):
        await phone.call("vitals", day, day)

    assert (before, after) == (False, True)


async def test_a_host_that_lists_a_supplier_itself(town: Office, phone: Device) -> None:
    """A list that two officers did not sign is an alarm: nothing is reserved, nothing is sealed."""
    before = await town.hosts.count("programs", "exchange_order")
    forged = signed(town, XWingPrivateKey.generate(), signers=1)
    await town.hosts.rows("programs", "TRUNCATE supplier_list CASCADE")
    await town.hosts.rows("programs", "INSERT INTO supplier_list (number, content) VALUES (1, $1)", forged.suppliers)
    for officer, signature in forged.signatures.items():
        await town.hosts.rows("programs", "INSERT INTO supplier_signature VALUES (1, $1, $2)", officer, signature)
    await phone.call("signIn", {"code": await town.letter(number(6))})
    with pytest.raises(DeviceError, match="KeyMaterialRefused"):
        await phone.call("order", [[SHOE, 1]])
    with pytest.raises(DeviceError, match="InputRefused"):
        await phone.call("order", [["nothing-like-that", 1]])

    assert await town.hosts.count("programs", "exchange_order") == before
