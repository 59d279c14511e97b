"""Versions of a checkup: in whatever order, division and repetition files come, the version that was written last counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protocol.messages.records import Checkup as Stored
from registrar.checkups import reader_of
from registrar.files import recognise
from registrar.imports import import_files, rehearse_files
from registrar.report import ImportSummary
from registrar.roster import Roster
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.formats import (
    HEIGHT,
    RESULTS,
    Checkup,
    write_bundle,
    write_jma,
    write_niph,
    write_own,
    write_profile,
    write_tickets,
    write_xml,
)
from rooms.registrar.paperwork import member, row, write_table

PEOPLE = 4
ALIKE = "4"
"""Of whom there is one version, in whatever format it comes."""
DATED: Mapping[str, Callable[..., Path]] = {"xml.zip": write_xml, "fhir.json": write_bundle}
UNDATED: Mapping[str, Callable[..., Path]] = {"niph.csv": write_niph, "jma.txt": write_jma, "own.csv": write_own}
WRITERS = {**DATED, **UNDATED}
Piece = tuple[str, Sequence[Checkup]]
Store = dict[tuple[bytes, str, str], tuple[Stored, bytes]]


def version(number: str, at: int) -> Checkup:
    """Return a person's checkup in its version of a day; the same content may be written again on a later one."""
    return Checkup(
        number=number,
        ticket=f"2410000000{number}",
        results={**RESULTS, HEIGHT: f"16{at // 2}.5"},
        written=f"2024070{at + 1}",
    )


def alike() -> Checkup:
    return Checkup(number=ALIKE, ticket=f"2410000000{ALIKE}")


dated = st.tuples(
    st.sampled_from(sorted(DATED)),
    st.lists(st.builds(version, st.sampled_from(["1", "2", "3"]), st.integers(0, 5)), min_size=1, max_size=5),
)
undated = st.tuples(st.sampled_from(sorted(WRITERS)), st.just([alike()]))
pieces: st.SearchStrategy[list[Piece]] = st.lists(dated | undated, min_size=1, max_size=5)


def split(found: Sequence[Piece], chance: st.DataObject) -> list[list[Piece]]:
    """Cut some files in two, give some twice, and give them in any order in one command or in several."""
    parts: list[Piece] = []
    for name, inside in found:
        cut = chance.draw(st.integers(0, len(inside)))
        parts += [(name, part) for part in (inside[:cut], inside[cut:]) if part]
    twice = chance.draw(st.lists(st.sampled_from(parts), max_size=2))
    shuffled = chance.draw(st.permutations([*parts, *twice]))
    commands: list[list[Piece]] = []
    while shuffled:
        more = chance.draw(st.integers(1, len(shuffled)))
        commands.append(list(shuffled[:more]))
        shuffled = shuffled[more:]
    return commands


def written(folder: Path, command: Sequence[Piece]) -> tuple[list[Path], list[Path]]:
    """Write a command's files with the table of tickets; return them and the profile."""
    folder.mkdir()
    files = [WRITERS[name](folder / f"{at}-{name}", *inside) for at, (name, inside) in enumerate(command)]
    tickets = write_tickets(folder / "tickets.csv", alike())
    return [*files, tickets], [write_profile(folder / "profile.toml")]


def newest(found: Sequence[Piece]) -> dict[str, str]:
    """Return everybody's height in the version that was written last."""
    last: dict[str, Checkup] = {}
    for _, inside in found:
        for one in inside:
            last[one.number] = max(one, last.get(one.number, one), key=lambda version: version.written)
    return {number: one.results[HEIGHT] for number, one in sorted(last.items())}


def roster_of(folder: Path) -> Roster:
    roster = Roster.open(folder / "roster", bytes(32))
    roster.put([member(number) for number in range(1, PEOPLE + 1)])
    return roster


def imported(roster: Roster, store: Store, files: Sequence[Path], profiles: Sequence[Path]) -> ImportSummary:
    """Run one command against a store that is a dictionary, as an import runs it against anon-data."""
    summary = ImportSummary()
    sources = recognise(files, profiles)
    reader = reader_of(roster, summary, sources)
    arrived = [one for source in sources if not source.holds_tickets for one in reader.read(source)]
    store |= {one.identity: (one.checkup, one.padded) for one in arrived}
    roster.put_origins((one.member.anchor, *one.key, one.content, one.came_as, one.written) for one in arrived)
    return summary


def held(store: Store) -> list[tuple[str, bytes, Stored]]:
    """Return everything that is stored, whoever's reference it is under."""
    found = [(height(stored), padded, stored) for stored, padded in store.values()]
    return sorted(found, key=lambda one: one[:2])


def height(stored: Stored) -> str:
    return next(str(one.value) for one in stored.observations if one.item == HEIGHT)


@settings(max_examples=60, deadline=None)
@given(found=pieces, chance=st.data())
def test_no_order_matters(found: list[Piece], chance: st.DataObject) -> None:
    """Any permutation, duplication and splitting of files of all formats, in one command or in many, ends in the same store."""
    plain: Store = {}
    shuffled: Store = {}
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        imported(roster_of(Path(one)), plain, *written(Path(one) / "files", found))
        roster = roster_of(Path(other))
        for at, command in enumerate(split(found, chance)):
            imported(roster, shuffled, *written(Path(other) / f"{at}", command))

    assert held(shuffled) == held(plain)
    assert [height for height, _, _ in held(plain)] == sorted(newest(found).values())


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=pieces, chance=st.data())
async def test_no_order_matters_at_the_hosts(hosts: FiveHosts, found: list[Piece], chance: st.DataObject) -> None:
    """The same through the five hosts: each member's checkup is there once, in the version that was written last."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        await hosts.begin(folder)
        await hosts.run(write_table(folder / "people.csv", [row(number) for number in range(1, PEOPLE + 1)]))
        papers = hosts.papers
        for at, command in enumerate(split(found, chance)):
            files, profiles = written(folder / f"{at}", command)
            await import_files(papers.home, papers.deployment, files, papers.officers, mounts=hosts.mounts, profiles=profiles)
    query = "SELECT o.value::text FROM observation o JOIN item i ON i.id = o.item WHERE i.code = $1"
    heights = [height for (height,) in await hosts.rows("anon-data", query, HEIGHT)]

    assert sorted(heights) == sorted(newest(found).values())
    assert await hosts.count("anon-data", "checkup") == len(heights)


@pytest.mark.parametrize("name", sorted(DATED))
def test_an_older_document_is_passed_over(tmp_path: Path, name: str) -> None:
    """Imported after a later one it changes nothing and is counted; unchanged and written later it moves the day on."""
    roster = roster_of(tmp_path)
    store: Store = {}
    seen = []
    for one in (version("1", 2), version("1", 0), replace(version("1", 2), written="20240709"), version("1", 4)):
        summary = imported(roster, store, [DATED[name](tmp_path / f"{name}", one)], [])
        seen.append((summary.checkups_unchanged, summary.checkups_superseded, summary.lines))

    assert seen == [(0, 0, []), (0, 1, []), (1, 0, []), (0, 1, [])]
    assert [height for height, _, _ in held(store)] == ["161.5"]


def test_two_that_nobody_can_tell_apart(tmp_path: Path) -> None:
    """Two versions of one command that do not say when they were written: always the same one counts, and the other is named."""
    results = []
    for order in ((0, 2), (2, 0)):
        folder = tmp_path / f"{order[0]}"
        folder.mkdir()
        store: Store = {}
        files = [write_niph(folder / f"{at}.csv", version("1", at)) for at in order]
        summary = imported(roster_of(folder), store, files, [])
        results.append(([stored for stored, _ in store.values()], [line.code for line in summary.lines]))

    assert results[0] == results[1]
    assert results[0][1] == ["checkup-repeated"]


def test_a_table_that_comes_later_counts(tmp_path: Path) -> None:
    """What does not say when it was written is taken to be as new as its command."""
    roster = roster_of(tmp_path)
    store: Store = {}
    imported(roster, store, [write_xml(tmp_path / "a.zip", version("1", 4))], [])
    imported(roster, store, [write_niph(tmp_path / "b.csv", version("1", 0))], [])

    assert [height for height, _, _ in held(store)] == ["160.5"]


async def test_a_rehearsal_counts_each_once(hosts: FiveHosts, tmp_path: Path) -> None:
    """A dry run of several versions of one checkup says that one will be stored."""
    await hosts.run(write_table(tmp_path / "people.csv", [row(1)]))
    file = write_xml(tmp_path / "a.zip", *(version("1", at) for at in (0, 2, 4)))
    summary = rehearse_files(hosts.papers.home, [file])
    told = await hosts.run(file)

    assert (summary.checkups_inserted, summary.checkups_replaced) == (told.checkups_inserted, told.checkups_replaced) == (1, 0)
    assert [line.code for line in told.lines] == ["checkup-repeated"] * 2
