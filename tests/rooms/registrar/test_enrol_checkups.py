"""Checkups of an invented population, imported at the five hosts in this process."""

import asyncio
import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from health.items import choices
from protocol.encoding import unpad
from protocol.sealing import XWingPrivateKey
from protocol.tokens import TokenSeed
from registrar import checkups as importing
from registrar.batches import batches
from registrar.checkups import Arrived
from registrar.details import details_info
from registrar.errors import RegistrarError
from registrar.home import Home
from registrar.population import write_population
from registrar.report import ImportSummary
from registrar.run import Run
from registrar.windows import Window
from rooms.registrar.five_hosts import FiveHosts, Killed

MEMBERS = 40
YEARS = (2024, 2025)


def files(folder: Path) -> list[Path]:
    made = write_population(folder, MEMBERS, YEARS, seed=7)
    return [*made.archives.values(), made.eligibility]


def checkups(folder: Path) -> int:
    return sum(write_population(folder, MEMBERS, YEARS, seed=7).checkups.values())


def outcome(summary: ImportSummary) -> tuple[int, int, int, list[str]]:
    lines = [line.code for line in summary.lines if not line.note]
    return summary.members_enrolled, summary.checkups_inserted, summary.checkups_unchanged, lines


async def test_members_and_checkups_come_in_one_command(hosts: FiveHosts, tmp_path: Path) -> None:
    """In whatever order the files are given, people come first, and every checkup finds its mailbox; again, nothing happens."""
    given = files(tmp_path / "population")
    expected = checkups(tmp_path / "again")
    first = await hosts.run(*given)
    stored = await hosts.count("anon-data", "checkup")
    hosts.calls.clear()
    second = await hosts.run(*given)

    assert (outcome(first), stored) == ((MEMBERS, expected, 0, []), expected)
    assert (outcome(second), hosts.calls) == ((0, 0, expected, []), [])


async def test_a_killed_import_of_checkups_is_finished(hosts: FiveHosts, tmp_path: Path) -> None:
    """When the answer to a batch was lost, the same batch is recognised by anon-data and by nobody stored twice."""
    *archives, table = files(tmp_path / "population")
    expected = checkups(tmp_path / "again")
    await hosts.run(table)
    hosts.calls.clear()
    hosts.kill_after.append(10)
    with pytest.raises(Killed):
        await hosts.run(*archives)
    assert hosts.calls[-1] == "POST anon-data/checkups"
    hosts.kill_after.clear()
    summary = await hosts.run(*archives)

    assert (outcome(summary), await hosts.count("anon-data", "checkup")) == ((0, 0, expected, []), expected)


async def test_a_failing_batch_waits_for_the_one_beside_it(
    hosts: FiveHosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other batch stored is noted before the import ends, so that nothing of it is sent again."""
    *archives, table = files(tmp_path / "population")
    expected = checkups(tmp_path / "again")
    await hosts.run(table)
    really_send, begun = importing._send, list[int]()

    async def send(run: Run, window: Window, batch: list[Arrived], seeds: dict[bytes, TokenSeed]) -> None:
        begun.append(len(batch))
        if len(begun) == 1:
            raise RegistrarError("the line is down")
        await asyncio.sleep(0.2)
        await really_send(run, window, batch, seeds)

    monkeypatch.setattr(importing, "batches", partial(batches, size=20))
    monkeypatch.setattr(importing, "_send", send)
    with pytest.raises(RegistrarError, match="line is down"):
        await hosts.run(*archives)
    stored = await hosts.count("anon-data", "checkup")
    monkeypatch.undo()
    summary = await hosts.run(*archives)

    assert (sum(begun), stored) == (expected, begun[1])
    assert outcome(summary) == (0, begun[0], begun[1], [])
    assert await hosts.count("anon-data", "former_checkup") == 0


async def test_checkups_of_strangers_are_reported(hosts: FiveHosts, tmp_path: Path) -> None:
    """Without the eligibility table nobody is known: one line a checkup, and no call."""
    *archives, _ = files(tmp_path / "population")
    summary = await hosts.run(*archives)

    assert ({line.code for line in summary.lines if not line.note}, summary.changed, hosts.calls) == ({"not-enrolled"}, 0, [])


async def test_coded_items_bring_their_words(hosts: FiveHosts, tmp_path: Path) -> None:
    """anon-data learns what each answer of a choice list says; an item with numbers has no such words."""
    await hosts.run(*files(tmp_path / "population"))
    query = "SELECT name, labels FROM item WHERE name IN ('smoking', 'body-weight') ORDER BY name"
    found = {name: labels and json.loads(labels) for name, labels in await hosts.rows("anon-data", query)}
    printed = {choice.code: choice.label for choice in choices()["24060"].values()}

    assert found == {"body-weight": None, "smoking": printed}


async def test_details_open_for_the_member(hosts: FiveHosts, tmp_path: Path) -> None:
    """Who examined is sealed to the mailbox key that follows from the member number; the open part has no word of it."""
    await hosts.run(*files(tmp_path / "population"))
    query = "SELECT token, exam_date, program, details FROM checkup ORDER BY token LIMIT 1"
    ((token, day, program, sealed),) = await hosts.rows("anon-data", query)
    seeds = {seed.token: seed for seed in _seeds(hosts)}
    key: XWingPrivateKey = seeds[token].mailbox_key
    opened = json.loads(unpad(key.open(sealed, details_info(token, day.isoformat(), f"{program:03d}"))))

    assert (sorted(opened), opened["institution"]["number"] is not None) == (
        ["institution", "observations", "report", "ticket", "v"],
        True,
    )


def _seeds(hosts: FiveHosts) -> list[TokenSeed]:
    """Compute everybody's seed as nobody but all three authorities together could."""
    from protocol.names import AUTHORITIES
    from protocol.oprf import BlindedBatch, evaluate
    from protocol.tokens import USE_MEMBER

    roster = Home.load(hosts.papers.home).roster()
    batch = BlindedBatch([member.anchor.x for member in roster.members()])
    roster.close()
    keys = hosts.papers.authorities
    answers = {host: evaluate(keys[host].evaluator(USE_MEMBER), batch.blinded[host]) for host in AUTHORITIES}
    public = {host: hosts.papers.deployment.authorities[host].voprf[USE_MEMBER] for host in AUTHORITIES}
    return [TokenSeed.from_evaluation(y, "anon-data") for y in batch.finalize(answers, public, USE_MEMBER)]


async def test_an_item_that_means_something_else_is_named(hosts: FiveHosts, tmp_path: Path) -> None:
    """Where anon-data knows a code with another unit, no checkup is sent, and the sentence names the code."""
    *archives, table = files(tmp_path / "population")
    await hosts.run(table)
    await hosts.run(*archives)
    await hosts.rows("anon-data", "TRUNCATE checkup, observation")
    code = (await hosts.rows("anon-data", "UPDATE item SET unit = 'g' WHERE name = 'body-weight' RETURNING code"))[0][0]
    shutil.rmtree(hosts.papers.home)
    shutil.copytree(hosts.papers.untouched, hosts.papers.home)
    await hosts.rows("anon-data", "TRUNCATE mailbox, person, reader_key CASCADE")
    try:
        with pytest.raises(RegistrarError, match=f"another kind, unit or choice list: {code}"):
            await hosts.run(table, *archives)
        stored = await hosts.count("anon-data", "checkup")
    finally:
        await hosts.rows("anon-data", "UPDATE item SET unit = 'kg' WHERE name = 'body-weight'")

    assert stored == 0
