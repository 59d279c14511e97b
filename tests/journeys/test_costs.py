"""From the examining body's file to the member's shell: what was billed, for what, and the statement for the tax return."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path

import warifu
from journeys.insurer import desk, people
from local import population
from local.group import DEMO_PASSPHRASE
from local.person import Person
from local.system import System
from registrar.files import Source, recognise
from registrar.importers import CheckupRow, EligibilityRow, GuidanceRow, ReceiptRow
from registrar.imports import import_files
from registrar.population.receipt_codes import DRUGS
from registrar.report import Place
from rich.console import Console
from rooms.registrar.claims import again, cancelled, uke, visit
from warifu.cli.shell import Shell
from warifu.cli.words import Words

YEAR = 2025


async def shown(system: System, whose: EligibilityRow, *commands: str) -> str:
    """Run commands on the shell of an employee who signs in with the group's id."""
    out = StringIO()
    console = Console(file=out, width=160)
    async with warifu.Client(desk(system).deployment) as client, Person(whose.work_id, DEMO_PASSPHRASE) as person:
        way = warifu.Group(person)

        async def proving() -> warifu.Way:
            return way

        async with await client.sign_in(way) as session:
            assert await Shell(session, console, Words("ja"), proving=proving).run(commands), out.getvalue()
    return out.getvalue()


def most_treated(system: System) -> tuple[EligibilityRow, list[ReceiptRow]]:
    """Return the employee with the most receipts of the year, and all of theirs, as they stand in the files."""
    files = recognise([path for path in population.files(system.layout) if path.suffix == ".UKE"])
    receipts: dict[tuple[str, str, str | None], list[ReceiptRow]] = defaultdict(list)
    for source in files:
        for _, row in source.read(ReceiptRow, []):
            receipts[row.symbol, row.number, row.branch].append(row)
    found = [(one, receipts[one.symbol, one.number, one.branch]) for one in people(system) if one.work_id][:40]
    return max(found, key=lambda pair: sum(row.claim_month.year == YEAR for row in pair[1]))


def cells(text: str, word: str) -> Sequence[str]:
    """Return the cells of the line that begins with a word."""
    return next([cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith(f"│ {word}"))


async def test_from_file_to_shell(system: System, tmp_path: Path) -> None:
    """Sums, medicines and the statement on the device are those of the member's receipts in the files, and nobody else's."""
    whose, rows = most_treated(system)
    year = [row for row in rows if row.claim_month.year == YEAR]
    text = await shown(system, whose, f"costs {YEAR}", f"medicines {YEAR}", f"statement {YEAR} {tmp_path}", f"generics {YEAR}")
    table = list(csv.reader((tmp_path / f"medical-costs-{YEAR}.csv").read_text(encoding="utf-8-sig").splitlines()))
    names = {drug.code: drug.name for drug in DRUGS}

    assert len(year) > 3
    assert cells(text, "合計")[2:4] == [str(len(year)), f"{sum(row.points for row in year) * 10:,}"]
    assert all(names[entry.code] in text for row in year for entry in row.entries if entry.kind == "drug")
    assert sorted(line[1] for line in table[1:]) == sorted(row.identifying.institution.name or "" for row in year)


async def test_guidance_on_the_shell(system: System) -> None:
    """Whoever had health guidance sees what it came to, and somebody else does not."""
    archive = next(path for path in population.files(system.layout) if path.name.endswith("_2.zip"))
    (report,) = [row for source in recognise([archive]) for _, row in _guidance(source)]
    guided = next(one for one in people(system) if (one.number, one.branch) == (report.number, report.branch))
    other = next(one for one in people(system) if one.work_id and one.number != report.number)

    assert ["88.5" in await shown(system, one, "guidance") for one in (guided, other)] == [True, False]


def _guidance(source: Source) -> list[tuple[Place, GuidanceRow]]:
    found: list[tuple[Place, GuidanceRow]] = []
    assert list(source.read(CheckupRow, [], found)) == []
    return found


async def test_a_correction_and_a_cancellation_reach_the_shell(system: System, tmp_path: Path) -> None:
    """What the insurer imports later is what the member sees next: the corrected sum, then nothing."""
    whose = next(one for one in people(system) if one.work_id)
    at = desk(system)
    seen = []
    for billed, points in ((7, 12_345), (8, 54_321)):
        person = {name: getattr(whose, name) for name in ("insurer_number", "symbol", "number", "branch", "birth_date", "sex")}
        one = again(visit(1, 77, points=points, billed=date(2026, billed, 1)), **person)
        await import_files(at.home, at.deployment, [uke(tmp_path / f"{billed}.uke", [one])], at.officers)
        seen.append(cells(await shown(system, whose, "costs 2026"), "2026-06")[3])
    await import_files(at.home, at.deployment, [cancelled(tmp_path / "c.csv", (77, "202609"))], at.officers)
    left, history = [await shown(system, whose, command) for command in ("costs 2026", "history")]

    assert seen == ["123,450", "543,210"]
    assert "2026-06" not in left
    assert [word in history for word in ("123,450", "543,210", "取り消し")] == [True] * 3
