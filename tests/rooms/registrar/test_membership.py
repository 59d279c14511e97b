"""How much of a year members were members: whole months, of a hundred people, and read at anon-data as it was written."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from analysis.member_years import BANDS as READ_BANDS
from anon_data.snapshots.membership import read_membership
from chassis.config import ConfigError
from registrar.cli import app
from registrar.home import Home
from registrar.membership import BANDS, Cell, as_table, membership
from registrar.roster_member import Member
from typer.testing import CliRunner

from .paperwork import member, paperwork

UNTIL = date(2026, 9, 1)


def people(number: int, /, at: int = 0, **changes: Any) -> list[Member]:
    born: dict[str, Any] = {"birth_date": "1980-04-01", "status": "enrolled", "group": "works-1", "acquired": date(2020, 4, 1)}
    return [replace(member(at + one), **{**born, **changes}) for one in range(1, number + 1)]


@pytest.mark.parametrize(
    ("acquired", "lost", "months"),
    [
        (date(2020, 4, 1), None, 12),
        (date(2025, 4, 30), None, 12),
        (date(2025, 5, 1), None, 11),
        (date(2026, 3, 31), None, 1),
        (date(2020, 4, 1), date(2025, 4, 30), 0),
        (date(2020, 4, 1), date(2025, 5, 1), 1),
        (date(2020, 4, 1), date(2026, 4, 1), 12),
        (date(2026, 4, 1), None, 0),
    ],
)
def test_months_by_their_last_day(acquired: date, lost: date | None, months: int) -> None:
    """A month counts for whoever is a member on its last day; the day of the loss is the first without membership."""
    found = membership(people(100, acquired=acquired, lost=lost), [2025], UNTIL)

    assert found[Cell(2025)] == round(100 * months / 12)


def test_a_running_year_has_the_months_until_then() -> None:
    """From April to September are six months; who came in July was there for three of them. Years to come have none."""
    found = membership(people(100, acquired=date(2026, 7, 1)), [2026, 2027], UNTIL)

    assert {cell.fiscal_year: percent for cell, percent in found.items()} == {2026: 50}


def test_nothing_of_fewer_than_a_hundred() -> None:
    """A cell of 99 is told as a part of what it lies in, and who is not enrolled counts nowhere."""
    roster = people(99) + people(1, at=200, sex="female") + people(5, at=300, status="planned", acquired=date(2026, 1, 1))
    cells = membership(roster, [2025], UNTIL)
    few = membership(people(99), [2025], UNTIL)

    assert (set(cells), few) == ({Cell(2025, "", "insured"), Cell(2025)}, {})


def test_the_finest_cell_is_read(tmp_path: Path) -> None:
    """What the registrar wrote is read at anon-data: of a large cell its own, of a small one that of who is alike, else of all."""
    new: dict[str, Any] = {"acquired": date(2025, 10, 1), "group": "works-2"}
    roster = (
        people(100) + people(100, at=200, **new) + people(99, at=400, group="works-3") + people(1, at=600, relation="dependant")
    )
    path = tmp_path / "membership.csv"
    path.write_text(as_table(membership(roster, [2025], UNTIL)))
    read = read_membership(path)
    alike = (2025, "40-49", "male", "insured")

    assert [read.share(*alike, f"works-{number}") for number in (1, 2, 3)] == [1.0, 0.5, 0.83]
    assert read.share(2025, "40-49", "male", "dependant", "works-1") == 0.83
    assert (read.share(2024, "40-49", "male", "insured", "works-1"), READ_BANDS) == (1.0, BANDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "should begin with"),
        ("fiscal_year,percent\n", "should begin with"),
        ("fiscal_year,workplace,relation,sex,age,percent\n2025,,,,,101\n", "line 2 is no cell"),
        ("fiscal_year,workplace,relation,sex,age,percent\n2025,,,,,5\n2025,,,,5\n", "line 3 is no cell"),
        ("fiscal_year,workplace,relation,sex,age,percent\n2025,,,,,5\n2025,,,,,6\n", "line 3 is a cell that was there before"),
        ("fiscal_year,workplace,relation,sex,age,percent\n2025,,self,,,5\n", "line 2 is no cell"),
        ("fiscal_year,workplace,relation,sex,age,percent\nFY2025,,,,,5\n", "line 2 is no cell"),
        ("fiscal_year,workplace,relation,sex,age,percent\n2025,,,,,-5\n", "line 2 is no cell"),
    ],
)
def test_another_file_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    """A file that is none of the registrar's is refused whole, with the line."""
    path = tmp_path / "membership.csv"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_membership(path)


def test_the_command(tmp_path: Path) -> None:
    """It reads the roster alone, and writes nothing where there are too few."""
    papers, path = paperwork(tmp_path), tmp_path / "membership.csv"
    asked = ["membership", "2025", "--until", "2026-09", "-o", str(path), "--home", str(papers.home)]
    none = CliRunner().invoke(app, asked)
    roster = Home.load(papers.home).roster()
    roster.put(people(120))
    roster.close()
    some = CliRunner().invoke(app, asked)

    assert (none.exit_code, "fewer than a hundred" in none.output, some.exit_code) == (1, True, 0)
    assert path.read_text().splitlines()[-1] == "2025,works-1,insured,male,40-49,100"
