"""Enrolment and blind evaluation."""

import asyncio
import json
import os
from typing import Any

import httpx
import pytest
from protocol import oprf
from protocol.messages.enrolment import Enrol, Enrolled, Enrolment, Evaluate, Evaluated, enrolment_info
from protocol.names import AUTHORITIES
from protocol.oprf import BlindedBatch
from protocol.proof import HEADER
from support.authorities import JSON, Host, Member, Registrar, problem


def _shares(registrar: Registrar, answer: httpx.Response) -> bytes:
    enrolled = Enrolled.model_validate(answer.json())
    info = enrolment_info("keyvault", registrar.window, answer.request.content)
    return registrar.hpke.open(enrolled.sealed, info)


async def test_same_rows_same_shares(keyvault: Host) -> None:
    """A repeated batch, also one at the same time, gets the same shares."""
    registrar = await Registrar(keyvault).opened()
    members = [Member(keyvault, f"fictional-{n}") for n in range(20)]
    answers = await asyncio.gather(*(registrar.enrol(*members) for _ in range(4)))
    shares = {_shares(registrar, answer) for answer in answers}

    assert [len(each) for each in shares] == [20 * 32]


async def test_never_again_after_a_release(keyvault: Host) -> None:
    """A batch with a member who was released to is refused as a whole, naming the row."""
    registrar = await Registrar(keyvault).opened()
    members = sorted((Member(keyvault, f"fictional-{n}") for n in range(3)), key=lambda member: member.ref)
    assert (await registrar.enrol(members[1])).status_code == 200
    assert (await members[1].device().release()).status_code == 200
    answer = await registrar.enrol(*members)

    assert problem(answer) == (409, "already-released")
    assert answer.json()["rows"] == [1]
    assert problem(await members[0].device().release()) == (403, "evidence-refused")


async def test_verifier_of_another(keyvault: Host) -> None:
    """A subject belongs to one member, within a batch and beyond it."""
    registrar = await Registrar(keyvault).opened()
    assert (await registrar.enrol(Member(keyvault, "fictional-a"))).status_code == 200
    taken = await registrar.enrol(Member(keyvault, "fictional-a"))
    twice = await registrar.enrol(Member(keyvault, "fictional-b"), Member(keyvault, "fictional-b"))

    assert [problem(answer) for answer in (taken, twice)] == [(409, "verifier-taken")] * 2
    assert [len(answer.json()["rows"]) for answer in (taken, twice)] == [1, 1]


async def _released(host: Host, ref: bytes, *subjects: str) -> list[tuple[int, str]]:
    answers = [await Member(host, subject, ref).device().release() for subject in subjects]
    return [(200, "") if answer.status_code == 200 else problem(answer) for answer in answers]


async def test_verifiers_are_replaced(keyvault: Host) -> None:
    """A corrected work id counts from then on, and the one before it lets nobody in any more."""
    registrar = await Registrar(keyvault).opened()
    member = Member(keyvault, "fictional-a")
    first = await registrar.enrol(member)
    second = await registrar.enrol(Member(keyvault, "fictional-b", member.ref))

    assert _shares(registrar, first) == _shares(registrar, second)
    assert await _released(keyvault, member.ref, "fictional-a", "fictional-b") == [(403, "evidence-refused"), (200, "")]


async def test_two_members_have_each_others_verifiers(keyvault: Host) -> None:
    """Two work ids that stood at each other's members are put right by one batch."""
    registrar = await Registrar(keyvault).opened()
    a, b = Member(keyvault, "fictional-a"), Member(keyvault, "fictional-b")
    await registrar.enrol(a, b)
    answer = await registrar.enrol(Member(keyvault, "fictional-b", a.ref), Member(keyvault, "fictional-a", b.ref))

    assert answer.status_code == 200
    assert await _released(keyvault, a.ref, "fictional-a", "fictional-b") == [(403, "evidence-refused"), (200, "")]
    assert await _released(keyvault, b.ref, "fictional-b", "fictional-a") == [(403, "evidence-refused"), (200, "")]


async def test_row_without_verifiers_replaces_none(keyvault: Host) -> None:
    """A row that says nothing about verifiers leaves them as they are; a refused batch does too."""
    registrar = await Registrar(keyvault).opened()
    member, other = Member(keyvault, "fictional-a"), Member(keyvault, "fictional-b")
    await registrar.enrol(member, other)
    silent = await registrar.post("/enrolments", Enrol(rows=(Enrolment(ref=member.ref),)))
    taken = await registrar.enrol(Member(keyvault, "fictional-b", member.ref))

    assert (silent.status_code, problem(taken)) == (200, (409, "verifier-taken"))
    assert await _released(keyvault, member.ref, "fictional-a") == [(200, "")]


async def test_unsorted_rows(keyvault: Host) -> None:
    """Rows ascend by reference and none comes twice."""
    registrar = await Registrar(keyvault).opened()
    rows = tuple(Enrolment(ref=bytes([n]) * 16) for n in (2, 1, 3, 3))
    answer = await registrar.post("/enrolments", Enrol(rows=rows))

    assert problem(answer) == (400, "rows-refused")
    assert answer.json()["rows"] == [1, 3]


async def test_references_of_other_hosts(keyvault: Host) -> None:
    """Nobody but the gateway may be told the references of other hosts."""
    registrar = await Registrar(keyvault).opened()
    row = Enrolment(ref=os.urandom(16), pairwise={"keyvault": os.urandom(16), "identity": os.urandom(16)})

    assert problem(await registrar.post("/enrolments", Enrol(rows=(row,)))) == (400, "pairwise-refused")


async def test_quota_is_kept_by_what_fails(keyvault: Host) -> None:
    """A refused batch spends nothing."""
    registrar = await Registrar(keyvault, quotas={"enrol": 3}).opened()
    a, b = Member(keyvault, "fictional-a"), Member(keyvault, "fictional-a")
    answers = [await registrar.enrol(*batch) for batch in ((a, b), (a,), (a,), (a,), (a,))]

    assert [answer.status_code for answer in answers] == [409, 200, 200, 200, 429]


@pytest.mark.parametrize("row", [{"ref": "AAAA"}, {"ref": "!"}, {"ref": "A" * 22, "name": "Fictional Person"}])
async def test_malformed(keyvault: Host, row: dict[str, Any]) -> None:
    """A malformed body is refused without an echo."""
    registrar = await Registrar(keyvault).opened()
    body = json.dumps({"rows": [row]})
    headers = {**JSON, HEADER: registrar.proof("/enrolments", body.encode())}
    answer = await keyvault.client.post("/enrolments", content=body, headers=headers)

    assert problem(answer) == (422, "malformed")


async def test_evaluation(keyvault: Host) -> None:
    """Three authorities' answers to a blinded batch verify under the pinned keys and give the same value each time."""
    registrar = await Registrar(keyvault).opened()
    world = keyvault.world

    async def once() -> list[bytes]:
        batch = BlindedBatch([b"member-1", b"member-2"])
        answer = await registrar.post("/evaluations", Evaluate(elements=batch.blinded["keyvault"]))
        answers = {host: oprf.evaluate(world.keys[host].evaluator("member"), batch.blinded[host]) for host in AUTHORITIES}
        answers["keyvault"] = Evaluated.model_validate(answer.json()).answer
        public = {host: each.voprf["member"] for host, each in world.deployment.authorities.items()}
        return batch.finalize(answers, public, "member")

    assert await once() == await once()


async def test_refused_elements(keyvault: Host) -> None:
    """1 to 256 group elements are evaluated, under keys that there are, nothing else."""
    registrar = await Registrar(keyvault).opened()
    element = BlindedBatch([b"member-1"]).blinded["keyvault"]
    refused = [
        *(Evaluate(elements=elements) for elements in (b"", element[:31], element + b"x", b"\xff" * 32, element * 257)),
        Evaluate(elements=element, use="search|email|99"),
    ]
    answers = [await registrar.post("/evaluations", one) for one in refused]

    assert (await registrar.post("/evaluations", Evaluate(elements=element * 256))).status_code == 200
    assert [problem(answer) for answer in answers] == [(400, "elements-refused")] * len(refused)


async def test_public_keys(keyvault: Host) -> None:
    """An authority shows the keys that the deployment pins."""
    answer = await keyvault.client.get("/authority")

    assert answer.json() == keyvault.world.deployment.authorities["keyvault"].model_dump(mode="json")
