"""What the registrar tells over the years: recoveries, ends of access, erasures, withdrawn letters."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from protocol.code import Code
from protocol.manifest import Purpose
from protocol.messages.enrolment import Enrol
from protocol.messages.life_events import Access, Erase, Erasure, Recover, Recovering, Recovery, SetAccess, Withdraw
from protocol.messages.verifiers import Cancellation, OidcVerifier
from support.authorities import Host, Member, Registrar, problem
from support.ways_in import (
    added,
    by_code,
    card,
    change,
    enrolled_by_letter,
    group,
    letter,
    listed,
    release_by,
    signed_in,
    told,
)

DAY = 24 * 3600
PIN = "fictional-pin"


@pytest.fixture
async def member(keyvault: Host) -> Member:
    """Return an employee who has signed in before."""
    member = Member(keyvault)
    assert (await (await Registrar(keyvault).opened()).enrol(member)).status_code == 200
    await signed_in(member)
    return member


async def window(host: Host, purpose: Purpose, members: Sequence[Member]) -> Registrar:
    """Open a window about these members."""
    return await Registrar(host, purpose, subjects=[one.ref for one in members]).opened()


async def recovering(registrar: Registrar, member: Member, code: Code, **facts: Any) -> httpx.Response:
    """Ask for a recovery by letter."""
    row = Recovery(ref=member.ref, subject=registrar.subject(member.ref), verifiers=(letter(member.host, code, **facts),))
    return await registrar.post("/recoveries", Recover(rows=(row,)))


async def access(registrar: Registrar, member: Member, ends: int | None, work: int | None = None) -> httpx.Response:
    """Set when access ends."""
    row = Access(ref=member.ref, subject=registrar.subject(member.ref), ends=ends, work_account_ends=work)
    return await registrar.post("/access", SetAccess(rows=(row,)))


async def refused(member: Member, way: Any) -> tuple[int, str]:
    """How a release is refused."""
    device = member.device()
    return problem(await device.release(release_by(device, way)))


async def test_a_recovery_takes_effect_after_a_day(member: Member) -> None:
    """Before, the new letter opens nothing; after, it does; asking again does not put it off."""
    code, world = Code.fresh(), member.host.world
    registrar = await window(member.host, "recover", [member])
    said = letter(member.host, code)
    first = await recovering(registrar, member, code, id=said.id, expires=said.expires)
    world.clock.advance(timedelta(minutes=50))
    again = await recovering(registrar, member, code, id=said.id, expires=said.expires)
    world.clock.advance(timedelta(hours=23, minutes=9))
    early = await refused(member, by_code(code))
    world.clock.advance(timedelta(minutes=1))

    assert Recovering.model_validate(first.json()) == Recovering.model_validate(again.json())
    assert early == (403, "evidence-refused")
    await signed_in(member, by_code(code))


async def test_a_recovery_is_seen_and_cancelled(member: Member) -> None:
    """Whoever still has a way in sees that somebody is recovering the account, and ends it."""
    code = Code.fresh()
    await recovering(await window(member.host, "recover", [member]), member, code)
    device = await signed_in(member)
    waiting = [one for one in (await listed(device)).verifiers if one.not_before]
    assert (await change(device, group, Cancellation(id=waiting[0].id))).status_code == 200
    member.host.world.clock.advance(timedelta(hours=25))

    assert [(one.kind, one.not_before) for one in waiting] == [("letter", member.host.world.now - 25 * 3600 + DAY)]
    assert await refused(member, by_code(code)) == (403, "evidence-refused")


async def test_a_waiting_recovery_proves_nothing(member: Member) -> None:
    """Whoever holds the recovery letter cannot keep the member from cancelling, nor cancel anything."""
    code = Code.fresh()
    await recovering(await window(member.host, "recover", [member]), member, code)
    device = await signed_in(member)
    waiting = next(one for one in (await listed(device)).verifiers if one.not_before)

    assert problem(await change(device, by_code(code), Cancellation(id=waiting.id))) == (403, "evidence-refused")


async def test_a_confirmed_verifier_leaves_a_waiting_recovery(member: Member) -> None:
    """A recovery is cancelled by its member's word, not as a side effect."""
    await recovering(await window(member.host, "recover", [member]), member, Code.fresh())
    device = await signed_in(member)
    await added(device, group, card(member.host, Code.fresh(), PIN))

    assert [one.kind for one in (await listed(device)).verifiers if one.not_before] == ["letter"]


async def test_a_newer_recovery_takes_the_place_of_one_that_waits(member: Member) -> None:
    """A letter that was printed twice opens once."""
    codes = [Code.fresh(), Code.fresh()]
    registrar = await window(member.host, "recover", [member])
    for code in codes:
        assert (await recovering(registrar, member, code)).status_code == 200
    member.host.world.clock.advance(timedelta(days=1))

    assert await refused(member, by_code(codes[0])) == (403, "evidence-refused")
    await signed_in(member, by_code(codes[1]))


async def test_a_recovery_needs_a_listed_member(member: Member) -> None:
    """Officers sign for people: a window for one recovers no other."""
    other = Member(member.host, "fictional-employee-2")
    assert (await (await Registrar(member.host).opened()).enrol(other)).status_code == 200
    registrar = await window(member.host, "recover", [member])
    row = Recovery(ref=other.ref, subject=registrar.subject(member.ref), verifiers=(letter(member.host, Code.fresh()),))

    assert problem(await registrar.post("/recoveries", Recover(rows=(row,))))[1] == "subject-refused"


async def test_access_ends(member: Member) -> None:
    """From the insurer's date on nothing is released, whatever proves it; without a date it is as before."""
    registrar = await window(member.host, "suspend", [member])
    now = member.host.world.now
    assert (await access(registrar, member, now + 3600)).status_code == 204
    before = await signed_in(member)
    member.host.world.clock.advance(timedelta(seconds=3600))
    ended = await refused(member, group)
    registrar = await window(member.host, "suspend", [member])
    assert (await access(registrar, member, None)).status_code == 204

    assert ended == (403, "access-ended")
    assert problem(await before.call("GET", "/verifiers")) == (403, "not-released")
    await signed_in(member)


async def test_open_sessions_end_with_the_access(member: Member) -> None:
    """A death or a leaving that is known at once ends what is open."""
    device = await signed_in(member)
    assert (await access(await window(member.host, "suspend", [member]), member, member.host.world.now)).status_code == 204

    assert problem(await device.call("GET", "/verifiers")) == (401, "session-ended")


async def test_the_work_account_ends(member: Member) -> None:
    """Who retires keeps access by what they added before, not by the group's provider."""
    code = Code.fresh()
    await added(await signed_in(member), group, card(member.host, code, PIN))
    registrar = await window(member.host, "suspend", [member])
    assert (await access(registrar, member, None, member.host.world.now + 60)).status_code == 204
    member.host.world.clock.advance(timedelta(seconds=60))

    assert await refused(member, group) == (403, "evidence-refused")
    await signed_in(member, by_code(code, PIN))


async def guardians_end(child: Member, end: int | None) -> None:
    """Set when guardians' ways in end."""
    registrar = await window(child.host, "suspend", [child])
    row = Access(ref=child.ref, subject=registrar.subject(child.ref), guardians_end=end)
    await told(registrar, "/access", SetAccess(rows=(row,)))


async def test_a_guardians_way_in_ends_early(keyvault: Host) -> None:
    """Who is no guardian any more signs in no longer, by nothing added meanwhile either; before the day it may be taken back."""
    codes, world = [Code.fresh() for _ in range(3)], keyvault.world
    by_card = by_code(codes[1], PIN)
    child = await enrolled_by_letter(keyvault, codes[0], guardian_until=world.now + 300 * DAY)
    await added(await signed_in(child, by_code(codes[0])), by_code(codes[0]), card(keyvault, codes[1], PIN))
    for end in (world.now + 3600, None, world.now + DAY):
        await guardians_end(child, end)
    device = await signed_in(child, by_card)
    await added(device, by_card, card(keyvault, codes[2], PIN))
    world.clock.advance(timedelta(days=1))

    assert [await refused(child, by_code(code, PIN)) for code in codes[1:]] == [(403, "evidence-refused")] * 2


async def test_a_guardianship_that_is_over_stays_over(keyvault: Host) -> None:
    """Sessions end, and neither the letter nor what was added opens anything again; another guardian does, a day later."""
    codes, world = [Code.fresh() for _ in range(4)], keyvault.world
    until = world.now + 300 * DAY
    child = await enrolled_by_letter(keyvault, codes[0], guardian_until=until)
    device = await signed_in(child, by_code(codes[0]))
    await added(device, by_code(codes[0]), card(keyvault, codes[1], PIN))
    for code, ends in ((codes[2], world.now), (codes[3], None)):
        again = await recovering(await window(keyvault, "recover", [child]), child, code, guardian_until=until)
        assert again.status_code == 200
        await guardians_end(child, ends)
    world.clock.advance(timedelta(days=1))
    gone = [await refused(child, by_code(codes[1], PIN)), await refused(child, by_code(codes[2]))]

    assert problem(await device.call("GET", "/verifiers")) == (401, "session-ended")
    assert gone == [(403, "evidence-refused")] * 2
    await signed_in(child, by_code(codes[3]))


async def test_a_new_work_id_lets_the_old_one_go(member: Member) -> None:
    """Once the old one has ended and another is on its way, no later word about the work account brings it back."""
    now = member.host.world.now
    assert (await access(await window(member.host, "suspend", [member]), member, None, now)).status_code == 204
    registrar = await window(member.host, "recover", [member])
    new = OidcVerifier(id=bytes(16), issuer=member.host.world.issuer.origin, value="fictional-new-id")
    row = Recovery(ref=member.ref, subject=registrar.subject(member.ref), verifiers=(new,))
    await told(registrar, "/recoveries", Recover(rows=(row,)))
    assert (await access(await window(member.host, "suspend", [member]), member, None)).status_code == 204

    assert await refused(member, group) == (403, "evidence-refused")


async def test_erased(member: Member) -> None:
    """Nothing that names the member is left, sessions end, and it may be said again."""
    other = Member(member.host, "fictional-employee-2")
    assert (await (await Registrar(member.host).opened()).enrol(other)).status_code == 200
    device = await signed_in(member)
    await added(device, group, card(member.host, Code.fresh(), PIN))
    registrar = await window(member.host, "erase", [member])
    erasing = Erase(rows=(Erasure(ref=member.ref, subject=registrar.subject(member.ref)),))
    answers = [await registrar.post("/erasures", erasing) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert await naming(member) == []
    assert problem(await device.call("GET", "/verifiers"))[0] in {401, 403}
    assert await refused(member, group) == (403, "evidence-refused")
    await signed_in(other)


async def test_a_withdrawn_letter(keyvault: Host) -> None:
    """A letter that went to the wrong address opens nothing from then on; a new one can be printed."""
    codes = [Code.fresh(), Code.fresh()]
    member = await enrolled_by_letter(keyvault, codes[0])
    registrar = await Registrar(keyvault).opened()
    await told(registrar, "/letters/withdrawals", Withdraw(refs=(member.ref,)))
    gone = await refused(member, by_code(codes[0]))
    again = member.row().model_copy(update={"verifiers": (letter(keyvault, codes[1]),)})
    await told(registrar, "/enrolments", Enrol(rows=(again,)))

    assert gone == (403, "evidence-refused")
    await signed_in(member, by_code(codes[1]))


async def test_letters_are_withdrawn_in_order(keyvault: Host) -> None:
    """References that do not ascend, or stand twice, are named, and every letter still opens."""
    codes = [Code.fresh(), Code.fresh()]
    members = [await enrolled_by_letter(keyvault, code) for code in codes]
    first, second = sorted(member.ref for member in members)
    registrar = await Registrar(keyvault).opened()
    orders = [(second, first), (first, first, second)]
    answers = [await registrar.post("/letters/withdrawals", Withdraw(refs=refs)) for refs in orders]

    assert [(problem(answer), answer.json()["rows"]) for answer in answers] == [((400, "rows-refused"), [1])] * 2
    for member, code in zip(members, codes, strict=True):
        await signed_in(member, by_code(code))


async def test_unknown_members(keyvault: Host) -> None:
    """A row about somebody who was never enrolled is named, and nothing of the batch happens."""
    stranger = Member(keyvault)
    registrar = await window(keyvault, "suspend", [stranger])
    answers = [
        await access(registrar, stranger, 0),
        await recovering(await window(keyvault, "recover", [stranger]), stranger, Code.fresh()),
        await (await Registrar(keyvault).opened()).post("/letters/withdrawals", Withdraw(refs=(stranger.ref,))),
    ]

    assert [problem(answer) for answer in answers] == [(404, "reference-unknown")] * 3
    assert [answer.json()["rows"] for answer in answers] == [[0]] * 3


async def test_every_purpose_does_its_own_and_no_more(member: Member) -> None:
    """A window for one purpose does nothing of another."""
    registrar = await Registrar(member.host).opened()
    listed_in = await window(member.host, "erase", [member])
    row = {"ref": member.ref, "subject": listed_in.subject(member.ref)}
    answers = [
        await registrar.post("/erasures", Erase(rows=(Erasure(**row),))),
        await registrar.post("/access", SetAccess(rows=(Access(**row),))),
        await listed_in.post("/access", SetAccess(rows=(Access(**row),))),
        await listed_in.post("/letters/withdrawals", Withdraw(refs=(member.ref,))),
    ]

    assert [problem(answer) for answer in answers] == [(403, "window-purpose")] * 4


async def test_log_out_everywhere(member: Member) -> None:
    """Every session of the member at this host ends, nobody else's."""
    other = Member(member.host, "fictional-employee-2")
    assert (await (await Registrar(member.host).opened()).enrol(other)).status_code == 200
    devices = [await signed_in(member) for _ in range(3)]
    untouched = await signed_in(other)
    assert (await devices[0].call("DELETE", "/sessions")).status_code == 204

    answers = [await device.call("GET", "/verifiers") for device in devices]
    assert [problem(answer) for answer in answers] == [(401, "session-ended")] * 3
    assert (await untouched.call("GET", "/verifiers")).status_code == 200


async def naming(member: Member) -> list[str]:
    """The tables that hold the member's reference."""
    connection = await asyncpg.connect(member.host.urls.owner_url)
    tables = await connection.fetch(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'ref'"
    )
    found = [row[0] for row in tables if await connection.fetchval(f"SELECT count(*) FROM {row[0]} WHERE ref = $1", member.ref)]
    await connection.close()
    return found
