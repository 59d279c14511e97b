"""Two officers erase a mailbox: everything of its token goes, whatever table it is in."""

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from protocol.jose import generate_p256
from protocol.messages.mailbox import (
    EraseMailboxes,
    Erasure,
    OpenMailboxes,
    RecoverMailboxes,
    Recovery,
    SetSuspensions,
    Suspension,
)
from protocol.messages.records import Checkup, Item, Observation, PutItems, StoreCheckups
from protocol.subjects import SubjectList
from support.store_host import Member, StoreHost, problem

from .requests import ALL_WRITES, READ, WRITE

_ITEM = Item(code="9N006000000000001", name="body-weight", display="weight", kind="quantity", unit="kg")
_WITH_TOKEN = """
SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'token'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""


async def _erase(host: StoreHost, listed: SubjectList, *members: Member, keep: bool = False) -> Any:
    rows = [Erasure(token=member.token, subject=listed.proof(host.store, member.token)) for member in members]
    return await host.as_registrar(
        "erase", "POST", "/erasures", EraseMailboxes(rows=tuple(sorted(rows, key=lambda row: row.token)), keep=keep)
    )


async def _rows(host: StoreHost, member: Member) -> dict[str, int]:
    """Return how many rows each table with a token has of this member."""
    tables = [row["name"] for row in await host.rows(_WITH_TOKEN)]
    return {name: (await host.rows(f"SELECT count(*) FROM {name} WHERE token = $1", member.token))[0][0] for name in tables}


async def _import(host: StoreHost, *members: Member) -> Any:
    if host.store != "anon-data":
        return None
    await host.as_registrar("ingest", "PUT", "/items", PutItems(items=(_ITEM,)))
    one = Checkup(
        exam_date=date(2026, 6, 1),
        fiscal_year=2026,
        program="010",
        age=51,
        observations=(Observation(item=_ITEM.code, value=Decimal(65)),),
    )
    rows = sorted(((member.token, one) for member in members), key=lambda row: row[0])
    return await host.as_registrar("ingest", "POST", "/checkups", StoreCheckups.of(rows))


_OTHERS = (
    "INSERT INTO consent VALUES ($1, 'portal-use', current_date, true, 1)",
    "INSERT INTO participation VALUES ($1, '2026-04-01', 1)",
    "INSERT INTO portal_week VALUES ($1, date_trunc('week', current_date))",
    "INSERT INTO portal_week_inbox VALUES ($1, date_trunc('week', now() AT TIME ZONE 'UTC'))",
    "INSERT INTO message_to VALUES ($1, decode(repeat('00', 16), 'hex'))",
    """INSERT INTO household_view (token, handle, jkt, given_by, shows, until)
       SELECT token, token, token, jkt, 'checkups', current_date + 30 FROM reader_key WHERE token = $1""",
    """INSERT INTO medical_claim (month, points, own_payment, days, kind, inpatient, estimated, token, claim, content)
       VALUES ('2026-06-01', 1, 1, 1, 1, false, false, $1, decode(repeat('00', 16), 'hex'), $1)""",
    """INSERT INTO medical_claim_diagnosis (month, points, bearers, main, token, claim, code)
       VALUES ('2026-06-01', 1, 1, true, $1, decode(repeat('00', 16), 'hex'), '0000001')""",
    "INSERT INTO medical_claim_drug (token, claim, code, amount) VALUES ($1, decode(repeat('00', 16), 'hex'), 'other', 1)",
    """INSERT INTO former_checkup (exam_date, replaced, program, version, fiscal_year, age, token)
       VALUES ('2026-06-01', '2026-07-01', 10, 1, 2026, 51, $1)""",
    """INSERT INTO former_observation (exam_date, program, version, item, token, value)
       VALUES ('2026-06-01', 10, 1, 1, $1, 65)""",
    """INSERT INTO former_claim
       (month, replaced, points, own_payment, days, kind, version, inpatient, estimated, cancelled, token, claim)
       VALUES ('2026-06-01', '2026-07-01', 1, 1, 1, 1, 1, false, false, false, $1, decode(repeat('00', 16), 'hex'))""",
    "INSERT INTO guidance_support VALUES ($1, 2026, 1, 2)",
    "INSERT INTO screening VALUES ($1, 2026, 1)",
    "INSERT INTO guidance (day, stage, token, content) VALUES ('2026-06-01', 21, $1, $1)",
)
"""A row in each table of anon-data that neither a member's values and notes nor an import of checkups reaches."""
_ID = "substr($1::bytea, 1, 16)"
_LOT = "decode(repeat('00', 16), 'hex')"
_ORDER = f"($1, {_ID}, 'supplier', 'goods', 'placed', 1, 2, ARRAY[{_LOT}], ARRAY[1], ARRAY[2], NULL, current_date)"
_OF_PROGRAMS = (
    f"INSERT INTO step_source VALUES ($1, {_ID})",
    f"INSERT INTO install_key VALUES ($1, {_ID}, $1)",
    f"INSERT INTO unit_member VALUES ($1, current_date, {_ID})",
    f"INSERT INTO roster_row VALUES ($1, current_date, {_ID})",
    f"INSERT INTO entry VALUES ($1, {_LOT}, NULL, false, NULL, current_date, NULL, false, 0, 0)",
    f"INSERT INTO step_change VALUES ($1, current_date, {_ID})",
    f"INSERT INTO contest_day (token, contest, day, steps) VALUES ($1, {_LOT}, current_date, 1)",
    f"INSERT INTO contest_day_recent (token, contest, day, steps) VALUES ($1, {_LOT}, current_date, 1)",
    f"INSERT INTO held_day (token, contest, day, steps, review) VALUES ($1, {_LOT}, current_date, 70000, {_ID})",
    f"INSERT INTO challenge_entry VALUES ($1, {_LOT}, ARRAY[current_date], false, 0)",
    "INSERT INTO point_balance VALUES ($1, 10, 2)",
    f"INSERT INTO point_entry VALUES ($1, {_LOT}, 5, 'issued', 'rule', current_date, current_date + 30)",
    f"INSERT INTO point_entry_inbox VALUES ($1, {_ID}, 5, 'issued', 'rule', current_date, current_date + 30)",
    f"INSERT INTO point_use VALUES ($1, {_LOT}, {_ID}, 1)",
    f"INSERT INTO point_use_inbox VALUES ($1, {_ID}, {_LOT}, 1)",
    f"INSERT INTO point_hold VALUES ($1, {_ID}, 2, current_date)",
    f"INSERT INTO point_hold_part VALUES ($1, {_ID}, {_LOT}, 2)",
    "INSERT INTO point_request VALUES ($1, 'order', $1, $1, '', current_date)",
    f"INSERT INTO point_case VALUES ($1, {_ID}, current_date)",
    "INSERT INTO point_fact VALUES ($1, 'checkup-taken', 2026)",
    f"INSERT INTO exchange_order VALUES {_ORDER}",
    f"INSERT INTO exchange_order_past VALUES {_ORDER}",
    f"INSERT INTO order_sealed VALUES ($1, {_ID}, 'address', NULL, 1, $1)",
)
"""A row in each table of programs but those of steps: after the seal, which would fold some of them away."""
_AFTER = {"programs": _OF_PROGRAMS, "anon-data": ("INSERT INTO participation_inbox VALUES ($1, '2026-04-01', 1)",)}


async def _live(host: StoreHost, *members: Member) -> None:
    """Let members have rows in every table, folded ones and new ones, a recovery and a suspension among them."""
    await _import(host, *members)
    for query in _OTHERS if host.store == "anon-data" else ():
        for member in members:
            await host.rows(query, member.token)
    for seq in (b'"seq": 1', b'"seq": 2'):
        for member in members:
            for path, body in ALL_WRITES[host.store]:
                answer = await host.signed(member.reader, member.token, "PUT", path, body.replace(b'"seq": 1', seq))
                assert answer.status_code == 200
        if seq.endswith(b"1"):
            await host.seal()
    for query in _AFTER[host.store]:
        for member in members:
            await host.rows(query, member.token)
    recovering, suspending = await host.decided("recover", *members), await host.decided("suspend", *members)
    ordered = sorted(members, key=lambda member: member.token)
    recoveries = [Recovery(token=one.token, subject=recovering.proof(host.store, one.token)) for one in ordered]
    suspensions = [Suspension(token=one.token, suspended=True, subject=suspending.proof(host.store, one.token)) for one in ordered]
    await host.as_registrar("recover", "POST", "/recoveries", RecoverMailboxes(rows=tuple(recoveries)))
    await host.as_registrar("suspend", "POST", "/suspensions", SetSuspensions(rows=tuple(suspensions)))


async def test_nothing_is_left(host: StoreHost) -> None:
    """Every table that can hold the token held it, and holds it no more; another member keeps everything; again is nothing new."""
    member, other = await host.member(), await host.member()
    await _live(host, member, other)
    before = [await _rows(host, one) for one in (member, other)]
    listed = await host.decided("erase", member)
    answers = [(await _erase(host, listed, member)).json() for _ in range(2)]
    after = [await _rows(host, one) for one in (member, other)]

    assert [name for name, count in before[0].items() if count == 0] == []
    assert answers == [{"erased": 1, "absent": 0}, {"erased": 0, "absent": 1}]
    assert (set(after[0].values()), after[1]) == ({0}, before[1])


async def test_erased_is_unknown(host: StoreHost) -> None:
    """Whoever held the keys is answered as about a mailbox that never was; the registrar's rows find none either."""
    member, never = await host.member(), Member.new(host.store)
    await _erase(host, await host.decided("erase", member), member)
    path, body = WRITE[host.store]

    async def answers(one: Member) -> Sequence[Any]:
        return [
            await host.as_member(one, "GET", READ[host.store]),
            await host.signed(one.reader, one.token, "PUT", path, body),
            await host.as_member(one, "POST", "/claims", one.claim()),
        ]

    erased, unknown = await answers(member), await answers(never)
    imported = await _import(host, member)

    assert [answer.text for answer in erased] == [answer.text for answer in unknown]
    assert [problem(answer) for answer in erased] == [(401, "reader-unknown")] * 2 + [(404, "mailbox-unknown")]
    assert imported is None or imported.json()["unknown"] == [0]
    assert set((await _rows(host, member)).values()) == {0}


async def _kept(host: StoreHost) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each table that keeps something of erased people."""
    tables = await host.rows("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'kept_%' ORDER BY 1")
    return {row["name"]: [tuple(one) for one in await host.rows(f"SELECT * FROM {row['name']}")] for row in tables}


async def _bytes_of(host: StoreHost, member: Member) -> set[bytes]:
    """Return every value that names something, or is sealed, in rows of a member."""
    tables = [row["name"] for row in await host.rows(_WITH_TOKEN)]
    rows = [row for name in tables for row in await host.rows(f"SELECT * FROM {name} WHERE token = $1", member.token)]
    return {bytes(value) for row in rows for value in row.values() if isinstance(value, bytes) and len(value) >= 16}


async def test_what_stays_for_statistics(host: StoreHost) -> None:
    """Of its token nothing is left; a copy counts on at anon-data, and no name, hash, seal or day of it was there before."""
    member, other = await host.member(), await host.member()
    await _live(host, member, other)
    named, before = await _bytes_of(host, member), await _rows(host, other)
    answer = await _erase(host, await host.decided("erase", member), member, keep=True)
    kept = await _kept(host)
    values = [value for rows in kept.values() for row in rows for value in row]
    path, body = WRITE[host.store]
    asked = [
        await host.as_member(member, "GET", READ[host.store]),
        await host.signed(member.reader, member.token, "PUT", path, body),
        await host.as_member(member, "POST", "/claims", member.claim()),
    ]

    assert (answer.json(), set((await _rows(host, member)).values())) == ({"erased": 1, "absent": 0}, {0})
    assert await _rows(host, other) == before
    assert {name: len(rows) for name, rows in kept.items()} == dict.fromkeys(kept, 1)
    assert len(kept) == (7 if host.store == "anon-data" else 0)
    assert not named & {bytes(value) for value in values if isinstance(value, bytes)}
    assert {value for value in values if isinstance(value, date)} <= {date(2026, 6, 1)}  # a claim's month
    assert not any(isinstance(value, bytes) and len(value) == len(member.token) for value in values)
    assert [problem(each) for each in asked] == [(401, "reader-unknown")] * 2 + [(404, "mailbox-unknown")]


async def test_nobody_makes_a_kept_name_again(host: StoreHost) -> None:
    """The same token, opened anew and erased anew, leaves rows that share no name with those of before."""
    if host.store == "programs":
        assert await _kept(host) == {}
        return
    member = await host.member()
    for _ in range(2):
        await _import(host, member)
        await _erase(host, await host.decided("erase", member), member, keep=True)
        await host.as_registrar("enrol", "POST", "/mailboxes", OpenMailboxes(rows=(member.mailbox(),)))
    kept = await _kept(host)

    assert len({row[0] for row in kept["kept_person"]}) == 2
    assert len({row[1] for row in kept["kept_checkup"]}) == 2
    assert {row[:2] for row in kept["kept_observation"]} == {row[:2] for row in kept["kept_checkup"]}


async def test_a_new_life(host: StoreHost) -> None:
    """The same token can be opened and claimed anew, and finds nothing of before."""
    member = await host.member()
    await _live(host, member)
    await _erase(host, await host.decided("erase", member), member)
    await host.as_registrar("enrol", "POST", "/mailboxes", OpenMailboxes(rows=(member.mailbox(),)))
    again = Member(member.seed, generate_p256())
    claimed = await host.as_member(again, "POST", "/claims", again.claim())
    state = await host.as_member(again, "GET", "/me/mailbox")
    read = await host.as_member(again, "GET", READ[host.store])

    assert (claimed.status_code, state.json(), read.status_code) == (201, {"recovery": None}, 200)
    assert read.json().get("items") == []


@pytest.mark.parametrize("attempt", range(3))
async def test_nothing_comes_after_it(host: StoreHost, attempt: int) -> None:
    """Writes and imports that race with an erasure leave no row of the erased token behind."""
    member, other = await host.member(), await host.member()
    await _import(host, other)
    listed = await host.decided("erase", member)
    path, body = WRITE[host.store]
    tasks = [asyncio.create_task(host.signed(member.reader, member.token, "PUT", path, body)) for _ in range(10)]
    imports = [asyncio.create_task(_import(host, member, other)) for _ in range(3)]
    await asyncio.sleep(0.01 * attempt)
    erased = (await _erase(host, listed, member)).json()
    answers = [await task for task in tasks]
    for task in imports:
        await task

    assert erased == {"erased": 1, "absent": 0}
    assert {answer.status_code for answer in answers} <= {200, 401}
    assert set((await _rows(host, member)).values()) == {0}


async def test_only_whom_the_officers_listed(host: StoreHost) -> None:
    """A row about somebody else refuses the whole batch, and a row more than the quota too."""
    member, other = await host.member(), await host.member()
    listed = await host.decided("erase", member, other, quota=1)
    elsewhere = SubjectList.make({host.store: [member.token, other.token]})
    refused = [await _erase(host, elsewhere, member, other), await _erase(host, listed, member, other)]

    assert [problem(answer) for answer in refused] == [(403, "subject-refused"), (429, "quota-exceeded")]
    assert (await host.rows("SELECT count(*) FROM mailbox"))[0][0] == 2
