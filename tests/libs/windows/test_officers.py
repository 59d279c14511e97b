"""The officers' lists of a host, and what one officer may ask of it."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from chassis.database import Database, drift
from protocol.deployment import Officer, OfficerList
from protocol.encoding import unb64u
from protocol.messages.enrolment import Evaluate
from protocol.messages.officers import OfficerCall, Officers
from protocol.officers import SignedOfficerList, SignedOfficerRequest
from protocol.oprf import BlindedBatch
from support.authorities import JSON, Host, Registrar, World, problem
from windows.store import officers as store

BLINDED = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"])


def listed(world: World, *names: str, number: int = 2) -> OfficerList:
    people = [Officer(id=name, key=world.officers[name].public_bytes) for name in names]
    return OfficerList(number=number, officers=tuple(people))


def signed(world: World, after: OfficerList, *names: str) -> SignedOfficerList:
    made = SignedOfficerList.draft(after, world.deployment.sorted_origins)
    for name in names:
        made = made.signed_by(name, world.officers[name])
    return made


async def put(host: Host, made: SignedOfficerList) -> httpx.Response:
    body = Officers(officers=made.raw, signatures=made.signatures)
    return await host.client.put("/officers", content=body.model_dump_json(), headers=JSON)


async def read(host: Host) -> dict[str, Any]:
    answer = await host.client.get("/officers")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ask(
    host: Host,
    name: str = "officer-a",
    close: bytes | None = None,
    *,
    origin: str | None = None,
    late: int = 0,
    made: SignedOfficerRequest | None = None,
) -> httpx.Response:
    world = host.world
    person = Officer(id=name, key=world.officers[name].public_bytes)
    made = made or SignedOfficerRequest.make(person, world.officers[name], origin or host.origin, world.now - late, close)
    body = OfficerCall(officer=made.officer, request=made.raw, signature=made.signature)
    return await host.client.post("/officers/requests", content=body.model_dump_json(), headers=JSON)


THREE = ("officer-a", "officer-b", "officer-c")


async def test_a_third_officer_is_added(keyvault: Host) -> None:
    """Two officers add a third; from then on the third may sign, under the new list's number."""
    world = keyvault.world
    before = await read(keyvault)
    made = signed(world, listed(world, *THREE), "officer-a", "officer-b")
    answers = [await put(keyvault, made) for _ in range(2)]
    after = await read(keyvault)
    third = Registrar(keyvault, signers=("officer-a", "officer-c"), changes={"officer_list": 2})

    assert [(answer.status_code, answer.json()) for answer in answers] == [(201, {"number": 2}), (200, {"number": 2})]
    assert (before["signatures"], unb64u(after["officers"]), sorted(after["signatures"])) == (
        {},
        made.raw,
        ["officer-a", "officer-b"],
    )
    assert (await third.open()).status_code == 201
    assert problem(await Registrar(keyvault).open()) == (403, "window-refused")


async def test_two_of_three_remove_the_third(keyvault: Host) -> None:
    """Who was removed signs nothing any more, and reads nothing."""
    world = keyvault.world
    await put(keyvault, signed(world, listed(world, *THREE), "officer-a", "officer-b"))
    answer = await put(keyvault, signed(world, listed(world, "officer-a", "officer-c", number=3), "officer-a", "officer-c"))
    left = Registrar(keyvault, signers=("officer-a", "officer-b"), changes={"officer_list": 3})

    assert (answer.status_code, problem(await left.open())) == (201, (403, "window-refused"))
    assert problem(await ask(keyvault, "officer-b")) == (401, "officer-refused")
    assert (await ask(keyvault, "officer-c")).status_code == 200


@pytest.mark.parametrize(
    ("people", "signers"),
    [
        (THREE, ("officer-a", "officer-c")),
        (THREE, ("officer-c",)),
        (THREE, ("officer-a",)),
        (THREE, ()),
        (("officer-a", "officer-c"), ("officer-a", "officer-b")),
        (("officer-a",), ("officer-a", "officer-b")),
    ],
    ids=["own-addition", "alone", "one", "nobody", "own-removal", "one-remains"],
)
async def test_refused_list(keyvault: Host, people: Sequence[str], signers: Sequence[str]) -> None:
    """Nobody adds or removes themselves, and two must stay."""
    world = keyvault.world
    made = SignedOfficerList.draft(listed(world, *people), world.deployment.sorted_origins)
    for name in signers:
        made = made.signed_by(name, world.officers[name])

    assert problem(await put(keyvault, made)) == (403, "officers-refused")
    assert (
        unb64u((await read(keyvault))["officers"])
        == SignedOfficerList.draft(world.deployment.officers, world.deployment.sorted_origins).raw
    )


async def test_another_list_of_the_same_number(keyvault: Host) -> None:
    """A number stands for one list, also when two arrive at once."""
    world = keyvault.world
    lists = [signed(world, listed(world, *names), "officer-a", "officer-b") for names in (THREE, (*THREE[1::-1], "officer-c"))]
    assert lists[0].raw != lists[1].raw
    answers = await asyncio.gather(*(put(keyvault, made) for made in lists * 4))

    assert sorted({answer.status_code for answer in answers}) == [200, 201, 409]
    assert [answer.status_code for answer in answers].count(201) == 1
    assert {problem(answer) for answer in answers if answer.status_code == 409} == {(409, "officers-differ")}


async def test_a_host_that_is_behind(keyvault: Host) -> None:
    """A host restored from a backup says which list it goes by, and opens nothing until it has the lists in between."""
    world = keyvault.world
    second = signed(world, listed(world, *THREE), "officer-a", "officer-b")
    third = signed(world, listed(world, "officer-a", "officer-c", number=3), "officer-a", "officer-c")
    window = Registrar(keyvault, signers=("officer-a", "officer-c"), changes={"officer_list": 3})
    refused = [await window.open(), await put(keyvault, third)]
    taken = [await put(keyvault, made) for made in (second, third)]

    assert [(problem(answer), answer.json()["number"]) for answer in refused] == [((409, "officers-behind"), 1)] * 2
    assert [answer.status_code for answer in taken] == [201, 201]
    assert (await window.open()).status_code == 201


async def test_what_is_stored_is_verified_again(keyvault: Host) -> None:
    """A list that got into the table by another way than by two officers opens nothing."""
    world = keyvault.world
    forged = signed(world, listed(world, "officer-c", "officer-a"), "officer-a", "officer-c")
    async with keyvault.app.state.db.transaction("test") as tx:
        await store.insert_list(tx, 2, forged)
    window = Registrar(keyvault, signers=("officer-a", "officer-c"), changes={"officer_list": 2})

    assert problem(await window.open()) == (409, "officers-differ")


async def test_an_officer_sees_what_is_open(keyvault: Host) -> None:
    """One officer alone sees purpose, end, quotas and what is left; never by which key, or about whom."""
    enrol = await Registrar(keyvault, quotas={"member": 5, "enrol": 1}).opened()
    suspend = await Registrar(keyvault, purpose="suspend", quotas={}, subjects=[os.urandom(16)]).opened()
    await enrol.post("/evaluations", BLINDED)
    answer = await ask(keyvault)
    found = {unb64u(one["id"]): one for one in answer.json()["windows"]}

    assert (found[enrol.window]["purpose"], found[enrol.window]["closed"]) == ("enrol", False)
    assert found[enrol.window]["quotas"] == {"member": {"quota": 5, "left": 4}, "enrol": {"quota": 1, "left": 1}}
    assert (found[suspend.window]["quotas"], set(found[suspend.window])) == ({}, {"id", "purpose", "expires", "quotas", "closed"})


async def test_an_officer_closes_a_window(keyvault: Host) -> None:
    """After one officer closed it, no call is made in it and it is not opened again; another window stays open."""
    closed, other = await Registrar(keyvault).opened(), await Registrar(keyvault).opened()
    answer = await ask(keyvault, close=closed.window)
    again = await ask(keyvault, "officer-b", close=closed.window)
    states = {unb64u(one["id"]): one["closed"] for one in answer.json()["windows"]}

    assert (states, again.status_code) == ({closed.window: True, other.window: False}, 200)
    assert problem(await closed.post("/evaluations", BLINDED)) == (403, "window-closed")
    assert problem(await closed.open()) == (403, "window-closed")
    assert (await other.post("/evaluations", BLINDED)).status_code == 200


async def test_refused_requests(keyvault: Host) -> None:
    """Not an officer, old, for another host, sent twice, or about a window that is not here."""
    world = keyvault.world
    person = Officer(id="officer-a", key=world.officers["officer-a"].public_bytes)
    made = SignedOfficerRequest.make(person, world.officers["officer-a"], keyvault.origin, world.now)
    forged = SignedOfficerRequest(made.raw, "officer-b", made.signature)
    first = await ask(keyvault, made=made)
    refused = [
        await ask(keyvault, "officer-c"),
        await ask(keyvault, late=121),
        await ask(keyvault, origin=world.deployment.origins["identity"]),
        await ask(keyvault, made=forged),
        await ask(keyvault, made=made),
    ]

    assert (first.status_code, [problem(answer) for answer in refused]) == (200, [(401, "officer-refused")] * 5)
    assert problem(await ask(keyvault, close=os.urandom(16))) == (404, "window-not-here")


async def test_drift(keyvault: Host) -> None:
    """The store's table is that of the migration."""
    db = await Database.open(keyvault.urls.runtime_url)

    assert await drift(db, store.metadata) == []
    await db.close()
