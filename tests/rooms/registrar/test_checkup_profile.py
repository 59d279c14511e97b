"""Profiles: what they may say, and what a table comes to under one."""

from decimal import Decimal
from pathlib import Path

import pytest
from health.items import by_name
from registrar.errors import RegistrarError
from registrar.importers import Accepted, CheckupRow, Rejected, by_profile, find
from registrar.importers.profile import load_profile
from registrar.importers.units import convert, convertible
from rooms.registrar.formats import (
    GLUCOSE,
    HEIGHT,
    OWN_HEADER,
    PROFILE,
    PROTEIN,
    RESULTS,
    SMOKING,
    Checkup,
    bare_profile,
    bare_table,
    own_line,
    own_table,
    saved,
    write_bare,
    write_own,
    write_profile,
)
from rooms.registrar.samples import SECRET

EXAMPLE = Path(__file__).parents[3] / "clients" / "registrar" / "profiles" / "example-clinic.toml"
Report = tuple[int | None, str, str]


def read(folder: Path, path: Path, text: str = PROFILE) -> tuple[list[CheckupRow], list[Report]]:
    importer = find(path, by_profile([write_profile(folder / "profile.toml", text)]))
    assert importer is not None
    outcomes = list(importer.read(path))
    rows = [one.row for one in outcomes if isinstance(one, Accepted) and isinstance(one.row, CheckupRow)]
    return rows, [(one.line, one.code, one.about) for one in outcomes if isinstance(one, Rejected)]


def changed(**cells: str) -> list[str]:
    """One person's line with other cells."""
    return list((dict(zip(OWN_HEADER, own_line(Checkup()), strict=True)) | cells).values())


def test_the_example_in_the_repository(tmp_path: Path) -> None:
    """The documented profile reads a table such as it describes: metres, moles, words for answers, an era's birth date."""
    header = "保険証記号,保険証番号,枝番,フリガナ,誕生日,性,受診日,コース,身長,体重(kg),空腹時血糖,空腹時血糖判定,喫煙,医師所見"
    line = "１０１,7,0,カクウダニ,S55.4.1,女,2024/6/10,定期健診,1.605,60.5,5.5,H,やめた,架空の所見"
    path = saved(tmp_path / "table.csv", f"{header}\n{line}\n")
    importer = find(path, by_profile([EXAMPLE]))
    assert importer is not None
    ((outcome),) = importer.read(path)

    assert isinstance(outcome, Accepted)
    row = outcome.row
    assert isinstance(row, CheckupRow)
    assert (row.insurer_number, row.number, row.branch, row.sex, row.program_code) == ("06990019", "7", "00", "female", "030")
    assert [(one.name, one.value, one.unit, one.interpretation) for one in row.observations] == [
        ("body-height", Decimal("160.5"), "cm", None),
        ("body-weight", Decimal("60.5"), "kg", None),
        ("glucose-fasting", Decimal(99), "mg/dL", "H"),
        ("smoking", "2", None, None),
    ]
    assert [one.name for one in row.details] == ["physician-diagnosis"]


@pytest.mark.parametrize(
    ("name", "amount", "unit", "expected"),
    [
        ("body-height", "1.605", "m", "160.5"),
        ("body-height", "1605", "mm", "160.5"),
        ("body-height", "160.5", "ＣＭ".lower(), None),
        ("glucose-fasting", "5.5", "mmol/L", "99"),
        ("hdl-cholesterol", "1.5", "mmol/L", "58"),
        ("triglycerides-fasting", "1.7", "mmol/L", "151"),
        ("creatinine", "80", "μmol/L", "0.90"),
        ("hba1c-ngsp", "48", "mmol/mol", "6.5"),
        ("hemoglobin", "145", "g/L", "14.5"),
        ("red-blood-cells", "4.5", "10*12/L", "450"),
        ("systolic-blood-pressure", "16", "kPa", "120"),
        ("ast", "0.5", "ukat/L", "30"),
        ("body-weight", "60", "mmol/L", None),
        ("gamma-gt", "1", "mmol/L", None),
    ],
)
def test_conversions(name: str, amount: str, unit: str, expected: str | None) -> None:
    """A unit of the table becomes the item's, rounded half up to its decimals; a substance's moles are its own."""
    item = by_name()[name][0]
    found = convert(item, Decimal(amount), unit)

    assert (found, convertible(item, unit)) == (None if expected is None else Decimal(expected), expected is not None)


@pytest.mark.parametrize(
    ("line", "report"),
    [
        (changed(身長="高い"), ("item-not-a-number", HEIGHT)),
        (changed(身長="160.5"), ("item-out-of-range", HEIGHT)),
        (changed(たばこ="たまに"), ("item-choice-unknown", SMOKING)),
        (changed(尿蛋白="7"), ("item-choice-unknown", PROTEIN)),
        (changed(血糖="95mg"), ("item-not-a-number", GLUCOSE)),
    ],
)
def test_refused_cells(tmp_path: Path, line: list[str], report: tuple[str, str]) -> None:
    """A cell that the profile does not explain is reported by line and item; the rest of the line comes in."""
    rows, reports = read(tmp_path, saved(tmp_path / "a.csv", own_table([line])))

    assert ([len(row.observations) for row in rows], reports) == ([4], [(3, *report)])


@pytest.mark.parametrize(
    ("line", "report"),
    [
        (changed(番号=SECRET), ("member-number-bad", "number")),
        (changed(性="他"), ("sex-bad", "")),
        (changed(誕生日="1980-04-01"), ("date-bad", "birth date")),
        (changed(受診日=""), ("field-missing", "examination date")),
        (own_line(Checkup())[1:], ("cells-mismatch", "")),
    ],
)
def test_refused_lines(tmp_path: Path, line: list[str], report: tuple[str, str]) -> None:
    """A line that does not say whose it is, or in a date form the profile does not have, is refused alone."""
    rows, reports = read(tmp_path, saved(tmp_path / "a.csv", own_table([own_line(Checkup()), line])))

    assert (len(rows), reports) == (1, [(4, *report)])


def test_a_ticket_in_the_place_of_a_number(tmp_path: Path) -> None:
    """A profile without a column for the number reads people by their tickets."""
    text = PROFILE.replace('number = "番号"\n', "").replace('insurer_number = "06990019"', "").replace('symbol = "記号"\n', "")
    (row,), reports = read(tmp_path, write_own(tmp_path / "a.csv", Checkup()), text)

    assert ((row.number, row.ticket), reports) == (("", "24100000001"), [])


def test_tables_without_its_columns_are_not_its(tmp_path: Path) -> None:
    """A profile reads only tables that have all its columns, each once; other files keep their own importers."""
    lacking = saved(tmp_path / "a.csv", own_table([]).replace("たばこ", "喫煙"))
    twice = saved(tmp_path / "b.csv", own_table([]).replace("氏名", "身長"))
    added = by_profile([write_profile(tmp_path / "profile.toml")])

    assert find(lacking, added) is None
    assert read(tmp_path, twice) == ([], [(2, "columns-repeated", "")])


ITEM = '[[items]]\ncolumn = "x"\ncode = "{}"\n'


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (PROFILE + 'colour = "red"\n', "items.5.colour"),
        (PROFILE.replace("header_line", "header_lines"), "header_lines"),
        (PROFILE.replace('encoding = "cp932"', 'encoding = "utf-7"'), "encoding"),
        (PROFILE.replace("header_line = 2", 'header_line = "2"'), "header_line"),
        (PROFILE.replace('"YYYY/MM/DD"', '"DD.MM.YYYY"'), "dates: the forms are YYYY-MM-DD"),
        (PROFILE.replace('sex = "性"\n', ""), "columns.sex"),
        (PROFILE.replace('insurer_number = "06990019"', ""), "the insurer's number is needed"),
        (PROFILE.replace('number = "番号"\n', "").replace('ticket = "券"\n', ""), "either the number or the ticket"),
        (PROFILE.replace('"女" = "2"', '"女" = "3"'), "sex.女"),
        (PROFILE.replace('column = "所見"', 'column = "体重"'), "a column is used twice"),
        (PROFILE + ITEM.format("9N001000000000001"), "a code stands twice"),
        (PROFILE + ITEM.format("9Z999000000000001"), "not one of the item table"),
        (PROFILE + ITEM.format("9N011000000000001") + 'unit = "stone"\n', "the table of units does not convert it"),
        (PROFILE + ITEM.format("9N011000000000001") + 'choices = "2003"\n', "the item has no choice list"),
        (PROFILE.replace('choices = "24060"', 'choices = "2001"'), "the choice list is not one of the item's"),
        (PROFILE.replace('"吸わない" = "3"', '"吸わない" = "4"'), "an answer that the choice list does not have"),
        (PROFILE.replace("header_line = 2", "header_line = 0"), "width is told where there is no header line"),
        (PROFILE.replace("header_line = 2", "header_line = 2\nwidth = 14"), "width is told where there is no header line"),
        (bare_profile().replace("width = 14", "width = 13"), "named by their numbers"),
        (bare_profile().replace('number = "2"', 'number = "02"'), "named by their numbers"),
        ("[columns", "cannot be read as TOML"),
        (PROFILE.replace('name = "fictional"', "name = 2024-06-10"), "cannot be read as TOML"),
        ("", "name"),
    ],
)
def test_refused_profiles(tmp_path: Path, text: str, word: str) -> None:
    """What is no profile is refused before any file is read, in a sentence that says where."""
    path = write_profile(tmp_path / "profile.toml", text)

    with pytest.raises(RegistrarError, match=word):
        load_profile(path)


def test_every_profile_has_results(tmp_path: Path) -> None:
    """The writer of these tests and the profile agree about what is in a table."""
    (row,), reports = read(tmp_path, write_own(tmp_path / "a.csv", Checkup()))

    assert ({one.code for one in (*row.observations, *row.details)}, reports) == (set(RESULTS), [])


def test_a_table_without_a_header_line(tmp_path: Path) -> None:
    """Columns by their numbers come to the same row as columns by their names, from the first line on."""
    with_header, _ = read(tmp_path, write_own(tmp_path / "own.csv", Checkup()))
    without, reports = read(tmp_path, write_bare(tmp_path / "bare.csv", Checkup(), Checkup(number="2")), bare_profile())

    assert (without[:1], [row.number for row in without], reports) == (with_header, ["1", "2"], [])


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({}, True),
        ({"誕生日": "架空"}, False),
        ({"受診日": "19990231"}, False),
        ({"性": "？"}, False),
        ({"身長": ""}, True),
    ],
)
def test_a_table_without_a_header_line_is_known_by_its_first(tmp_path: Path, change: dict[str, str], known: bool) -> None:
    """As many cells as the profile says, with two days and a sex where they should stand; anything else is some other file."""
    path = saved(tmp_path / "bare.csv", bare_table([changed(**change)]))
    (added,) = by_profile([write_profile(tmp_path / "profile.toml", bare_profile())])

    assert added.sniff(path) is known
    assert added.sniff(saved(tmp_path / "short.csv", bare_table([changed()[:-1]]))) is False


def test_bad_lines_without_a_header(tmp_path: Path) -> None:
    """A line with another number of cells costs itself, and a file of nothing says so."""
    rows, reports = read(tmp_path, saved(tmp_path / "a.csv", bare_table([changed(), changed()[:-1], changed()])), bare_profile())
    (added,) = by_profile([write_profile(tmp_path / "profile.toml", bare_profile())])
    empty = [one.code for one in added.read(saved(tmp_path / "b.csv", "\n")) if isinstance(one, Rejected)]

    assert (len(rows), reports, empty) == (2, [(2, "cells-mismatch", "")], ["table-empty"])
