"""What a member sees in the release logs, and what an auditor does."""

import secrets
from datetime import date
from pathlib import Path

import pytest
import warifu
from protocol.checkpoint import Checkpoint, Note, log_name, witness_name
from protocol.names import AUTHORITIES, AuthorityName
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_lying_hosts import saying
from warifu._wire import Wire
from warifu.transparency import Alarm, AuditReport, KnownLogs, audit, beginning


async def _seen(sign_in: SignIn) -> warifu.OpeningsReport:
    async with await sign_in() as session:
        return await session.openings(pause=0)


async def test_every_opening_is_seen(sign_in: SignIn) -> None:
    """A first sign-in and a later one, and the keys that were made new, with all three logs and all cosignatures checked."""
    first = await _seen(sign_in)
    later = await _seen(sign_in)

    assert [(one.kind, one.own, one.hosts) for one in first.openings] == [
        ("release", True, frozenset(AUTHORITIES)),
        ("rotation", True, frozenset(AUTHORITIES)),
    ]
    assert sorted((one.kind, one.own) for one in later.openings) == [("release", False), ("release", True), ("rotation", False)]
    assert (first.good, later.good) == (True, True)


async def test_an_opening_that_one_log_lacks(world: World, sign_in: SignIn) -> None:
    """What an authority keeps from its log, or from the member, is missed because the others have it."""
    await _seen(sign_in)
    world.authorities["identity"].log.silent = True
    kept_out = await _seen(sign_in)
    world.authorities["identity"].log.silent = False
    log = world.authorities["keyvault"].log
    log.hidden.add(len(log.deeds))
    hidden = await _seen(sign_in)

    assert [(one.own, one.missing) for one in kept_out.openings if one.missing] == [(True, frozenset({"identity"}))]
    assert {(one.own, one.missing) for one in hidden.openings if one.missing} == {
        (False, frozenset({"identity"})),
        (True, frozenset({"keyvault"})),
    }
    assert (kept_out.good, hidden.good) == (False, False)


async def test_an_opening_that_no_log_has(world: World, sign_in: SignIn) -> None:
    """The device knows of its own sign-in, though all three keep it from their logs."""
    await _seen(sign_in)
    for authority in world.authorities.values():
        authority.log.silent = True
    report = await _seen(sign_in)

    assert [(one.own, one.missing) for one in report.openings if one.missing] == [(True, frozenset(AUTHORITIES))]


async def test_a_log_that_goes_back(world: World, sign_in: SignIn) -> None:
    """A log that was set back is told by what the others cosigned, also once it is as long again."""
    await _seen(sign_in)
    await _seen(sign_in)
    log = world.authorities["gateway"].log
    del log.deeds[1:]
    log.silent = True
    shorter = await _seen(sign_in)
    log.silent = False
    for _ in range(4):
        log.log("release", secrets.token_bytes(32))
    longer = await _seen(sign_in)

    assert set(shorter.alarms) == {Alarm("gateway", "went-back")}
    assert set(longer.alarms) == {Alarm("gateway", "forked")}
    assert longer.cosigners["gateway"] == frozenset()


async def test_an_entry_that_is_not_in_the_log(world: World, sign_in: SignIn) -> None:
    """An entry that opens no leaf of the log is an alarm, whatever it says."""
    async with await sign_in() as session:
        log = world.authorities["keyvault"].log
        honest = log.commitments
        log.commitments = lambda: [(kind, bytes(32)) for kind, _ in honest()]  # type: ignore[method-assign]  # a host that lies
        report = await session.openings()

    assert report.alarms == (Alarm("keyvault", "not-in-log"),)


async def test_without_a_witness(world: World, sign_in: SignIn) -> None:
    """An authority that vouches for nobody is named; what the others say still counts."""
    world.authorities["identity"].log.vouches = False
    report = await _seen(sign_in)

    assert report.cosigners["gateway"] == frozenset({"keyvault"})
    assert (report.alarms, report.good) == ((), False)


async def test_a_checkpoint_of_another_key(world: World, sign_in: SignIn) -> None:
    """A checkpoint that the pinned key did not sign ends the look with an alarm."""
    world.authorities["gateway"].log.keys = world.keys["keyvault"]
    with pytest.raises(warifu.KeyMaterialRefused):
        await _seen(sign_in)


async def _audited(world: World, known: KnownLogs) -> AuditReport:
    async with world.http() as http:
        return await audit(Wire(http, world.deployment, world.clock), known)


async def test_an_audit_goes_on(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    """What an audit keeps in its file is where the next one goes on, leaf by leaf."""
    await _seen(sign_in)
    first = await _audited(world, KnownLogs.load(tmp_path / "logs.json"))
    first.known.save(tmp_path / "logs.json")
    await _seen(sign_in)
    second = await _audited(world, KnownLogs.load(tmp_path / "logs.json"))

    assert {host: counts["release"] for host, counts in first.counted.items()} == dict.fromkeys(AUTHORITIES, 1)
    assert {host: counts["release"] for host, counts in second.counted.items()} == dict.fromkeys(AUTHORITIES, 2)
    assert (second.alarms, second.differences) == ((), {})
    assert KnownLogs.load(tmp_path / "logs.json") == first.known


async def test_an_audit_finds_what_changed(world: World, sign_in: SignIn) -> None:
    """A log that differs in one early leaf, and one that is shorter; what was known of both stays as evidence."""
    await _seen(sign_in)
    before = await _audited(world, KnownLogs())
    logs = {host: world.authorities[host].log for host in AUTHORITIES}
    logs["gateway"].deeds[0] = logs["gateway"].deeds[1]
    logs["gateway"].log("release", bytes(32))
    del logs["keyvault"].deeds[1:]
    found = await _audited(world, before.known)

    assert set(found.alarms) == {Alarm("gateway", "forked"), Alarm("keyvault", "went-back")}
    assert {host: found.known.logs[host] for host in ("gateway", "keyvault")} == {
        host: before.known.logs[host] for host in ("gateway", "keyvault")
    }


async def test_an_audit_counts(world: World, sign_in: SignIn) -> None:
    """Releases that one log lacks make the numbers differ."""
    await _seen(sign_in)
    world.authorities["identity"].log.silent = True
    await _seen(sign_in)
    found = await _audited(world, KnownLogs())

    assert found.differences == {"release": {"gateway": 2, "keyvault": 2, "identity": 1}}


async def _restored(world: World, host: AuthorityName, deeds: int) -> None:
    """Set an authority's log back, and let it begin anew as its operator would."""
    async with world.http() as http:
        entry = await beginning(Wire(http, world.deployment, world.clock), host)
    world.describe(world.deployment.model_copy(update={"logs": {host: entry}}))
    log = world.authorities[host].log
    del log.deeds[deeds:]
    log.log("beginning", bytes(32))


async def test_a_log_that_begins_anew(world: World, sign_in: SignIn) -> None:
    """Members are told, and what the log lost is no alarm; from the next day on everything must be there again."""
    await _seen(sign_in)
    await _seen(sign_in)
    await _restored(world, "keyvault", 2)
    told = await _seen(sign_in)
    world.clock.now += 2 * 86_400
    world.authorities["keyvault"].log.silent = True
    for host in ("gateway", "identity"):
        world.authorities[host].log.today += 2
    kept_out = await _seen(sign_in)

    assert (told.good, told.begun) == (True, {"keyvault": date(2027, 1, 15)})
    assert [one.hosts for one in told.openings if "keyvault" not in one.hosts] == [frozenset({"gateway", "identity"})]
    assert [(one.own, one.missing) for one in kept_out.openings if one.missing] == [(True, frozenset({"keyvault"}))]


async def test_an_audit_goes_on_with_a_new_log(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    """It says once what only the others have; then the numbers fit again, and what is kept out later is found."""
    await _seen(sign_in)
    await _seen(sign_in)
    before = await _audited(world, KnownLogs())
    await _restored(world, "keyvault", 2)
    await _seen(sign_in)
    found = await _audited(world, before.known)
    found.known.save(tmp_path / "logs.json")
    again = await _audited(world, KnownLogs.load(tmp_path / "logs.json"))
    world.authorities["keyvault"].log.silent = True
    await _seen(sign_in)
    later = await _audited(world, again.known)

    assert (found.alarms, found.begun, found.differences) == ((), {"keyvault": {"release": 1}}, {})
    assert (again.alarms, again.begun, again.differences) == ((), {}, {})
    assert later.differences == {"release": {"gateway": 4, "keyvault": 3, "identity": 4}}


async def test_a_new_log_that_leaves_the_old_one_behind(world: World, sign_in: SignIn) -> None:
    """An auditor who knew more of the old log than was carried over is not led past it."""
    await _seen(sign_in)
    async with world.http() as http:
        early = await beginning(Wire(http, world.deployment, world.clock), "keyvault")
    await _seen(sign_in)
    before = await _audited(world, KnownLogs())
    world.describe(world.deployment.model_copy(update={"logs": {"keyvault": early}}))
    found = await _audited(world, before.known)

    assert Alarm("keyvault", "left-behind") in found.alarms
    assert found.known.logs["keyvault"] == before.known.logs["keyvault"]


async def test_what_nobody_vouches_for_begins_nothing(world: World, sign_in: SignIn) -> None:
    """Two who vouch for different logs of one size are no end of one."""
    await _seen(sign_in)
    name = log_name(world.deployment, "keyvault")
    size, _ = world.authorities["gateway"].log.witnessed[name]
    world.authorities["gateway"].log.witnessed[name] = (size, bytes(32))
    async with world.http() as http:
        with pytest.raises(warifu.KeyMaterialRefused):
            await beginning(Wire(http, world.deployment, world.clock), "keyvault")


async def test_leaves_that_are_not_signed(world: World, sign_in: SignIn) -> None:
    """Leaves that do not make the signed root are an alarm, though every proof holds."""
    await _seen(sign_in)
    log = world.authorities["identity"].log
    shown = [(kind, bytes(32)) for kind, _ in log.commitments()]
    true = log.leaves()
    log.commitments = lambda: shown  # type: ignore[method-assign]  # a host that lies to those who read leaves
    log.leaves = lambda: true  # type: ignore[method-assign]  # and not to those who ask for proofs
    found = await _audited(world, KnownLogs())

    assert found.alarms == (Alarm("identity", "not-its-leaves"),)


@pytest.mark.parametrize(
    ("origin", "signer", "said"),
    [
        ("keyvault", "gateway", ("identity", "a checkpoint that it did not cosign")),
        ("gateway", "identity", ("identity", "a checkpoint of another log")),
        (None, "identity", ("identity", "a checkpoint that is none")),
    ],
)
async def test_a_new_log_begins_after_what_others_signed(
    world: World, sign_in: SignIn, origin: AuthorityName | None, signer: AuthorityName, said: tuple[str, str]
) -> None:
    """A restored log carries over nothing that an authority passes on and did not cosign itself, about this log."""
    await _seen(sign_in)
    made = Checkpoint(log_name(world.deployment, origin or "keyvault"), 1_000, bytes(32))
    line = made.cosign(witness_name(world.deployment, "identity"), world.keys[signer].signing, world.clock())
    world.faults.lies["identity GET /log/witnessed/keyvault/checkpoint"] = saying(
        note=str(Note(made.text, (line,))) if origin else ""
    )
    async with world.http() as http:
        with pytest.raises(warifu.KeyMaterialRefused) as caught:
            await beginning(Wire(http, world.deployment, world.clock), "keyvault")

    assert (caught.value.host, caught.value.reason) == said


async def test_a_log_that_nobody_cosigned_has_no_successor(world: World) -> None:
    """Where neither of the others knows the log, nothing can be carried over."""
    world.faults.refusals["/log/witnessed/keyvault/checkpoint"] = (404, "log-empty")
    async with world.http() as http:
        with pytest.raises(warifu.KeyMaterialRefused) as caught:
            await beginning(Wire(http, world.deployment, world.clock), "keyvault")

    assert (caught.value.host, caught.value.reason) == ("keyvault", "a log that nobody cosigned")


async def test_a_log_that_answers_less_than_was_asked(world: World, sign_in: SignIn) -> None:
    """A log that leaves out leaves or proofs fails the look at it, and is named."""
    world.faults.lies["identity GET /log/leaves"] = lambda true: {"leaves": true["leaves"][1:]}
    world.faults.lies["identity POST /log/inclusion"] = lambda true: {"paths": true["paths"][1:]}
    said = []
    for look in (lambda: _seen(sign_in), lambda: _audited(world, KnownLogs())):
        with pytest.raises(warifu.HostRefused) as caught:
            await look()
        said.append(str(caught.value))

    assert said == ["identity refused: malformed-answer (200)"] * 2


async def test_a_witness_that_refuses(world: World, sign_in: SignIn) -> None:
    """A witness that says no, without saying that the log has gone on, is no witness that is away: it is named."""
    world.faults.refusals["/log/cosignatures"] = (403, "checkpoint-refused")
    with pytest.raises(warifu.HostRefused) as caught:
        await _seen(sign_in)

    assert caught.value.type == "checkpoint-refused"
