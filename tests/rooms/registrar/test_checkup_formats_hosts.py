"""One fictional checkup in every format at the five hosts: one record, corrected or left alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from registrar.imports import import_files, rehearse_files
from registrar.report import ImportSummary
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
from rooms.registrar.paperwork import row, write_table

WRITERS: dict[str, Callable[[Path, Checkup], Path]] = {
    "xml.zip": write_xml,
    "niph.csv": write_niph,
    "jma.txt": write_jma,
    "fhir.json": write_bundle,
    "own.csv": write_own,
}


async def imported(hosts: FiveHosts, folder: Path, *files: Path) -> ImportSummary:
    papers = hosts.papers
    profiles = [write_profile(folder / "profile.toml")]
    return await import_files(papers.home, papers.deployment, files, papers.officers, mounts=hosts.mounts, profiles=profiles)


def counts(summary: ImportSummary) -> tuple[int, int, int, list[str]]:
    codes = [line.code for line in summary.lines]
    return summary.checkups_inserted, summary.checkups_replaced, summary.checkups_unchanged, codes


async def record(hosts: FiveHosts) -> list[tuple[object, ...]]:
    """Return everything anon-data can be asked about the one checkup, and the digest of what it holds."""
    query = """
        SELECT c.exam_date, c.fiscal_year, c.program, c.age, c.content, i.code, o.value, o.choice, o.absent, o.flag
        FROM checkup c JOIN observation o USING (token, exam_date, program) JOIN item i ON i.id = o.item ORDER BY i.code"""
    return await hosts.rows("anon-data", query)


async def test_every_format_ends_in_the_same_record(hosts: FiveHosts, tmp_path: Path) -> None:
    """Whichever format comes first stores the checkup; the other four find it unchanged, and the record is the same."""
    files = [writer(tmp_path / name, Checkup()) for name, writer in WRITERS.items()]
    tickets = write_tickets(tmp_path / "tickets.csv", Checkup())
    await imported(hosts, tmp_path, write_table(tmp_path / "people.csv", [row(1), row(2)]))
    first = await imported(hosts, tmp_path, files[0])
    kept = await record(hosts)
    others = [counts(await imported(hosts, tmp_path, file, tickets)) for file in files[1:]]

    assert counts(first) == (1, 0, 0, [])
    assert [str(line[5]) for line in kept] == sorted(code for code in RESULTS if not code.endswith("49"))
    assert others == [(0, 0, 1, [])] * 4
    assert await record(hosts) == kept


async def test_a_correction_in_another_format_replaces(hosts: FiveHosts, tmp_path: Path) -> None:
    """The same member, day and programme with another content is replaced, from format to format, and never doubled."""
    tickets = write_tickets(tmp_path / "tickets.csv", Checkup())
    await imported(hosts, tmp_path, write_table(tmp_path / "people.csv", [row(1)]))
    seen, heights = [], []
    for at, (name, writer) in enumerate(WRITERS.items()):
        results = {code: f"16{at}.5" if code == HEIGHT else value for code, value in RESULTS.items()}
        seen.append(counts(await imported(hosts, tmp_path, writer(tmp_path / name, Checkup(results=results)), tickets)))
        heights += [line[6] for line in await record(hosts) if line[5] == HEIGHT]

    assert seen == [(1, 0, 0, []), *[(0, 1, 0, [])] * 4]
    assert [str(height) for height in heights] == [f"16{at}.5" for at in range(5)]
    assert await hosts.count("anon-data", "checkup") == 1
    query = "SELECT o.value FROM former_observation o JOIN item i ON i.id = o.item WHERE i.code = $1 ORDER BY o.version"
    assert [str(height) for (height,) in await hosts.rows("anon-data", query, HEIGHT)] == [f"16{at}.5" for at in range(4)]


async def test_within_one_command_the_first_counts(hosts: FiveHosts, tmp_path: Path) -> None:
    """The same checkup twice in one command, in two formats, is stored once and the second is said to be passed over."""
    files = [write_table(tmp_path / "people.csv", [row(1)]), write_bundle(tmp_path / "a.json", Checkup())]
    summary = await imported(hosts, tmp_path, *files, write_niph(tmp_path / "b.csv", Checkup()))

    assert counts(summary) == (1, 0, 0, ["checkup-repeated"])


async def test_a_ticket_leads_to_its_member_alone(hosts: FiveHosts, tmp_path: Path) -> None:
    """Without a table of tickets, with somebody else's ticket, or with a stranger's, a line is refused and nothing is stored."""
    await imported(hosts, tmp_path, write_table(tmp_path / "people.csv", [row(1), row(2, birth_date=date(1990, 1, 1))]))
    file = write_jma(tmp_path / "jma.txt", Checkup())
    tables = [write_tickets(tmp_path / f"{number}.csv", Checkup(number=number)) for number in ("2", "9")]
    seen = [counts(await imported(hosts, tmp_path, file, *table))[3] for table in ([], tables[:1], tables[1:], tables[::-1])]

    assert seen == [["ticket-unknown"], ["ticket-differs"], ["not-enrolled"], ["ticket-repeated", "not-enrolled"]]
    assert await hosts.count("anon-data", "checkup") == 0


async def test_a_rehearsal_reads_every_format(hosts: FiveHosts, tmp_path: Path) -> None:
    """A dry run says what the import would do, with profiles and tickets, and calls nobody."""
    people = [row(number) for number in range(1, 6)]
    await imported(hosts, tmp_path, write_table(tmp_path / "people.csv", people))
    each = [(writer, Checkup(number=str(at), ticket=f"2410000000{at}")) for at, writer in enumerate(WRITERS.values(), 1)]
    files = [writer(tmp_path / f"{one.number}.file", one) for writer, one in each]
    tickets = write_tickets(tmp_path / "tickets.csv", *(one for _, one in each))
    hosts.calls.clear()
    summary = rehearse_files(hosts.papers.home, [*files, tickets], profiles=[write_profile(tmp_path / "profile.toml")])

    assert (counts(summary), hosts.calls) == ((5, 0, 0, []), [])
