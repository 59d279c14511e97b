"""Windows: who may open one, who may call in one, and how much."""

import asyncio
import os
from typing import Any

import pytest
from chassis.database import Database, drift
from protocol.messages.enrolment import Evaluate
from protocol.oprf import BlindedBatch
from protocol.proof import HEADER
from protocol.sealing import XWingPrivateKey
from support.authorities import JSON, Host, Member, Registrar, problem
from windows.store import windows as store


async def test_opened_once(keyvault: Host) -> None:
    """The same manifest opens a window once, and says what is left of its quotas."""
    registrar = Registrar(keyvault, quotas={"enrol": 3, "member": 5})
    first, again = await registrar.open(), await registrar.open()

    assert [first.status_code, again.status_code] == [201, 200]
    assert first.json()["remaining"] == again.json()["remaining"] == {"enrol": 3, "member": 5}


@pytest.mark.parametrize(
    "wrong",
    [
        {"signers": ("officer-a",)},
        {"signers": ()},
        {"signers": ("officer-a", "officer-c")},
        {"changes": {"zone": "pseudonymous"}},
        {"changes": {"origins": ("http://localhost:1",)}},
        {"changes": {"not_before": 1, "expires": 2}},
        {"changes": {"request_jkt": b"short"}},
        {"changes": {"hpke": b"short"}},
        {"changes": {"hpke": XWingPrivateKey.generate().public_bytes[:-32] + bytes(32)}},
        {"changes": {"id": b"short"}},
    ],
    ids=[
        "one-officer",
        "no-officer",
        "not-an-officer",
        "other-zone",
        "other-origins",
        "long-over",
        "no-jkt",
        "no-hpke",
        "low-order",
        "no-id",
    ],
)
async def test_refused_manifest(keyvault: Host, wrong: dict[str, Any]) -> None:
    """Only what two current officers signed for this zone, these origins and now opens a window."""
    answer = await Registrar(keyvault, **wrong).open()

    assert problem(answer) == (403, "window-refused")


async def test_one_officer_twice(keyvault: Host) -> None:
    """A signature under another officer's name does not count as a second one."""
    registrar = Registrar(keyvault, signers=("officer-a",))
    signature = registrar.signed.signatures["officer-a"]
    registrar.signed.signatures["officer-b"] = signature

    assert problem(await registrar.open()) == (403, "window-refused")


async def test_id_of_another_window(keyvault: Host) -> None:
    """An id stands for one manifest."""
    first = await Registrar(keyvault).opened()
    second = Registrar(keyvault, changes={"id": first.window})

    assert problem(await second.open()) == (409, "window-differs")


async def test_call_by_another_registrar(keyvault: Host) -> None:
    """A window's calls are signed by the key that its manifest names."""
    registrar, other = await Registrar(keyvault).opened(), await Registrar(keyvault).opened()
    blinded = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"])

    assert problem(await registrar.post("/evaluations", blinded, key=other.key)) == (401, "proof-refused")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"subject": os.urandom(16)}, (401, "window-unknown")),
        ({"subject": b""}, (401, "window-unknown")),
        ({"method": "PUT"}, (401, "proof-refused")),
        ({"url": "http://localhost:8103/evaluations"}, (401, "proof-refused")),
        ({"url": "http://localhost:8102/evaluations?x=1"}, (401, "proof-refused")),
        ({"now": 1_700_000_000}, (401, "proof-refused")),
    ],
    ids=["other-window", "no-window", "other-method", "other-host", "other-query", "old"],
)
async def test_refused_proof(keyvault: Host, changes: dict[str, Any], refusal: tuple[int, str]) -> None:
    """A proof is for one request of one window, and fresh."""
    registrar = await Registrar(keyvault).opened()
    blinded = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"])

    assert problem(await registrar.post("/evaluations", blinded, **changes)) == refusal


async def test_no_proof_or_two(keyvault: Host) -> None:
    """A call carries exactly one proof."""
    registrar = await Registrar(keyvault).opened()
    body = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"]).model_dump_json().encode()
    two = [(HEADER, registrar.proof("/evaluations", body)) for _ in range(2)]
    answers = [await keyvault.client.post("/evaluations", content=body, headers=[*JSON.items(), *headers]) for headers in ([], two)]

    assert [problem(answer) for answer in answers] == [(401, "proof-refused")] * 2


async def test_proof_for_another_body(keyvault: Host) -> None:
    """A proof covers the body."""
    registrar = await Registrar(keyvault).opened()
    body = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"]).model_dump_json().encode()
    headers = {**JSON, HEADER: registrar.proof("/evaluations", body + b" ")}

    assert problem(await keyvault.client.post("/evaluations", content=body, headers=headers)) == (401, "proof-refused")


async def test_replayed_call(keyvault: Host) -> None:
    """Of many equal signed calls at once exactly one is answered."""
    registrar = await Registrar(keyvault).opened()
    body = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"]).model_dump_json().encode()
    headers = {**JSON, HEADER: registrar.proof("/evaluations", body)}
    answers = await asyncio.gather(*(keyvault.client.post("/evaluations", content=body, headers=headers) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {problem(answer) for answer in answers if answer.status_code != 200} == {(409, "replayed")}


async def test_closed_window(keyvault: Host) -> None:
    """A call after the window's end hears that it is closed."""
    registrar = await Registrar(keyvault, changes={"expires": keyvault.world.now}).open()
    assert problem(registrar) == (403, "window-refused")
    caller = await Registrar(keyvault, changes={"expires": keyvault.world.now + 5}).opened()
    keyvault.world.clock.instant = keyvault.world.clock.instant.replace(second=5)
    blinded = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"])

    assert problem(await caller.post("/evaluations", blinded)) == (403, "window-closed")


async def test_window_of_another_purpose(keyvault: Host) -> None:
    """A window opened to import does not enrol, but evaluates."""
    registrar = await Registrar(keyvault, purpose="ingest").opened()
    blinded = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"])

    assert problem(await registrar.enrol(Member(keyvault))) == (403, "window-purpose")
    assert (await registrar.post("/evaluations", blinded)).status_code == 200


async def test_quota(keyvault: Host) -> None:
    """Calls at once never spend more than the quota, and a refusal says what is left."""
    registrar = await Registrar(keyvault, quotas={"member": 5}).opened()
    batches = [Evaluate(elements=BlindedBatch([b"x", b"y"]).blinded["keyvault"]) for _ in range(6)]
    answers = await asyncio.gather(*(registrar.post("/evaluations", batch) for batch in batches))
    refused = [answer for answer in answers if answer.status_code != 200]

    assert len(refused) == 4
    assert {problem(answer) for answer in refused} == {(429, "quota-exceeded")}
    assert refused[-1].json() | {"title": ""} == {
        "type": "quota-exceeded",
        "title": "",
        "status": 429,
        "use": "member",
        "remaining": 1,
    }
    assert problem(await registrar.enrol(Member(keyvault))) == (429, "quota-exceeded")


async def test_drift(keyvault: Host) -> None:
    """The store's tables are those of the migration."""
    db = await Database.open(keyvault.urls.runtime_url)

    assert await drift(db, store.metadata) == []
    await db.close()


async def test_purge(keyvault: Host) -> None:
    """A window is forgotten a day after its end, with its quotas."""
    registrar = await Registrar(keyvault).opened()
    async with keyvault.app.state.db.transaction("test") as tx:
        kept = await store.delete_windows(tx, keyvault.world.now)
        gone = await store.delete_windows(tx, keyvault.world.now + 3601)
        left = await store.remaining(tx, registrar.window)

    assert (kept, gone, left) == (0, 1, {})
