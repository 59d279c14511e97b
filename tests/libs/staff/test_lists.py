"""Who is staff is two officers' word, and nobody else's."""

import json
from typing import Any

import pytest
from chassis.database import Database, drift
from protocol.deployment import Officer, OfficerList
from protocol.encoding import sha256
from protocol.messages.officers import Officers
from protocol.officers import SignedOfficerList
from protocol.signing import SigningKey
from protocol.staff import SignedStaffList
from staff.store import tables
from support.office import Colleague, put_list, signed_list, staffed
from support.store_host import OFFICERS, StoreHost, deployment, problem

THIRD = SigningKey(bytes(31) + b"c")


def both(*names: str) -> OfficerList:
    keys = {**OFFICERS, "officer-c": THIRD}
    return OfficerList(number=2, officers=tuple(Officer(id=name, key=keys[name].public_bytes) for name in names))


async def put_officers(host: StoreHost, listed: OfficerList) -> None:
    signed = SignedOfficerList.draft(listed, deployment().sorted_origins)
    for name in OFFICERS:
        signed = signed.signed_by(name, OFFICERS[name])
    body = Officers(officers=signed.raw, signatures=signed.signatures).model_dump_json()
    answer = await host.client.put("/officers", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201, answer.text


async def test_one_officer_alone(host: StoreHost) -> None:
    """One officer adds nobody, whoever else signs, and however often."""
    colleague = Colleague("desk-1")
    alone = signed_list(colleague.listed(host.store), signers=("officer-a",))
    draft = SignedStaffList(alone.raw, {})
    lists = [
        alone,
        draft,
        SignedStaffList(alone.raw, {**alone.signatures, "officer-b": alone.signatures["officer-a"]}),
        alone.signed_by("officer-c", THIRD),
        alone.signed_by("officer-b", THIRD),
    ]
    answers = [await put_list(host, signed) for signed in lists]

    assert [problem(answer) for answer in answers] == [(403, "staff-list-refused")] * 5
    assert (await host.client.get("/staff/list")).json() == {"number": 0, "hash": None}


def changed(signed: SignedStaffList, **changes: Any) -> SignedStaffList:
    """Return the list with other content, signed by both officers."""
    made = SignedStaffList(json.dumps({**json.loads(signed.raw), **changes}).encode(), {})
    for name, key in OFFICERS.items():
        made = made.signed_by(name, key)
    return made


@pytest.mark.parametrize(
    "changes",
    [
        {"origins": ["http://localhost:9999"]},
        {"officers": 2},
        {"number": 0},
        {"v": 2},
        {"more": 1},
        {"passkeys": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_refused_list(host: StoreHost, changes: dict[str, Any]) -> None:
    """A list for other origins, under another officers' list, or of another form is refused, though two officers signed it."""
    signed = changed(signed_list(Colleague("desk-1").listed(host.store)), **changes)

    assert problem(await put_list(host, signed)) == (403, "staff-list-refused")


async def test_keys_that_verify_nothing(host: StoreHost) -> None:
    """A key that no assertion can be checked with, an id or a key that stands twice, and an unknown role are refused."""
    colleague, other = Colleague("desk-1"), Colleague("desk-2")
    entry, second = colleague.listed(host.store), other.listed(host.store)
    plain = json.loads(entry.model_dump_json())
    grants = {host.store: {**plain["stores"][host.store], "roles": ["director"]}}
    lists = [
        signed_list(entry.model_copy(update={"public_key": b"\x00"})),
        changed(signed_list(entry), passkeys=[plain, plain]),
        changed(signed_list(entry), passkeys=[plain, {**json.loads(second.model_dump_json()), "public_key": plain["public_key"]}]),
        changed(signed_list(entry), passkeys=[{**plain, "stores": grants}]),
    ]
    answers = [await put_list(host, signed) for signed in lists]

    assert [problem(answer) for answer in answers] == [(403, "staff-list-refused")] * 4


async def test_lists_go_forward(host: StoreHost) -> None:
    """A later list replaces the present one, also when some in between are missing; the same again is fine; no list comes back."""
    colleague = Colleague("desk-1")
    first, third = (signed_list(colleague.listed(host.store), number=number) for number in (1, 3))
    other_third = signed_list(number=3)
    answers = [await put_list(host, signed) for signed in (first, first, third, first, other_third)]

    assert [answer.status_code for answer in answers] == [201, 200, 201, 409, 409]
    assert [answer.json()["type"] for answer in answers[3:]] == ["staff-list-behind", "staff-list-differs"]
    assert (await host.client.get("/staff/list")).json()["number"] == 3
    assert [bytes(row["content"]) for row in await host.rows("SELECT content FROM staff_list")] == [third.raw]


async def test_whoever_is_removed_is_out(host: StoreHost) -> None:
    """A colleague whom a later list does not name opens nothing, and an empty list lets nobody in."""
    colleague = Colleague("desk-1")
    await staffed(host, colleague)
    await put_list(host, signed_list(number=2))

    assert problem(await colleague.call(host, "GET", "/staff/session")) == (401, "staff-session-needed")
    assert problem(await colleague.open(host)) == (403, "staff-refused")


async def test_what_is_stored_is_verified_again(host: StoreHost) -> None:
    """Who writes into the table without two officers' keys makes no staff of anybody, and ends the sessions that were open."""
    colleague, thief = Colleague("desk-1"), Colleague("desk-2")
    await staffed(host, colleague)
    forged = signed_list(colleague.listed(host.store), thief.listed(host.store))
    await host.rows("UPDATE staff_list SET content = $1", forged.raw)

    assert problem(await thief.open(host)) == (403, "staff-refused")
    assert problem(await colleague.call(host, "GET", "/staff/session")) == (401, "staff-session-needed")


async def test_officers_come_and_go(host: StoreHost) -> None:
    """A list stays good when the officers change; the next one needs two of the new officers."""
    colleague = Colleague("desk-1")
    await staffed(host, colleague)
    await put_officers(host, both("officer-a", "officer-b", "officer-c"))
    answer = await colleague.call(host, "GET", "/staff/session")
    old = signed_list(colleague.listed(host.store), number=2)
    new = signed_list(colleague.listed(host.store), number=2, officers=2, signers=("officer-a",)).signed_by("officer-c", THIRD)

    assert answer.status_code == 200
    assert [(await put_list(host, signed)).status_code for signed in (old, new)] == [403, 201]


async def test_nothing_of_a_list_is_told(host: StoreHost) -> None:
    """Anybody may ask which list is here, and learns its number and hash alone."""
    signed = signed_list(Colleague("desk-1").listed(host.store))
    await put_list(host, signed)
    answer = (await host.client.get("/staff/list")).json()

    assert (set(answer), answer["number"]) == ({"number", "hash"}, 1)
    assert len(sha256(signed.raw)) == 32


async def test_drift(host: StoreHost) -> None:
    """The tables in Python are those of the migration."""
    db = await Database.open(host.urls.owner_url)
    found = await drift(db, tables.metadata)
    await db.close()

    assert found == []
