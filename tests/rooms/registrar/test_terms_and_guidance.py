"""Archives of the 3rd and the 4th term, and documents of specific health guidance in either."""

from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from registrar.files import recognise
from registrar.importers import Accepted, CheckupRow, GuidanceRow, Observation, Rejected
from registrar.importers.checkup_xml import read
from registrar.report import Line, Place
from rooms.registrar.samples import INDEX_3, INDEX_4, SECRET, SMOKING, archive, choice, document, index, quantity

ALCOHOL, AMOUNT, WISH, EXPERIENCE = "9N786000000000011", "9N791000000000011", "9N806000000000011", "9N808000000000011"
CASUAL, JDS = "3F015129902327101", "3D045000001906202"
OLD = (choice(SMOKING, "2", "2003"), choice(ALCOHOL, "3", "2005"), choice(AMOUNT, "4", "2006", "CO"), choice(WISH, "1", "2003"))
NEW = (
    choice(SMOKING, "3", "24060"),
    choice(ALCOHOL, "8", "24040"),
    choice(AMOUNT, "5", "24050", "CO"),
    choice(EXPERIENCE, "1", "2003"),
)


def outcome(path: Path) -> tuple[list[str | None], list[tuple[str, str]]]:
    outcomes = list(read(path))
    names = [one.name for row in outcomes if isinstance(row, Accepted) for one in observations(row.row)]
    return names, [(one.code, one.about) for one in outcomes if isinstance(one, Rejected)]


def observations(row: object) -> tuple[Observation, ...]:
    assert isinstance(row, CheckupRow)
    return row.observations


@pytest.mark.parametrize(("entries", "namespace"), [(OLD, INDEX_3), (NEW, INDEX_4)])
def test_each_term_has_its_lists_and_items(tmp_path: Path, entries: tuple[str, ...], namespace: str) -> None:
    """Smoking, drinking and the question about guidance are read in the words of the archive's term."""
    names, reports = outcome(archive(tmp_path / "a.zip", [document(*entries)], namespace=namespace))

    assert (names[:3], len(names), reports) == (["smoking", "alcohol-frequency", "alcohol-amount"], 4, [])


@pytest.mark.parametrize(("entries", "namespace", "item"), [(OLD, INDEX_4, WISH), (NEW, INDEX_3, EXPERIENCE)])
def test_no_term_takes_the_others(tmp_path: Path, entries: tuple[str, ...], namespace: str, item: str) -> None:
    """Lists and items of the other term are reported one by one."""
    names, reports = outcome(archive(tmp_path / "a.zip", [document(*entries)], namespace=namespace))

    assert (names, reports) == (
        [],
        [
            ("item-choice-unknown", SMOKING),
            ("item-choice-unknown", ALCOHOL),
            ("item-choice-unknown", AMOUNT),
            ("item-not-in-term", item),
        ],
    )


@pytest.mark.parametrize(("code", "unit", "namespace"), [(CASUAL, "mg/dL", INDEX_3), (JDS, "%", INDEX_4)])
def test_numbers_of_the_other_term(tmp_path: Path, code: str, unit: str, namespace: str) -> None:
    """What one term measures and the other does not is refused in the other."""
    path = archive(tmp_path / "a.zip", [document(quantity(code, "15", unit))], namespace=namespace)

    assert outcome(path) == ([], [("item-not-in-term", code)])


@pytest.mark.parametrize(("day", "entries"), [("20240331", OLD), ("20240401", NEW)])
def test_without_an_index_the_day_decides(tmp_path: Path, day: str, entries: tuple[str, ...]) -> None:
    """The 4th term begins with examinations on 1 April 2024."""
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as out:
        out.writestr("h.xml", document(*entries, day=day))

    names, reports = outcome(path)

    assert (len(names), reports) == (4, [("index-missing", "")])


def test_the_index_counts_wherever_it_lies(tmp_path: Path) -> None:
    """An index before the documents, under another name and in UTF-16, says the term too."""
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as out:
        out.writestr(
            "a.dat", '<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16") + index(1, INDEX_3).decode().encode("utf-16")[2:]
        )
        out.writestr("h.xml", document(*OLD))

    assert outcome(path)[1] == []


def guidance(*observations: str, report: str = "22") -> bytes:
    """A document of guidance with results inside acts."""
    inside = "".join(f"<entryRelationship>{one}</entryRelationship>" for one in observations)
    act = f'<entry><act classCode="ACT"><code code="1"/><entryRelationship><act>{inside}</act></entryRelationship></act></entry>'
    return document(act, report=report)


def result(code: str, value: str) -> str:
    return f'<observation classCode="OBS"><code code="{code}"/>{value}</observation>'


RESULTS = (
    result("1020000001", '<value xsi:type="CD" code="1" codeSystem="1.2.392.200119.6.1112"/>'),
    result("1042001031", '<value xsi:type="PQ" value="88.5" unit="cm"/>'),
    result("1042800117", '<value xsi:type="INT" value="4"/>'),
    result("1042001090", f'<value xsi:type="ST">{SECRET}</value>'),
)


def test_guidance_is_typed(tmp_path: Path) -> None:
    """Codes of ten digits with a code, a quantity, a plain number and words, within acts of any depth."""
    path = archive(tmp_path / "a.zip", [guidance(*RESULTS)])
    (outcome,) = read(path)

    assert isinstance(outcome, Accepted)
    row = outcome.row
    assert isinstance(row, GuidanceRow)
    assert (row.number, row.report_code, row.day.isoformat()) == ("100007", "22", "2024-06-10")
    assert [(one.code, one.kind, one.value, one.unit) for one in row.results][:3] == [
        ("1020000001", "CD", "1", None),
        ("1042001031", "PQ", Decimal("88.5"), "cm"),
        ("1042800117", "PQ", Decimal(4), None),
    ]
    assert SECRET not in repr(row)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (result(SECRET, '<value xsi:type="PQ" value="1"/>'), "guidance-code-bad"),
        (result("1042001031", '<value xsi:type="PQ" value="細い"/>'), "item-not-a-number"),
        (result("1042001031", '<value xsi:type="TS" value="20240610"/>'), "item-type-mismatch"),
        (result("1042001031", ""), "item-value-missing"),
    ],
)
def test_refused_guidance(tmp_path: Path, bad: str, code: str) -> None:
    """A result that cannot be is reported without its words; the others stay."""
    accepted, report = read(archive(tmp_path / "a.zip", [guidance(RESULTS[0], bad)]))

    assert isinstance(accepted, Accepted)
    assert isinstance(accepted.row, GuidanceRow)
    assert isinstance(report, Rejected)
    assert (len(accepted.row.results), report.code, report.about) == (1, code, "")


def test_guidance_stands_beside_checkups(tmp_path: Path) -> None:
    """One reading of an archive gives its checkups, and hands its reports of guidance on with their places."""
    (source,) = recognise([archive(tmp_path / "a.zip", [guidance(*RESULTS), document()])])
    lines: list[Line] = []
    reports: list[tuple[Place, GuidanceRow]] = []
    rows = list(source.read(CheckupRow, lines, reports))

    assert (len(rows), lines) == (1, [])
    assert [(place.file, report.report_code) for place, report in reports] == [("1:DATA[000001]", "22")]
