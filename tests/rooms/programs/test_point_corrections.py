"""Staff corrects points: two of them, with a reason, for a member of whom they know a name that the member made."""

import csv
import io
import secrets
from datetime import timedelta

import httpx
from programs.use_cases.expire_points import expire_points
from protocol.messages.point_corrections import DecideCorrection, ProposeCorrection, PutPointCase
from support.office import Colleague, staffed
from support.store_host import Member, StoreHost, problem

from .exchange import GOODS, opened_shop, placed, reserving
from .points import TODAY, balance, granted, opened, sums

PATH = "/staff/point-corrections"


def colleagues() -> tuple[Colleague, Colleague, Colleague]:
    """Return two of the office, and one who is the first one with another passkey."""
    first = Colleague("desk-1", roles=("office",))
    return first, Colleague("desk-2", roles=("program-manager",)), Colleague("desk-3", roles=("office",), subject=first.subject)


async def case_of(host: StoreHost, member: Member) -> bytes:
    """Let a member's device make a name for the office."""
    name = secrets.token_bytes(16)
    answer = await host.as_member(member, "PUT", "/me/point-case", PutPointCase(id=name))
    assert answer.status_code == 204, answer.text
    return name


def proposal(about: bytes, amount: int, **more: int) -> ProposeCorrection:
    fields = {"id": secrets.token_bytes(16), "about": about, "amount": amount, "reason": "架空の訂正", **more}
    return ProposeCorrection.model_validate(fields)


async def proposed(host: StoreHost, by: Colleague, asked: ProposeCorrection) -> httpx.Response:
    return await by.call(host, "POST", PATH, message=asked)


async def decided(host: StoreHost, by: Colleague, asked: ProposeCorrection, *, approved: bool = True) -> httpx.Response:
    message = DecideCorrection(id=asked.id, approved=approved)
    return await by.call(host, "POST", f"{PATH}/decisions", message=message)


async def posted(host: StoreHost, member: Member) -> int:
    async with opened(host) as db:
        have, books = await balance(db, member), await sums(db)
    assert books.agree, books
    return have.posted


async def test_two_correct(host: StoreHost) -> None:
    """Nothing moves until another person approves; the transfer has its reason beside it, the member sees it, the books agree."""
    one, two, same = colleagues()
    await staffed(host, one, two, same)
    member = await host.member()
    asked = proposal(await case_of(host, member), 700, lasts_days=10)
    first = await proposed(host, one, asked)
    alone = [await decided(host, one, asked), await decided(host, same, asked)]
    before = await posted(host, member)
    approved = await decided(host, two, asked)
    again = [await proposed(host, one, asked), await decided(host, two, asked)]
    other_way = await decided(host, two, asked, approved=False)
    changed = await proposed(host, one, asked.model_copy(update={"amount": 900}))
    seen = (await host.as_member(member, "GET", "/me/points")).json()
    listed = (await one.call(host, "GET", PATH)).json()["corrections"]

    assert (first.json()["state"], approved.json()["state"], before) == ("proposed", "approved", 0)
    assert [(problem(answer), answer.json()["reason"]) for answer in (*alone, other_way, changed)] == [
        ((409, "correction-refused"), "alone"),
        ((409, "correction-refused"), "alone"),
        ((409, "correction-refused"), "decided"),
        ((409, "correction-refused"), "id"),
    ]
    assert [answer.status_code for answer in again] == [200, 200]
    assert [(entry["amount"], entry["party"]) for entry in seen["entries"]] == [(700, "staff:correction")]
    assert seen["lots"] == [{"expires": (TODAY + timedelta(days=10)).isoformat(), "points": 700}]
    assert [(row["proposed_by"], row["decided_by"], row["reason"]) for row in listed] == [("desk-1", "desk-2", "架空の訂正")]
    assert "token" not in str(listed)
    assert await posted(host, member) == 700


async def test_points_are_taken_back(host: StoreHost) -> None:
    """Of the lots that expire first, not those that an order holds, and never more than there are; declined, nothing happens."""
    one, two, _ = colleagues()
    shop, _, (product,) = await opened_shop(host, GOODS)
    await staffed(host, one, two, number=2)
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member, points=400, expires=TODAY)
        await granted(db, member, points=600)
    request = reserving(product, 300)
    await placed(host, member, shop, request)
    most, some, declined = (proposal(request.id, amount) for amount in (-701, -200, -100))
    for asked in (most, some, declined):
        assert (await proposed(host, one, asked)).status_code == 200
    short = await decided(host, two, most)
    answers = [await decided(host, two, some), await decided(host, two, declined, approved=False)]
    async with opened(host) as db:
        await expire_points(db, host.clock.now() + timedelta(days=1))
    left = (await host.as_member(member, "GET", "/me/points")).json()
    books = (await two.call(host, "GET", "/staff/points/books")).json()

    assert problem(short) == (409, "points-short")
    assert [answer.json()["state"] for answer in answers] == ["approved", "declined"]
    assert (left["posted"], left["held"], books["agree"]) == (800, 300, True)
    corrected = await host.rows("SELECT against, amount FROM point_entries WHERE party = 'staff:correction'")
    assert [(row["against"], row["amount"]) for row in corrected] == [("issued", -200)]


async def test_names_for_the_office(host: StoreHost) -> None:
    """A later name takes the place of the one before; one that nobody has is refused; the seal forgets it after a month."""
    one, two, _ = colleagues()
    await staffed(host, one, two)
    member = await host.member()
    old, new = await case_of(host, member), await case_of(host, member)
    answers = [await proposed(host, one, proposal(name, 5)) for name in (old, new, bytes(16))]
    late = proposal(new, 7)
    await proposed(host, one, late)
    await host.rows("UPDATE point_case SET day = current_date - 31")
    await host.seal()
    assert (await two.open(host)).status_code == 201
    gone = await decided(host, two, late)

    assert [answer.status_code for answer in answers] == [409, 200, 409]
    assert (problem(gone), gone.json()["reason"]) == ((409, "correction-refused"), "about")
    assert await posted(host, member) == 0


async def test_decisions_on_nothing(host: StoreHost) -> None:
    """Nobody approves a correction that nobody proposed, and it moves no points."""
    one, *_ = colleagues()
    await staffed(host, one)
    member = await host.member()
    answer = await decided(host, one, proposal(await case_of(host, member), 5))

    assert (problem(answer), answer.json().get("reason")) == ((409, "correction-refused"), "id")
    assert (await posted(host, member), (await one.call(host, "GET", PATH)).json()) == (0, {"corrections": []})


async def test_analysts_correct_nothing(host: StoreHost) -> None:
    """The office and managers may; who analyses may not."""
    analyst = Colleague("desk-9", roles=("analyst",))
    await staffed(host, analyst)
    member = await host.member()

    assert (await proposed(host, analyst, proposal(await case_of(host, member), 5))).status_code == 403


async def test_accounts_by_month(host: StoreHost) -> None:
    """Debits and credits come to nothing in each month, and to the books in each year; else there is no file."""
    one, two, _ = colleagues()
    shop, _, (product,) = await opened_shop(host, GOODS)
    await staffed(host, one, two, number=2)
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member, points=1000)
        await granted(db, member, points=50, expires=TODAY - timedelta(days=1))
    order = await placed(host, member, shop, reserving(product, 300))
    await shop.step(host, order, "accepted", 2)
    async with opened(host) as db:
        await expire_points(db, host.clock.now() + timedelta(days=40))
    answer = await one.call(host, "GET", "/staff/points/accounts.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    await host.rows("DELETE FROM exchange_order")
    torn = await one.call(host, "GET", "/staff/points/accounts.csv")
    books = (await one.call(host, "GET", "/staff/points/books")).json()

    assert {(row["month"], row["side"], row["party"], row["debit"], row["credit"]) for row in rows} == {
        ("2026-11", "members", "", "300", "1050"),
        ("2026-11", "issued", "walk", "1050", "0"),
        ("2026-11", "redeemed", "shop", "0", "300"),
        ("2026-12", "members", "", "50", "0"),
        ("2026-12", "expired", "", "0", "50"),
    }
    assert problem(torn) == (409, "books-disagree")
    assert (books["agree"], books["orders"]["unmatched"], books["orders"]["redeemed"]) == (False, 1, 300)
