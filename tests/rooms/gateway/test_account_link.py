"""Which account at the group opens which account here: issuer and subject, found once by the work id, until the insurer says so."""

import asyncio
from datetime import timedelta

from chassis.seal import seal
from gateway.app import SERVICE
from rooms.gateway.application import Application
from rooms.gateway.house import House, Member
from rooms.gateway.insurer import Insurer

LINKS = "SELECT count(*) FROM account_link"


async def status(house: House, employee: str = "E-0001", sub: str | None = None) -> int:
    """Sign somebody in at the group, and return how the gateway takes it."""
    house.upstream.employee, house.upstream.claims = employee, {} if sub is None else {"sub": sub}
    application = Application(house)
    return (await application.come_back(await application.returned())).status_code


async def who(house: House) -> bytes:
    """Return who signed in last."""
    return bytes((await house.sql("DELETE FROM authorization_attempt WHERE ref IS NOT NULL RETURNING ref"))[-1][0])


async def sealed(house: House) -> None:
    await seal(house.urls.owner_url, *SERVICE.sealing, now=house.fixed.timestamp())


async def test_first_account_stays(house: House) -> None:
    """The first account that comes with a work id is linked; it comes again; another one with the same work id is refused."""
    statuses = [
        await status(house, sub="a"),
        await status(house, sub="a"),
        await status(house, sub="b"),
        await status(house, sub="a"),
    ]

    assert (statuses, (await house.sql(LINKS))[0][0]) == ([303, 303, 403, 303], 1)


async def test_refusal_says_what_to_do(house: House) -> None:
    """Who comes with somebody's work id reads that the insurer must look into it, and goes back; nothing names the number."""
    await status(house, sub="a")
    house.upstream.claims = {"sub": "b"}
    application = Application(house)
    page = await application.come_back(await application.returned())

    assert (page.status_code, "本人確認が必要です" in page.text, "error=access_denied" in page.text, "0001" in page.text) == (
        403,
        True,
        True,
        False,
    )


async def test_account_does_not_move_to_another_number(house: House) -> None:
    """An account that is linked opens no second member, whatever number the provider gives it; nor does it lose its own."""
    other = Member.new("E-0002")
    await house.enrol(other)
    statuses = [await status(house, sub="a"), await status(house, "E-0002", "a"), await status(house, "E-0002", "b")]
    again = await status(house, sub="a")

    assert (statuses, again, (await house.sql(LINKS))[0][0]) == ([303, 403, 303], 303, 2)


async def test_stranger_links_nothing(house: House) -> None:
    """Nobody who is refused leaves a link."""
    assert (await status(house, "E-9999", "a"), (await house.sql(LINKS))[0][0]) == (403, 0)


async def test_links_are_hashes_of_two_kinds(house: House) -> None:
    """Neither number nor subject is kept, and what sessions are ended by is another hash of the same subject."""
    await status(house, sub="subject-marker")
    link = (await house.sql("SELECT work_id, subject FROM account_link"))[0]
    session = (await house.sql("SELECT sub, sid FROM group_session"))[0]
    found = await house.sql("SELECT ref FROM verifier WHERE hash = $1", link["work_id"])

    assert ([bytes(row[0]) for row in found], len(link["subject"]), session["sid"]) == ([house.member.gateway], 32, None)
    assert link["subject"] != session["sub"]


async def test_retired_and_hired_again_with_another_number(house: House) -> None:
    """A new work account opens the same account, a day after the insurer said so; the old one nothing any more."""
    await status(house, sub="a")
    insurer = Insurer(house, [house.member])
    await insurer.work_account_ends(house.member)
    left = await status(house, sub="a")
    await insurer.recover(house.member, Member.new("E-7001"))
    early = await status(house, "E-7001", "n")
    house.fixed.advance(timedelta(days=1))
    new, old = await status(house, "E-7001", "n"), await status(house, sub="a")

    assert (left, early, new, old) == (403, 403, 303, 403)
    assert await who(house) == house.member.gateway


async def test_hired_again_with_the_same_account(house: House) -> None:
    """The group may give the old account another number: it is the same person's, and the old number keeps it no longer."""
    await status(house, sub="a")
    insurer = Insurer(house, [house.member])
    await insurer.work_account_ends(house.member)
    await insurer.recover(house.member, Member.new("E-7001"))
    house.fixed.advance(timedelta(days=1))

    assert (await status(house, "E-7001", "a"), (await house.sql(LINKS))[0][0]) == (303, 1)


async def test_another_number_beside_the_old_one(house: House) -> None:
    """Where the insurer knows both numbers of one account, the account at the group may change from one to the other."""
    await status(house, sub="a")
    await Insurer(house, [house.member]).recover(house.member, Member.new("E-7001"))
    house.fixed.advance(timedelta(days=1))
    statuses = [await status(house, "E-7001", "a"), await status(house, "E-7001", "b")]

    assert (statuses, await who(house)) == ([303, 403], house.member.gateway)


async def test_hired_again_with_the_same_number(house: House) -> None:
    """Leaving unlinks with the seal, so that the same number opens the account to another account at the group afterwards."""
    await status(house, sub="a")
    insurer = Insurer(house, [house.member])
    await insurer.work_account_ends(house.member)
    await sealed(house)
    links = (await house.sql(LINKS))[0][0]
    await insurer.recover(house.member, house.member)
    house.fixed.advance(timedelta(days=1))

    assert (links, await status(house, sub="b"), await status(house, sub="a")) == (0, 303, 403)


async def test_after_a_review(house: House) -> None:
    """Whom the insurer knows to be right gets in: it ends the work account and recovers it; the first that comes then counts."""
    assert [await status(house, sub="wrong"), await status(house, sub="right")] == [303, 403]
    insurer = Insurer(house, [house.member])
    await insurer.work_account_ends(house.member)
    await insurer.recover(house.member, house.member)
    await sealed(house)
    house.fixed.advance(timedelta(days=1))

    assert [await status(house, sub="right"), await status(house, sub="wrong")] == [303, 403]


async def test_seal_keeps_the_links_of_those_who_stay(house: House) -> None:
    """A seal rewrites links and forgets none that is good."""
    await status(house, sub="a")
    await sealed(house)

    assert ((await house.sql(LINKS))[0][0], await status(house, sub="b")) == (1, 403)


async def test_erased_is_unlinked(house: House) -> None:
    """Of an erased member no link is left, and the other's stays."""
    other = Member.new("E-0002")
    await house.enrol(other)
    await status(house, sub="a")
    await status(house, "E-0002", "b")
    await Insurer(house, [house.member]).erase(house.member)

    assert ((await house.sql(LINKS))[0][0], await status(house, "E-0002", "c")) == (1, 403)


async def test_several_accounts_at_one_instant(house: House) -> None:
    """Of several accounts that come with one work id at the same instant one is linked."""
    applications = [Application(house) for _ in range(6)]
    locations = [await application.returned() for application in applications]
    house.upstream.subs = iter([f"account-{number}" for number in range(6)])
    pairs = zip(applications, locations, strict=True)
    answers = await asyncio.gather(*(application.come_back(location) for application, location in pairs))

    assert sorted(answer.status_code for answer in answers) == [303, 403, 403, 403, 403, 403]
