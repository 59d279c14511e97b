"""A member whose devices run different SDKs: TypeScript on Node, and Python. Keys come from the bundle, not from a device."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import warifu
from journeys.letters import send_letter
from journeys.typescript.device import Device, DeviceError, device
from local import population
from local.group import DEMO_PASSPHRASE
from local.person import Person
from local.system import System
from protocol.deployment import Deployment
from protocol.encoding import unb64u
from protocol.member import MemberNumber
from protocol.record import Profile
from registrar.importers import Accepted
from registrar.importers.screenings_csv import read as read_screenings
from warifu import archive

NOW = datetime.now().astimezone()
TODAY = datetime.now(UTC).date()
DAY = TODAY.isoformat()
SINCE = TODAY - timedelta(days=730)
PIN = "架空の合言葉"


@pytest.fixture
async def client(system: System) -> AsyncIterator[warifu.Client]:
    async with warifu.Client(Deployment.load(system.deployment_path)) as opened:
        yield opened


@pytest.fixture
async def node(system: System) -> AsyncIterator[Device]:
    async with device(system.deployment_path) as running:
        yield running


async def test_from_a_letter_to_a_card(system: System, client: warifu.Client, node: Device) -> None:
    """First login by letter in TypeScript; a card made there signs the Python device in, and both read what the other wrote."""
    letter = await send_letter(system, 8)
    await node.call("signIn", {"code": letter.text})
    card = await node.call("addCard", {"pin": PIN, "label": "財布", "proving": {"code": letter.text}})
    await node.call("putVitals", [{"day": DAY, "kind": "body-weight", "value": "55.5"}])
    await node.call("putNote", DAY, "架空のメモ")

    async with await client.sign_in(warifu.CodeWay(card["text"], PIN)) as session:
        ways = [(way.kind, way.label, way.confirmed) for way in await session.ways()]
        assert (card["confirmed"], ways) == (True, [("card", "財布", True)])
        assert await node.call("profile") == session.profile.model_dump()
        assert [(one.kind, one.value) for one in await session.vitals(TODAY, TODAY)] == [("body-weight", Decimal("55.5"))]
        assert [one.text for one in await session.notes(TODAY, TODAY)] == ["架空のメモ"]
        await session.put_vitals([warifu.Measurement(TODAY, "systolic", Decimal(118))])
        await session.put_note(TODAY, "端末を替えた")
        await session.change_keys()
    # The Python device changed the keys: the session that is open here follows.
    read = sorted((one["kind"], one["value"]) for one in await node.call("vitals", DAY, DAY))
    notes = [one["text"] for one in await node.call("notes", DAY, DAY)]
    await node.call("logOff")

    assert (read, notes) == ([("body-weight", "55.5"), ("systolic", "118")], ["端末を替えた"])


async def test_a_work_account(system: System, client: warifu.Client) -> None:
    """An employee signs in with the group's provider, reads, and logs off: nothing is left, everybody confirmed."""
    work_id = population.work_ids(system.layout)[30]
    async with Person(work_id, DEMO_PASSPHRASE) as person, device(system.deployment_path, person) as node:
        await node.call("signInAtGroup")
        checkups = await node.call("checkups")
        details = [await node.call("details", at) for at in range(len(checkups["checkups"]))]
        costs = await node.call("costs", SINCE.isoformat(), DAY)
        claims = await node.call("claims", SINCE.isoformat(), DAY)
        medicines = await node.call("medicines", SINCE.isoformat(), DAY)
        statement = await node.call("statement", TODAY.year)
        openings = await node.call("openings", 1000)
        taken = archive.checked(unb64u(await node.call("archive", NOW.isoformat())))
        farewell = await node.call("logOff")
        with pytest.raises(DeviceError, match="SessionEnded"):
            await node.call("checkups")
    async with Person(work_id, DEMO_PASSPHRASE) as person, await client.sign_in(warifu.Group(person)) as session:
        theirs = await session.checkups()
        assert checkups == theirs.model_dump(mode="json", exclude_none=True)
        assert details == [session.details(one) for one in theirs.checkups]
        assert costs == [one.model_dump(mode="json", exclude_none=True) for one in await session.costs(SINCE, TODAY)]
        lines = [
            (one.month.isoformat(), one.own_payment, one.institution.name, len(one.lines))
            for one in await session.claims(SINCE, TODAY)
        ]
        assert [(one["month"], one["ownPayment"], one["institution"]["name"], len(one["lines"])) for one in claims] == lines
        found = [(one.name, None if one.amount is None else one.amount) for one in await session.medicines(SINCE, TODAY)]
        assert [(one["name"], None if one["amount"] is None else Decimal(one["amount"])) for one in medicines] == found
        assert [row["paid"] for row in statement["rows"]] == [row.paid for row in (await session.statement(TODAY.year)).rows]
        seen = [(one.day.isoformat(), one.kind, sorted(one.hosts)) for one in (await session.openings()).openings if not one.own]
        assert sorted((one["day"], one["kind"], sorted(one["hosts"])) for one in openings["openings"]) == sorted(seen)
        assert {one["kind"] for one in openings["openings"] if one["own"]} >= {"release"}
        assert openings["good"]
        ours = archive.checked(await archive.export(session, NOW))
        assert (taken.key, taken.made, taken.files.keys()) == (ours.key, ours.made, ours.files.keys())
        assert {name: content for name, content in taken.files.items() if content != ours.files[name]} == {}
        told = {(str(year.fiscal_year), kind) for year in await session.screenings() for kind in year.kinds}
        assert (told, told == set()) == (_screened(system, session.profile), False)

    assert (farewell["confirmed"], farewell["unconfirmed"]) == (["gateway", "keyvault", "identity"], [])
    assert farewell["erased"] == [
        "own mailbox and log seeds",
        "reader keys",
        "record key",
        "session key",
        "shares",
        "token seeds",
        "tokens and mailbox keys",
    ]


def _screened(system: System, profile: Profile | None) -> set[tuple[str, str]]:
    """Return the fiscal years and screenings that the insurer's table has of somebody."""
    assert profile is not None
    (table,) = (path for path in population.files(system.layout) if path.name == "screenings.csv")
    rows = [one.row for one in read_screenings(table) if isinstance(one, Accepted)]
    insurer, symbol, number, branch = profile.member_number.split(":")
    own = MemberNumber.parse(insurer, symbol, number, branch)
    return {(str(row.fiscal_year), row.kind) for row in rows if row.member == own}


async def test_logs_that_lie(system: System, node: Device) -> None:
    """What one log lacks, does not prove or does not vouch for is told, and so is an authority that is down."""
    letter = await send_letter(system, 9)
    await node.call("signIn", {"code": letter.text})
    first = await node.call("openings", 1000)
    await node.call("changing", "identity", "/log/openings", {"slots": "", "fresh": []})
    hidden = await node.call("openings", 0)
    await node.call("changing", "keyvault", "/log/inclusion", {"paths": [[], []]})
    unproved = await node.call("openings", 0)
    await node.call("changing", None, None, None)
    await node.call("losing", "identity")
    alone = await node.call("openings", 0)

    assert (first["good"], sorted(one["kind"] for one in first["openings"])) == (True, ["release", "rotation"])
    assert ([one["missing"] for one in hidden["openings"]], hidden["good"]) == ([["identity"]] * 2, False)
    assert unproved["alarms"] == [{"host": "keyvault", "trouble": "not-in-log"}]
    assert (alone["unavailable"], alone["good"], alone["alarms"]) == (["identity"], False, [])
