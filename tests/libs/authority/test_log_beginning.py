"""A log that begins anew, after its authority was restored from an older state."""

import os
from datetime import date
from pathlib import Path

import pytest
from authority.use_cases.log_sequencer import sequence
from chassis.config import ConfigError
from identity.app import SERVICE as IDENTITY
from protocol import merkle
from protocol.checkpoint import Checkpoint, Note, log_name, witness_name
from protocol.deployment import LogBeginning
from protocol.messages.release_log import Cosign, Cosigned, LogLeaves, SignedCheckpoint, Vouched, Witnessed
from protocol.names import AuthorityName
from protocol.release_log import Event, beginning
from support.authorities import JSON, Host, Member, Registrar, World, problem, running
from support.postgres import ThrowawayCluster

SINCE = date(2026, 5, 1)
LEAVES = [os.urandom(8) for _ in range(9)]


def carried(world: World, host: AuthorityName, leaves: list[bytes], by: AuthorityName, number: int = 1) -> str:
    """Return the checkpoint of a log as another authority vouches for it."""
    made = Checkpoint(log_name(world.deployment, host, number), len(leaves), merkle.root(leaves))
    return str(Note(made.text, (made.cosign(witness_name(world.deployment, by), world.keys[by].signing, world.now),)))


def begun(world: World, host: AuthorityName, before: str, number: int = 2) -> None:
    """Let the description say that an authority's log begins anew."""
    logs = {host: LogBeginning(number=number, since=SINCE, before=before)}
    world.deployment = world.deployment.model_copy(update={"logs": logs})


def shown(world: World, leaves: list[bytes]) -> str:
    """Return a checkpoint of the gateway's present log with these leaves."""
    made = Checkpoint(log_name(world.deployment, "gateway"), len(leaves), merkle.root(leaves))
    return str(Note(made.text, (made.sign(world.keys["gateway"].signing),)))


async def cosigned(host: Host, leaves: list[bytes], before: int, path: tuple[bytes, ...] = ()) -> object:
    """Ask for a cosignature; return the line, or the problem."""
    body = Cosign(note=shown(host.world, leaves), before=before, path=path).model_dump_json()
    answer = await host.client.post("/log/cosignatures", content=body, headers=JSON)
    return Cosigned.model_validate_json(answer.content).line if answer.status_code == 200 else problem(answer)


async def note(host: Host) -> str:
    """Return the host's own newest checkpoint, after everything queued is in its log."""
    await sequence(host.app.state.authority)
    return SignedCheckpoint.model_validate_json((await host.client.get("/log/checkpoint")).content).note


async def leaves_of(host: Host) -> LogLeaves:
    """Return the host's leaves."""
    answer = await host.client.get("/log/leaves", params={"begin": 0, "end": 1000})
    return LogLeaves.model_validate_json(answer.content)


async def test_a_log_begins_anew(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Under a name of its own, with what was left of the old one at its front; the first leaf commits to what was carried over."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        await (await Registrar(host).opened()).enrol(Member(host, "fictional"))
        old, before = await note(host), (await leaves_of(host)).leaves
    kept = carried(world, "identity", LEAVES, "keyvault")
    begun(world, "identity", kept)
    for _ in range(2):  # a second start begins nothing
        async with running(world, IDENTITY, cluster, tmp_path, empty=False) as host:
            new, after = await note(host), (await leaves_of(host)).leaves
    found = Checkpoint.of_authority(world.deployment, "identity", new)[0]
    said = Event("beginning", b"", beginning(2, kept), world.now // 86_400).commitment("identity", b"")

    assert found.origin == "localhost:8103/log/2"
    assert (after[: len(before)], [(one.kind, one.commitment) for one in after[len(before) :]]) == (before, [("beginning", said)])
    assert old.startswith("localhost:8103/log\n")
    assert found.size == len(after)


async def test_a_description_that_does_not_fit(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A host does not start with a log older than its present one, nor with one that carries over what nobody else cosigned."""
    first = world.deployment
    other = carried(world, "gateway", LEAVES, "keyvault")
    own = carried(world, "identity", LEAVES, "identity")
    unnamed = carried(world, "identity", LEAVES, "keyvault", number=2)
    for before in (other, own, unnamed):
        begun(world, "identity", before)
        with pytest.raises(ConfigError, match="carries over"):
            async with running(world, IDENTITY, cluster, tmp_path):
                pass
    begun(world, "identity", carried(world, "identity", LEAVES, "keyvault"))
    async with running(world, IDENTITY, cluster, tmp_path):
        pass
    world.deployment = first
    with pytest.raises(ConfigError, match="present log is 2"):
        async with running(world, IDENTITY, cluster, tmp_path, empty=False):
            pass


async def test_a_witness_follows_the_description(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """It cosigns a new log from its first leaf on, when all that it cosigned before was carried over; never the old one again."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        assert isinstance(await cosigned(host, LEAVES, 0), str)
        back = await cosigned(host, LEAVES[:4], 9)
        vouched = Vouched.model_validate_json((await host.client.get("/log/witnessed/gateway/checkpoint")).content).note
    anew, grown = [*LEAVES[:4], b"beginning"], [*LEAVES[:4], b"beginning", b"more"]
    old = shown(world, [*LEAVES, b"more"])
    for short in (carried(world, "gateway", LEAVES[:8], "keyvault"), carried(world, "gateway", [*LEAVES[:8], b"fork"], "keyvault")):
        begun(world, "gateway", short)
        async with running(world, IDENTITY, cluster, tmp_path, empty=False) as host:
            assert await cosigned(host, anew, 0) == (409, "log-forked")
    begun(world, "gateway", vouched)
    async with running(world, IDENTITY, cluster, tmp_path, empty=False) as host:
        before = Witnessed.model_validate_json((await host.client.get("/log/witnessed/gateway")).content)
        first = await cosigned(host, anew, 0)
        on = await cosigned(host, grown, 5, merkle.consistency_path(grown, 5))
        fork = await cosigned(host, [*LEAVES[:4], b"other", b"and", b"more"], 6, merkle.consistency_path(grown, 6))
        body = Cosign(note=old, before=9, path=merkle.consistency_path([*LEAVES, b"more"], 9)).model_dump_json()
        former = await host.client.post("/log/cosignatures", content=body, headers=JSON)

    assert back == (409, "witness-elsewhere")
    assert (before.size, isinstance(first, str), isinstance(on, str)) == (0, True, True)
    assert (fork, problem(former)) == ((409, "log-forked"), (403, "checkpoint-refused"))


async def test_what_a_witness_vouches_for(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """The size and root that it cosigned last, with its own signature alone; of a log that it never saw nothing."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        nothing = await host.client.get("/log/witnessed/gateway/checkpoint")
        await cosigned(host, LEAVES, 0)
        answer = await host.client.get("/log/witnessed/gateway/checkpoint")
    found = Note.parse(Vouched.model_validate_json(answer.content).note)
    known = Checkpoint.parse(found.text, log_name(world.deployment, "gateway"))

    assert problem(nothing) == (404, "log-empty")
    assert (known.size, known.root) == (9, merkle.root(LEAVES))
    assert known.cosigners(world.deployment, found.signatures) == {"identity"}


async def test_a_log_without_a_checkpoint(identity: Host) -> None:
    """Before the first entry is in the log there is nothing to be shown, and the answer says so."""
    answer = await identity.client.get("/log/checkpoint")

    assert problem(answer) == (404, "log-empty")
