"""Tables of who took part in cancer screenings: what they say, what can be wrong, and what anon-data is told; five hosts here."""

from pathlib import Path

import pytest
from protocol.member import MemberNumber
from registrar.importers import Accepted, Rejected, ScreeningRow, find
from registrar.importers.screenings_csv import IMPORTER
from registrar.imports import rehearse_files
from registrar.report import ImportSummary
from registrar.split import split
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import TODAY, desk, killed_after_each_call, member_with, seed_of, sign_in
from rooms.registrar.lives import given as enrolled
from rooms.registrar.paperwork import row, write_table
from rooms.registrar.test_split_hosts import second

HEADER = "保険者番号,記号,番号,枝番,年度,検診,取消"
BREAST, LUNG, STOMACH = (f"06990019,101,{rest}" for rest in ("1,00,2025,乳,", "1,00,2025,肺がん検診,", "2,00,2024,胃がん,"))
TAKEN_BACK = "06990019,101,1,00,2025,乳,1"


def table(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join([header, *lines, ""]).encode(encoding))
    return path


def counts(told: ImportSummary) -> tuple[int, int, int, list[str]]:
    return told.screenings_inserted, told.screenings_withdrawn, told.screenings_unchanged, [line.code for line in told.lines]


async def stored(hosts: FiveHosts) -> list[tuple[int, int, int]]:
    """Return whose number, fiscal year and kind anon-data has."""
    numbers = {seed_of(hosts, member_with(hosts, number)).token: number for number in (1, 2)}
    rows = await hosts.rows("anon-data", "SELECT token, fiscal_year, kind FROM screening")
    return sorted((numbers[token], year, kind) for token, year, kind in rows)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_what_a_table_says(tmp_path: Path, encoding: str) -> None:
    """Japanese and English words, in full or short, with marks and full-width digits."""
    lines = ["大腸,06990019,１０１,1,0,２０２５,", "breast,06990019,101,2,01,2025,0", "子宮頸がん検診,06990019,101,2,01,2024,1"]
    path = table(tmp_path / "x", *lines, header="検診,保険者番号,記号,番号,枝番,年度,取消", encoding=encoding)
    one, two = (MemberNumber.parse("06990019", "101", *rest) for rest in (("1", "00"), ("2", "01")))

    assert find(path) == IMPORTER
    assert [outcome.row for outcome in IMPORTER.read(path) if isinstance(outcome, Accepted)] == [
        ScreeningRow(one, 2025, "colorectal", cancelled=False),
        ScreeningRow(two, 2025, "breast", cancelled=False),
        ScreeningRow(two, 2024, "cervix", cancelled=True),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("06990019,101,ヒミツ,00,2025,肺,", "member-number-bad"),
        ("06990019,101,1,,2025,肺,", "member-number-bad"),
        ("06990019,101,1,00,令和7,肺,", "screening-bad"),
        ("06990019,101,1,00,1999,肺,", "screening-bad"),
        ("06990019,101,1,00,20250,肺,", "screening-bad"),
        ("06990019,101,1,00,2025,前立腺,", "screening-bad"),
        ("06990019,101,1,00,2025,,", "screening-bad"),
        ("06990019,101,1,00,2025,肺,要精密検査", "screening-bad"),
        ("06990019,101,1,00,2025,肺", "cells-mismatch"),
        ("06990019,101,1,00,2025,肺\x07,", "control-character"),
    ],
)
def test_refused_lines(tmp_path: Path, line: str, code: str) -> None:
    """Each wrong line is reported alone, by its place and a code, and nothing of it."""
    outcomes = list(IMPORTER.read(table(tmp_path / "x", line, BREAST)))
    reports = [one for one in outcomes if isinstance(one, Rejected)]

    assert [(one.line, one.code) for one in reports] == [(2, code)]
    assert not {"ヒミツ", "令和7", "前立腺", "要精密検査"} & set(reports[0].reason.split())
    assert len(outcomes) == 2


def test_a_result_is_no_column(tmp_path: Path) -> None:
    """A table that also says a day or what was found is none of these, and is not read at all."""
    assert find(table(tmp_path / "x", f"{BREAST},異常なし", header=f"{HEADER},結果")) is None


async def test_from_file_to_mailbox(hosts: FiveHosts, tmp_path: Path) -> None:
    """A dry run says it beforehand; the same again calls no host; a later file takes back and gives anew; strangers are told."""
    await hosts.run(write_table(tmp_path / "people.csv", [row(1), row(2)]))
    files = [
        table(tmp_path / "1.csv", BREAST, LUNG, STOMACH, LUNG, "06990019,101,9,00,2025,肺,"),
        table(tmp_path / "2.csv", TAKEN_BACK, "06990019,101,2,00,2025,乳,1"),
        table(tmp_path / "3.csv", TAKEN_BACK, BREAST),
    ]
    rehearsed = [counts(rehearse_files(hosts.papers.home, [files[0]]))]
    seen, held = [counts(await hosts.run(files[0]))], [await stored(hosts)]
    hosts.calls.clear()
    seen.append(counts(await hosts.run(files[0])))
    silent = hosts.calls == []
    for file in files[1:]:
        rehearsed.append(counts(rehearse_files(hosts.papers.home, [file])))
        seen.append(counts(await hosts.run(file)))
        held.append(await stored(hosts))

    assert seen == [(3, 0, 0, ["not-enrolled"]), (0, 0, 3, ["not-enrolled"]), (0, 1, 1, []), (1, 0, 0, [])]
    assert (rehearsed, silent) == ([seen[0], *seen[2:]], True)
    assert held == [
        [(1, 2025, 2), (1, 2025, 4), (2, 2024, 1)],
        [(1, 2025, 2), (2, 2024, 1)],
        [(1, 2025, 2), (1, 2025, 4), (2, 2024, 1)],
    ]


async def test_killed_after_each_call(hosts: FiveHosts, tmp_path: Path) -> None:
    """Killed at any point, the same command ends with every row there once, and what it takes back gone."""
    await hosts.run(write_table(tmp_path / "people.csv", [row(1), row(2)]), table(tmp_path / "1.csv", BREAST))
    later = table(tmp_path / "2.csv", TAKEN_BACK, LUNG, STOMACH)
    tries = await killed_after_each_call(hosts, lambda: hosts.run(later))

    assert tries > 4
    assert await stored(hosts) == [(1, 2025, 2), (2, 2024, 1)]
    assert (await hosts.run(later)).changed == 0


async def test_two_taken_for_one_part(hosts: FiveHosts, tmp_path: Path) -> None:
    """What came under the second's number leaves the first's mailbox, and comes back to the second by another import."""
    await enrolled(hosts, tmp_path, row(1))
    await sign_in(hosts, member_with(hosts, 1))
    await enrolled(hosts, tmp_path, second(previous_number="1"))
    await hosts.run(both := table(tmp_path / "a.csv", BREAST, STOMACH), today=TODAY)
    told = await split(desk(hosts), "101:2:00", "101:1:00", [write_table(tmp_path / "corrected.csv", [row(1), second()])])
    left = await stored(hosts)
    await hosts.run(both, today=TODAY)

    assert (told.withdrawn, left) == (1, [(1, 2025, 4)])
    assert await stored(hosts) == [(1, 2025, 4), (2, 2024, 1)]
