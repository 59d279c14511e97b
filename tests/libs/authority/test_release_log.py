"""The release log: what is in it, what a member reads of it, and that nothing tells how much that is."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest
from authority.use_cases.log_sequencer import sequence
from chassis.backup import _info, backup
from chassis.seal import seal
from identity.app import SERVICE
from protocol import merkle
from protocol.checkpoint import Checkpoint, Note, log_name
from protocol.encoding import sha256
from protocol.messages.enrolment import Evaluate
from protocol.messages.life_events import Erase, Erasure
from protocol.messages.release import Commit, Rotate
from protocol.messages.release_log import (
    Consistency,
    Cosign,
    Cosigned,
    Deliver,
    Inclusion,
    InclusionPaths,
    LogLeaves,
    Openings,
    SignedCheckpoint,
    Witnessed,
)
from protocol.oprf import BlindedBatch
from protocol.release_log import SLOT_BYTES, SLOTS_BYTES, Entry, Event, LogKey, leaf
from protocol.rotation import sign_receipt
from protocol.sealed_stream import OpeningFile
from protocol.sealing import XWingPrivateKey
from support.authorities import JSON, Device, Host, Member, Registrar, problem


@dataclass
class Log:
    """The log of one authority, as anybody reads it."""

    host: Host

    async def fold(self) -> None:
        await sequence(self.host.app.state.authority)

    async def note(self) -> str:
        await self.fold()
        answer = await self.host.client.get("/log/checkpoint")
        return SignedCheckpoint.model_validate_json(answer.content).note

    async def checkpoint(self) -> Checkpoint:
        return Checkpoint.of_authority(self.host.world.deployment, self.host.name, await self.note())[0]

    async def leaves(self) -> list[bytes]:
        answer = await self.host.client.get("/log/leaves", params={"begin": 0, "end": 1000})
        return [leaf(one.kind, one.commitment) for one in LogLeaves.model_validate_json(answer.content).leaves]

    async def kinds(self) -> list[str]:
        answer = await self.host.client.get("/log/leaves", params={"begin": 0, "end": 1000})
        return [one.kind for one in LogLeaves.model_validate_json(answer.content).leaves]

    async def paths(self, size: int, *indexes: int) -> tuple[tuple[bytes, ...], ...]:
        body = Inclusion(size=size, indexes=indexes).model_dump_json()
        answer = await self.host.client.post("/log/inclusion", content=body, headers=JSON)
        return InclusionPaths.model_validate_json(answer.content).paths


@dataclass
class Owner:
    """A member with a log key at one authority."""

    device: Device
    seed: bytes

    @property
    def key(self) -> LogKey:
        return LogKey(self.seed, self.device.host.name, self.device.member.ref)

    async def first_login(self) -> None:
        """Be released to, and tell the authority the log key, as a first login does."""
        self.device.open(await self.device.release())
        await self.tell()

    async def tell(self) -> None:
        await self.device.call("POST", "/rotation", Rotate(v=1))
        receipt = sign_receipt(self.device.world.keys["keyvault"].signing, self.device.jkt, 1, b"sealed")
        commit = Commit(v=1, bundle_hash=sha256(b"sealed"), receipt=receipt, log_key=self.key.public_bytes)
        assert (await self.device.call("POST", "/rotation/commit", commit)).status_code == 204

    async def openings(self) -> Openings:
        return Openings.model_validate_json((await self.device.call("GET", "/log/openings")).content)

    async def entries(self) -> list[Entry]:
        found = await self.openings()
        return sorted(self.key.entries(found.slots + b"".join(found.fresh)), key=lambda one: one.index)


@pytest.fixture
async def log(identity: Host) -> Log:
    """Return identity's log, where a commit needs nothing but a receipt."""
    return Log(identity)


async def owners(host: Host, count: int) -> list[Owner]:
    members = [Member(host, f"fictional-{n}") for n in range(count)]
    await (await Registrar(host).opened()).enrol(*members)
    return [Owner(member.device(), os.urandom(32)) for member in members]


async def rows(host: Host, text: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(host.urls.owner_url)
    try:
        return [tuple(row) for row in await connection.fetch(text)]
    finally:
        await connection.close()


async def test_a_member_reads_their_openings(log: Log) -> None:
    """The first release, made before there was a log key, and the rotation after it are in the log, and the member can tell."""
    (owner,) = await owners(log.host, 1)
    owner.device.open(await owner.device.release())
    await log.fold()
    await owner.tell()
    found = await log.checkpoint()
    entries = await owner.entries()
    paths = await log.paths(found.size, *(entry.index for entry in entries))
    for entry, path in zip(entries, paths, strict=True):
        merkle.verify_inclusion(found.root, entry.leaf(log.host.name, owner.device.member.ref), entry.index, found.size, path)

    assert [(entry.kind, entry.about) for entry in entries] == [("release", owner.device.jkt), ("rotation", owner.device.jkt)]
    assert sorted(await log.kinds()) == ["release", "rotation", "window"]
    assert found.root == merkle.root(await log.leaves())


async def test_nobody_else_reads_them(log: Log) -> None:
    """Neither another member's key nor a session without a release reads what one member's slots hold."""
    owner, other = await owners(log.host, 2)
    await owner.first_login()
    await other.first_login()
    await log.fold()
    found = await owner.openings()
    without_release = await owner.device.member.device().call("GET", "/log/openings")

    assert other.key.entries(found.slots + b"".join(found.fresh)) == []
    assert problem(without_release) == (403, "not-released")


async def test_slots_tell_no_number(log: Log) -> None:
    """Slots have one size and one form, used or not; the seal puts the day's entries into them, and leaves no row beside them."""
    idle, busy = await owners(log.host, 2)
    for owner in (idle, busy):
        await owner.first_login()
    await log.fold()
    await seal(log.host.urls.owner_url, *SERVICE.sealing, now=log.host.world.now)
    before = await rows(log.host, "SELECT slots FROM member_log")
    for _ in range(3):
        device = busy.device.member.device()
        device.open(await device.release())
    await log.fold()
    told = await busy.entries()
    await seal(log.host.urls.owner_url, *SERVICE.sealing, now=log.host.world.now)
    sealed = await rows(log.host, "SELECT slots FROM member_log")
    slots = [bytes(row[0])[at : at + SLOT_BYTES] for row in [*before, *sealed] for at in range(0, SLOTS_BYTES, SLOT_BYTES)]  # type: ignore[call-overload]  # a column of bytes

    assert {len(bytes(row[0])) for row in [*before, *sealed]} == {SLOTS_BYTES}  # type: ignore[call-overload]  # as above
    assert {slot[:2] for slot in slots} == {bytes((1, 3))}
    assert await rows(log.host, "SELECT ref FROM log_inbox UNION ALL SELECT ref FROM log_queue") == []
    assert await busy.entries() == told
    assert len(told) == 5
    assert len(await idle.entries()) == 2


async def test_the_newest_stay(log: Log) -> None:
    """Of more entries than slots the newest stay, whatever the older ones were."""
    (owner,) = await owners(log.host, 1)
    await owner.first_login()
    await log.fold()
    # The first login's own entries are older than all that follow.
    await seal(log.host.urls.owner_url, *SERVICE.sealing, now=log.host.world.now)
    connection = await asyncpg.connect(log.host.urls.owner_url)
    key = owner.device.member.ref
    for day in range(3):
        values = [bytes((1, 3)) + bytes([day]) * (SLOT_BYTES - 2)] * 30
        await connection.executemany("INSERT INTO log_inbox (ref, sealed) VALUES ($1, $2)", [(key, value) for value in values])
        for text in SERVICE.fold:
            if "log" in text:
                await connection.execute(text)
    (slots,) = (await connection.fetch("SELECT slots FROM member_log"))[0]
    await connection.close()
    days = [slots[at + 2] for at in range(0, SLOTS_BYTES, SLOT_BYTES)]

    assert days == [0] * 4 + [1] * 30 + [2] * 30


async def test_order_is_drawn_by_lot(log: Log) -> None:
    """What was done in one second stands in the log in another order than it was done in."""
    people = await owners(log.host, 4)
    for owner in people:
        await owner.first_login()
    await log.fold()
    connection = await asyncpg.connect(log.host.urls.owner_url)
    done = [(1, owner.device.member.ref, bytes([turn]) * 32) for turn in range(5) for owner in people]
    async with connection.transaction():
        await connection.executemany("INSERT INTO log_queue (kind, ref, about) VALUES ($1, $2, $3)", done)
    await connection.close()
    await log.fold()
    logged = {(entry.index, owner.device.member.ref, entry.about) for owner in people for entry in await owner.entries()}
    order = [(1, ref, about) for _, ref, about in sorted(logged)][-len(done) :]

    assert order != done
    assert sorted(order) == sorted(done)


async def test_proofs_of_every_size(log: Log) -> None:
    """However the deeds came in batches, each size's root begins the next one's, and stored hashes are those of the leaves."""
    people = await owners(log.host, 5)
    seen: list[Checkpoint] = []
    for batch in ((0,), (1, 2), (3,), (4, 0, 1)):
        for index in batch:
            device = people[index].device.member.device()
            device.open(await device.release())
        seen.append(await log.checkpoint())
    leaves = await log.leaves()
    for first, second in [(one, other) for one in seen for other in seen if one.size <= other.size]:
        answer = await log.host.client.get("/log/consistency", params={"first": first.size, "second": second.size})
        path = Consistency.model_validate_json(answer.content).path
        merkle.verify_consistency(first.root, first.size, second.root, second.size, path)

    assert [one.root for one in seen] == [merkle.root(leaves[: one.size]) for one in seen]
    assert seen[-1].size == len(leaves) == 8


async def test_windows_and_evaluations(log: Log) -> None:
    """A window, once however often it is opened, and each evaluation is logged; a manifest is found by its hash."""
    registrar = await Registrar(log.host).opened()
    assert (await registrar.open()).status_code == 200
    answer = await registrar.post("/evaluations", Evaluate(use="member", elements=BlindedBatch([b"fictional"]).blinded["identity"]))
    await log.fold()
    day = log.host.world.now // 86_400
    commitment = Event("window", b"", sha256(registrar.signed.raw), day).commitment(log.host.name, b"")

    assert answer.status_code == 200
    assert sorted(await log.kinds()) == ["evaluation", "window"]
    assert leaf("window", commitment) in await log.leaves()


async def test_erased(log: Log) -> None:
    """After an erasure the leaves stay, one more says that there was one, and nothing opens them any more."""
    owner, other = await owners(log.host, 2)
    await owner.first_login()
    await log.fold()
    before = await log.leaves()
    # In the queue when the erasure comes.
    for one in (owner, other):
        device = one.device.member.device()
        device.open(await device.release())
    refs = sorted(one.device.member.ref for one in (owner, other))
    registrar = await Registrar(log.host, "erase", subjects=refs).opened()
    request = Erase(rows=tuple(Erasure(ref=ref, subject=registrar.subject(ref)) for ref in refs))
    assert (await registrar.post("/erasures", request)).status_code == 204
    await log.fold()
    left = "SELECT ref FROM member_log UNION ALL SELECT ref FROM log_inbox UNION ALL SELECT ref FROM log_queue"

    assert (await log.leaves())[: len(before)] == before
    assert sorted((await log.kinds())[len(before) :]) == ["erasure", "erasure", "release", "release", "window"]
    assert await rows(log.host, left) == []


async def test_a_backup_of_the_day(log: Log, tmp_path: Path) -> None:
    """A backup holds the log and everybody's slots, and nothing that says who signed in since the last seal."""
    (owner,) = await owners(log.host, 1)
    owner.device.open(await owner.device.release())
    await log.fold()
    key = XWingPrivateKey.generate()
    await backup(log.host.urls.owner_url, SERVICE, key.public_bytes, tmp_path / "backup")
    with (tmp_path / "backup").open("rb") as file:
        content = b"".join(OpeningFile(file, key, _info(SERVICE))._pieces)
    inbox = await rows(log.host, "SELECT entry FROM log_inbox")

    assert owner.device.member.ref in content
    assert owner.device.jkt in bytes(inbox[0][0])  # type: ignore[call-overload]  # a column of bytes
    assert owner.device.jkt not in content


async def test_a_log_key_that_is_none(log: Log) -> None:
    """A key that nothing can be sealed to is refused before anything is committed."""
    (owner,) = await owners(log.host, 1)
    owner.device.open(await owner.device.release())
    await owner.device.call("POST", "/rotation", Rotate(v=1))
    receipt = sign_receipt(owner.device.world.keys["keyvault"].signing, owner.device.jkt, 1, b"sealed")
    commit = Commit(v=1, bundle_hash=sha256(b"sealed"), receipt=receipt, log_key=bytes(32))

    assert problem(await owner.device.call("POST", "/rotation/commit", commit)) == (400, "log-key-refused")
    assert await rows(log.host, "SELECT version FROM account") == [(0,)]


async def test_the_first_log_key_stays(log: Log) -> None:
    """Nobody turns a member's entries to another key, not even their own session."""
    (owner,) = await owners(log.host, 1)
    await owner.first_login()
    other = replace(owner, seed=os.urandom(32))
    await other.tell()
    await log.fold()

    assert await other.entries() == []
    assert len(await owner.entries()) == 2


def _foreign(host: Host, leaves: list[bytes]) -> str:
    """Return a checkpoint of the gateway's log with these leaves."""
    made = Checkpoint(log_name(host.world.deployment, "gateway"), len(leaves), merkle.root(leaves))
    return str(Note(made.text, (made.sign(host.world.keys["gateway"].signing),)))


async def _ask(host: Host, note: str, before: int, path: tuple[bytes, ...] = ()) -> tuple[int, object]:
    body = Cosign(note=note, before=before, path=path).model_dump_json()
    answer = await host.client.post("/log/cosignatures", content=body, headers=JSON)
    if answer.status_code != 200:
        return problem(answer)
    return 200, Cosigned.model_validate_json(answer.content).line


async def test_a_witness_signs_what_goes_on(log: Log) -> None:
    """Another authority's log is cosigned while it goes on from what was cosigned; one that went back or branched off is not."""
    host, leaves = log.host, [os.urandom(8) for _ in range(9)]
    first = await _ask(host, _foreign(host, leaves[:4]), 0)
    on = await _ask(host, _foreign(host, leaves), 4, merkle.consistency_path(leaves, 4))
    again = await _ask(host, _foreign(host, leaves), 9)
    back = await _ask(host, _foreign(host, leaves[:6]), 9)
    fork = await _ask(host, _foreign(host, [*leaves[:8], b"other"]), 9)
    longer = [*leaves[:3], b"other", *leaves[4:], b"more"]
    forged = await _ask(host, _foreign(host, longer), 9, merkle.consistency_path(longer, 9))
    known = Witnessed.model_validate_json((await host.client.get("/log/witnessed/gateway")).content)

    assert (first[0], on[0], again[0]) == (200, 200, 200)
    assert (back, fork, forged) == ((409, "witness-elsewhere"), (409, "log-forked"), (409, "log-forked"))
    assert known.size == 9


async def test_what_a_witness_refuses(log: Log) -> None:
    """Nothing is cosigned that its authority did not sign, nor one's own log."""
    host, leaves = log.host, [b"leaf"]
    made = Checkpoint(log_name(host.world.deployment, "gateway"), 1, merkle.root(leaves))
    unsigned = str(Note(made.text, (made.sign(host.world.keys["keyvault"].signing),)))
    await owners(host, 1)
    refused = [await _ask(host, note, 0) for note in (unsigned, await log.note(), "nothing", _foreign(host, leaves) + "x")]

    assert refused == [(403, "checkpoint-refused")] * 4


async def test_cosignatures_are_kept(log: Log) -> None:
    """What another authority cosigned stands in the note; what none did is refused."""
    await owners(log.host, 1)
    found = await log.checkpoint()
    deployment, keys = log.host.world.deployment, log.host.world.keys
    name = deployment.origins["keyvault"].split("://")[1] + "/witness"
    line = found.cosign(name, keys["keyvault"].signing, log.host.world.now)
    forged = found.cosign(name, keys["gateway"].signing, log.host.world.now)
    kept, refused = [
        await log.host.client.put(
            "/log/cosignatures", content=Deliver(size=found.size, lines=(str(one),)).model_dump_json(), headers=JSON
        )
        for one in (line, forged)
    ]
    note = Note.parse(await log.note())

    assert (kept.status_code, problem(refused)) == (204, (403, "checkpoint-refused"))
    assert found.cosigners(deployment, note.signatures) == {"keyvault"}
