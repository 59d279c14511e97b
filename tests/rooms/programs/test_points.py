"""Points of members: races for them, what nobody may change, the fold, an erasure."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from programs.store.point_checks import OrdersChecked
from programs.use_cases.expire_points import expire_points
from protocol.messages.mailbox import EraseMailboxes, Erasure
from support.store_host import Member, StoreHost

from .points import LATER, TODAY, balance, captured, granted, held, opened, refunded, sums, voided

TABLES = ("point_balance", "point_entry", "point_entry_inbox", "point_use", "point_use_inbox", "point_hold", "point_hold_part")


async def test_what_a_member_reads(host: StoreHost) -> None:
    """Points, when they expire, what is held of them, and how they came and went."""
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member, points=100, expires=TODAY)
        await granted(db, member, points=500)
        name = await held(db, member, 150)
        assert name is not None
        await captured(db, member, name)
        await held(db, member, 50)
    answer = (await host.as_member(member, "GET", "/me/points")).json()

    assert (answer["posted"], answer["held"], answer["lots"]) == (450, 50, [{"expires": LATER.isoformat(), "points": 450}])
    assert [(one["amount"], one["against"], one["party"]) for one in answer["entries"]] == [
        (500, "issued", "walk"),
        (100, "issued", "walk"),
        (-150, "redeemed", "shop"),
    ]


async def test_what_a_member_reads_during_a_seal(host: StoreHost) -> None:
    """Whoever asks for their points while a seal puts new tables in the place of old ones is told of all."""
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member, points=500)
    other = await asyncpg.connect(host.urls.owner_url)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE order_notice IN ACCESS SHARE MODE")
            sealing = asyncio.create_task(host.seal())
            await _waited_for(host, "relation = 'order_notice'::regclass")
            reading = asyncio.create_task(host.as_member(member, "GET", "/me/points"))
            await _waited_for(host, "mode = 'AccessShareLock'")
        answer, _ = await reading, await sealing
    finally:
        await other.close()

    assert (answer.status_code, answer.json()["posted"]) == (200, 500)


async def _waited_for(host: StoreHost, what: str) -> None:
    """Return when somebody waits for such a lock."""
    while not (await host.rows(f"SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND {what})"))[0][0]:
        await asyncio.sleep(0.005)


async def test_all_of_it_can_be_read(host: StoreHost) -> None:
    """Two hundred transfers are told where no more are asked for, and all where they are."""
    member = await host.member()
    async with opened(host) as db:
        for _ in range(201):
            await granted(db, member, points=1)
    told = [(await host.as_member(member, "GET", f"/me/points{more}")).json()["entries"] for more in ("", "?most=20000")]

    assert [len(entries) for entries in told] == [200, 201]
    assert (await host.as_member(member, "GET", "/me/points?most=20001")).status_code == 422


async def test_nobody_spends_twice(host: StoreHost) -> None:
    """Sixteen at once hold what suffices for five; neither too many nor too few get it."""
    member = Member.new("programs")
    async with opened(host, 16) as db:
        await granted(db, member, points=300, expires=TODAY)
        await granted(db, member, points=300)
        names = await asyncio.gather(*(held(db, member, 110) for _ in range(16)))
        after, books = await balance(db, member), await sums(db)

    assert sum(name is not None for name in names) == 5
    assert (after.posted, after.held, books.agree) == (600, 550, True)


async def test_a_grant_counts_once(host: StoreHost) -> None:
    """Sixteen runs of one grant at once give every member its points once."""
    members = [Member.new("programs") for _ in range(40)]
    async with opened(host, 16) as db:
        run = await granted(db, *members[:20])
        await asyncio.gather(*(granted(db, *members, run=run) for _ in range(16)))
        have, books = [(await balance(db, one)).posted for one in members], await sums(db)

    assert (have, books.agree) == ([1000] * 40, True)


async def test_captured_or_let_go(host: StoreHost) -> None:
    """Of capture and void that meet, one happens; the books say which."""
    member = Member.new("programs")
    async with opened(host, 8) as db:
        await granted(db, member)
        outcomes = []
        for _ in range(12):
            name = await held(db, member, 50)
            assert name is not None
            outcomes.append(await asyncio.gather(captured(db, member, name), voided(db, member, name), captured(db, member, name)))
        after, books = await balance(db, member), await sums(db)

    assert [sum(one) for one in outcomes] == [1] * 12
    assert (after.posted, after.held) == (1000 - 50 * sum(one[0] or one[2] for one in outcomes), 0)
    assert books.agree


async def test_expired_or_held(host: StoreHost) -> None:
    """Of an expiry and holds that meet, what is held stays and the rest goes; what is let go afterwards goes with the next run."""
    member = Member.new("programs")
    async with opened(host, 8) as db:
        await granted(db, member, points=400, expires=TODAY)
        holds = [held(db, member, 100, TODAY + timedelta(days=3)) for _ in range(3)]
        tomorrow = host.clock.now() + timedelta(days=1)
        names = (await asyncio.gather(*holds, expire_points(db, tomorrow)))[:3]
        middle = await balance(db, member)
        for name in names:
            if name is not None:
                await voided(db, member, name)
        await expire_points(db, tomorrow)
        after, books = await balance(db, member), await sums(db)
    kept = sum(name is not None for name in names)

    assert middle == type(middle)(100 * kept, 100 * kept)
    assert (after.posted, after.held, books.agree) == (0, 0, True)


async def test_a_refund_comes_once(host: StoreHost) -> None:
    """Sixteen refunds at once give points back once, to their lots; those whose lot is over get a new one where it is said so."""
    member = Member.new("programs")
    async with opened(host, 16) as db:
        await granted(db, member, points=100, expires=TODAY)
        await granted(db, member, points=100)
        name = await held(db, member, 150)
        assert name is not None
        await captured(db, member, name)
        later, anew = TODAY + timedelta(days=1), TODAY + timedelta(days=31)
        done = await asyncio.gather(*(refunded(db, member, name, later, anew) for _ in range(16)))
        rows = await host.rows("SELECT amount, expires FROM point_entries WHERE reverses = $1 ORDER BY amount", name)
        books = await sums(db)

    assert sum(done) == 1
    assert [tuple(row) for row in rows] == [(50, None), (100, anew)]
    assert books.agree


async def test_the_ledger_only_grows(host: StoreHost) -> None:
    """Neither the service nor the owner changes or deletes a row of the ledger while its member is there."""
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member)
        name = await held(db, member, 10)
        assert name is not None
        await captured(db, member, name)
    refused = [await _refused(host.urls.runtime_url, f"UPDATE {table} SET amount = 1") for table in TABLES[1:5]]
    refused += [
        await _refused(host.urls.owner_url, f"UPDATE {table} SET amount = 1") for table in ("point_entry", "point_use_inbox")
    ]
    refused += [
        await _refused(url, f"DELETE FROM {table}")
        for url in (host.urls.runtime_url, host.urls.owner_url)
        for table in ("point_entry", "point_entry_inbox", "point_use_inbox")
    ]

    assert refused == ["InsufficientPrivilegeError"] * 4 + ["RestrictViolationError"] * 8


async def test_the_same_before_and_after_the_fold(host: StoreHost) -> None:
    """The seal moves what came today, and nobody reads anything else afterwards; refunds still come once."""
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member)
        name, other = await held(db, member, 10), await held(db, member, 20)
        assert name is not None
        assert other is not None
        await captured(db, member, name)
        before = (await host.as_member(member, "GET", "/me/points")).json()
        await host.seal()
        after = (await host.as_member(member, "GET", "/me/points")).json()
        inbox = await host.rows("SELECT id FROM point_entry_inbox")
        done = [await refunded(db, member, name), await refunded(db, member, name), await captured(db, member, other)]
        await host.seal()
        done.append(await refunded(db, member, name))
        books = await sums(db)

    assert (before, inbox) == (after, [])
    assert (done, books.agree) == ([True, False, True, False], True)


async def test_an_erased_member_leaves_sums(host: StoreHost) -> None:
    """An erasure leaves no row of the member, and books that still agree: what was left is nobody's any more."""
    member, other = await host.member(), await host.member()
    async with opened(host) as db:
        await granted(db, member, other)
        name = await held(db, member, 300)
        assert name is not None
        await captured(db, member, name)
        await host.seal()
        await held(db, member, 100)
        listed = await host.decided("erase", member)
        message = EraseMailboxes(rows=(Erasure(token=member.token, subject=listed.proof("programs", member.token)),))
        answer = await host.as_registrar("erase", "POST", "/erasures", message)
        books = await sums(db)
    left = [(await host.rows(f"SELECT count(*) FROM {table} WHERE token = $1", member.token))[0][0] for table in TABLES]
    kept = await host.rows("SELECT against, party, amount FROM point_erased ORDER BY against")

    assert (answer.json()["erased"], left) == (1, [0] * len(TABLES))
    assert [tuple(row) for row in kept] == [("erased", "", -700), ("issued", "walk", 1000), ("redeemed", "shop", -300)]
    assert (books.entries, books.agree) == (1000, True)


async def _refused(url: str, text: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(text)
    except asyncpg.PostgresError as error:
        return type(error).__name__
    finally:
        await connection.close()
    return "done"


async def test_the_fold_sorts_by_token(host: StoreHost) -> None:
    """After a seal nothing in the files says in which order members spent."""
    members = [Member.new("programs") for _ in range(8)]
    async with opened(host) as db:
        await granted(db, *members)
        for member in sorted(members, key=lambda one: one.token, reverse=True):
            name = await held(db, member, 10)
            assert name is not None
            await captured(db, member, name)
    await host.seal()
    entries = await host.rows("SELECT token FROM point_entry WHERE against = 'redeemed' ORDER BY ctid")
    uses = await host.rows("SELECT token FROM point_use ORDER BY ctid")
    tokens = sorted(member.token for member in members)

    assert [row["token"] for row in entries] == tokens
    assert [row["token"] for row in uses] == tokens


async def test_torn_books_are_seen(host: StoreHost) -> None:
    """A point more in a balance, in what is held, in its parts or in a lot's uses, and the books do not agree."""
    member = Member.new("programs")
    found = []
    async with opened(host) as db:
        await granted(db, member)
        await held(db, member, 10)
        found.append((await sums(db)).agree)
        for tear, mend in (
            ("UPDATE point_balance SET posted = posted + 1", "UPDATE point_balance SET posted = posted - 1"),
            ("UPDATE point_balance SET held = held + 1", "UPDATE point_balance SET held = held - 1"),
            ("UPDATE point_hold SET amount = amount + 1", "UPDATE point_hold SET amount = amount - 1"),
            ("UPDATE point_hold_part SET amount = amount + 1", "UPDATE point_hold_part SET amount = amount - 1"),
            ("INSERT INTO point_use_inbox SELECT token, id, id, 1 FROM point_entry", "SELECT"),
        ):
            await host.rows(tear)
            found.append((await sums(db)).agree)
            await host.rows(mend)

    assert found == [True, False, False, False, False, False]


@pytest.mark.parametrize(
    ("found", "agree"), [((3, 3, 5, 5, 0), True), ((3, 4, 5, 5, 0), False), ((3, 3, 5, 6, 0), False), ((3, 3, 5, 5, 1), False)]
)
def test_orders_agree_with_the_ledger(found: tuple[int, ...], agree: bool) -> None:
    """What waits is held, what was bought is redeemed, and where sums agree by chance no order may be without its counterpart."""
    assert OrdersChecked(*found).agree is agree
