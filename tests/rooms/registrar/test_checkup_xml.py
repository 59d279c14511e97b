"""Checkup archives as they come: what is kept, what is refused, and what reports say about it."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from registrar.importers import Accepted, CheckupRow, Observation, Rejected, find, rehearse
from registrar.importers.checkup_xml import IMPORTER, read
from registrar.importers.safe_zip import Limits
from rooms.registrar.samples import HEIGHT, INDEX_3, SECRET, SMOKING, archive, choice, document, index, observation, quantity

BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'


def rows(path: Path) -> list[CheckupRow]:
    return [one.row for one in read(path) if isinstance(one, Accepted) and isinstance(one.row, CheckupRow)]


def reports(path: Path) -> list[tuple[str, str, str]]:
    return [(one.file, one.code, one.about) for one in read(path) if isinstance(one, Rejected)]


def only(path: Path) -> CheckupRow:
    (row,) = rows(path)
    return row


def results(tmp_path: Path, *entries: str) -> tuple[list[Observation], list[tuple[str, str]]]:
    """Return the kept results and the reports of a document with these entries."""
    path = archive(tmp_path / "a.zip", [document(*entries)])
    row = only(path)
    return [*row.observations, *row.details], [(code, about) for _, code, about in reports(path)]


def test_header(tmp_path: Path) -> None:
    """The header's fields arrive typed and folded to one width."""
    ids = {"101": "６９９００１９", "204": "ｹﾝﾎﾟ", "205": "００１２３", "211": "1", "206": "2", "999": "x"}

    row = only(archive(tmp_path / "a.zip", [document(ids=ids, day="202503311530", sex="2")]))

    actual = (row.insurer_number, row.symbol, row.number, row.branch, row.qualification, row.sex)
    assert actual == ("06990019", "ケンポ", "00123", "01", "2", "female")
    assert (row.birth_date, row.exam_date, row.fiscal_year) == (date(1970, 4, 1), date(2025, 3, 31), 2024)
    assert (row.program_code, row.report_code) == ("010", "10")


def test_missing_symbol_and_branch(tmp_path: Path) -> None:
    """Older files have no branch, and some insurers no symbol."""
    row = only(archive(tmp_path / "a.zip", [document(ids={"101": "06990019", "205": "7"})]))

    assert (row.symbol, row.branch) == ("", None)


def test_third_term_index(tmp_path: Path) -> None:
    """The 3rd term's index namespace is as good as the 4th's."""
    path = archive(tmp_path / "a.zip", [document(choice(SMOKING, "2", "2003"))], namespace=INDEX_3)

    assert reports(path) == []
    assert [(one.value, one.code_system) for one in only(path).observations] == [("2", "1.2.392.200119.6.2003")]


def test_first_of_april_starts_the_year(tmp_path: Path) -> None:
    """1 April belongs to the new fiscal year."""
    assert only(archive(tmp_path / "a.zip", [document(day="20250401")])).fiscal_year == 2025


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"birth": "19700230"}, "date-bad"),
        ({"birth": ""}, "date-bad"),
        ({"day": "2024"}, "date-bad"),
        ({"sex": "3"}, "sex-bad"),
        ({"ids": {"101": "06990019"}}, "header-incomplete"),
        ({"ids": {"205": "1"}}, "header-incomplete"),
        ({"ids": {"101": "06990019", "205": SECRET}}, "member-number-bad"),
        ({"ids": {"101": "123456789", "205": "1"}}, "member-number-bad"),
        ({"report": "31"}, "document-not-a-checkup"),
        ({"namespace": "urn:hl7-org:v2"}, "namespace-wrong"),
        ({"prolog": BOMB}, "xml-doctype"),
        ({"prolog": '<!DOCTYPE a SYSTEM "http://localhost/a.dtd">'}, "xml-doctype"),
    ],
)
def test_refused_document(tmp_path: Path, broken: dict[str, object], code: str) -> None:
    """One unusable document is refused by its place; its neighbours stay."""
    bad = document(**broken)  # type: ignore[arg-type]

    path = archive(tmp_path / "a.zip", [document(), bad, document()])

    assert len(rows(path)) == 2
    assert [(file, found) for file, found, _ in reports(path)] == [("DATA[000002]", code)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7"])
def test_hidden_entities(tmp_path: Path, encoding: str) -> None:
    """A document type in an encoding that hides it from a byte search is refused too."""
    text = (
        document().decode().replace('<?xml version="1.0" encoding="UTF-8"?>', f'<?xml version="1.0" encoding="{encoding}"?>{BOMB}')
    )

    path = archive(tmp_path / "a.zip", [text.encode(encoding)])

    assert reports(path)[0][1] in ("xml-doctype", "xml-malformed")
    assert rows(path) == []


def test_malformed_document(tmp_path: Path) -> None:
    """A document cut in the middle, or no XML at all under the name of one, is refused alone."""
    path = archive(tmp_path / "a.zip", [document()[:300], b"\x00\x01", document()])

    assert len(rows(path)) == 1
    assert [code for _, code, _ in reports(path)] == ["xml-malformed", "xml-malformed"]


def test_content_decides(tmp_path: Path) -> None:
    """Documents are found whatever they are called; schemas and notes are passed over."""
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as out:
        out.writestr("a/XSD/hc08_V08.xsd", "<schema/>")
        out.writestr("a/XSD/README.txt", "no schemas")
        out.writestr("a/readme.txt", "hello")
        out.writestr("a/h1.dat", document())
        out.writestr("a/ix08_V08.xml", document())
        out.writestr("a/DATA/h2.xml", index(2))

    assert len(rows(path)) == 2
    assert reports(path) == []


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95, 0.999])
def test_truncated_archive(tmp_path: Path, share: float) -> None:
    """Of a truncated archive nothing is read, wherever it was cut."""
    whole = archive(tmp_path / "a.zip", [document(quantity(HEIGHT, "170.1")) for _ in range(20)]).read_bytes()
    path = tmp_path / "cut.zip"
    path.write_bytes(whole[: int(len(whole) * share)])

    assert list(read(path)) == [Rejected("archive", None, "archive-broken")]
    assert IMPORTER.sniff(path)


def test_damaged_archive(tmp_path: Path) -> None:
    """One flipped byte in one document refuses the whole archive before its first row."""
    path = tmp_path / "a.zip"
    with ZipFile(path, "w", ZIP_STORED) as out:
        for place in range(3):
            out.writestr(f"{place}.xml", document())
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)

    assert list(read(path)) == [Rejected("archive", None, "archive-broken")]


@pytest.mark.parametrize("limits", [Limits(one=500), Limits(total=1500), Limits(entries=2)])
def test_limits(tmp_path: Path, limits: Limits) -> None:
    """Too large a file, too much in all, too many entries: refused by the directory alone."""
    path = archive(tmp_path / "a.zip", [document(), document()])

    assert list(read(path, limits)) == [Rejected("archive", None, "archive-too-large")]


def test_zip_bomb(tmp_path: Path) -> None:
    """A small archive of one huge file is refused without being unpacked."""
    path = tmp_path / "bomb.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as out:
        out.writestr("h.xml", b"<a>" + b" " * (64 << 20))

    assert list(read(path)) == [Rejected("archive", None, "archive-too-large")]


def test_lying_size(tmp_path: Path) -> None:
    """A bomb that declares a small size is cut at that size and found damaged."""
    path = tmp_path / "bomb.zip"
    content = b"<a>" + b" " * (8 << 20)
    with ZipFile(path, "w", ZIP_DEFLATED) as out:
        out.writestr("h.xml", content)
    path.write_bytes(path.read_bytes().replace(len(content).to_bytes(4, "little"), (1000).to_bytes(4, "little")))

    assert list(read(path)) == [Rejected("archive", None, "archive-broken")]


def test_encrypted_archive(tmp_path: Path) -> None:
    """An encrypted entry refuses the archive."""
    path = archive(tmp_path / "a.zip", [document()])
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    path.write_bytes(data)

    assert list(read(path)) == [Rejected("archive", None, "archive-encrypted")]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (3, ("archive", "index-mismatch", "3 announced, 1 found")),
        ("x", ("archive", "index-unreadable", "")),
    ],
)
def test_index(tmp_path: Path, count: int | str, expected: tuple[str, str, str]) -> None:
    """An index that disagrees is reported for the archive; the rows stay."""
    path = archive(tmp_path / "a.zip", [document()], count=count)

    assert (len(rows(path)), reports(path)) == (1, [expected])


def test_no_index_no_document(tmp_path: Path) -> None:
    """An archive with neither says both."""
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as out:
        out.writestr("a.txt", "nothing")

    assert [code for _, code, _ in reports(path)] == ["archive-empty", "index-missing"]


def test_wrong_index_namespace(tmp_path: Path) -> None:
    """An index of another namespace is refused and counts as none."""
    path = archive(tmp_path / "a.zip", [document()], namespace="urn:other")

    assert [code for _, code, _ in reports(path)] == ["namespace-wrong", "index-missing"]


def test_values(tmp_path: Path) -> None:
    """Numbers, choices and texts arrive typed; text goes to the details."""
    entries = (
        observation(HEIGHT, '<value xsi:type="PQ" value="170.5" unit="CM"/>', after='<interpretationCode code="H"/>'),
        choice("1A020000000191111", "3", "2102", "CD"),
        observation("9N056160400000049", '<value xsi:type="ST">Ａ＆amp</value>'.replace("＆", "&amp;")),
    )
    row = only(archive(tmp_path / "a.zip", [document(*entries)]))

    actual = [(one.name, one.method, one.kind, one.value, one.unit, one.interpretation) for one in row.observations]
    assert actual == [
        ("body-height", None, "PQ", Decimal("170.5"), "cm", "H"),
        ("urine-glucose", "machine", "CO", "3", None, None),
    ]
    assert [(one.name, one.value) for one in row.details] == [("medical-history-text", "A&amp")]


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (observation(HEIGHT, negated=True), "not-done"),
        (observation(HEIGHT, '<value xsi:type="PQ" nullFlavor="NI"/>'), "not-measurable"),
        (observation(HEIGHT, '<value xsi:type="PQ" nullFlavor="PINF"/>'), "above-range"),
        (observation(HEIGHT, '<value xsi:type="PQ" nullFlavor="NINF"/>'), "below-range"),
        (observation(HEIGHT, '<value xsi:type="PQ" nullFlavor="UNK"/>'), "missing"),
    ],
)
def test_values_that_are_none(tmp_path: Path, entry: str, status: str) -> None:
    """Not done, not measurable and beyond the range are kept as such, without a value."""
    found, noted = results(tmp_path, entry)

    assert ([(one.status, one.value) for one in found], noted) == ([(status, None)], [])


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (quantity(HEIGHT, "251"), "item-out-of-range"),
        (quantity(HEIGHT, "-10"), "item-out-of-range"),
        (quantity(HEIGHT, "あ"), "item-not-a-number"),
        (quantity(HEIGHT, "H"), "item-not-a-number"),
        (quantity(HEIGHT, "1e2"), "item-not-a-number"),
        (quantity(HEIGHT, "NaN"), "item-not-a-number"),
        (quantity(HEIGHT, ""), "item-value-missing"),
        (quantity(HEIGHT, "170", "kg"), "item-unit-unknown"),
        (observation(HEIGHT), "item-value-missing"),
        (choice(HEIGHT, "1", "2003"), "item-type-mismatch"),
        (choice(SMOKING, "4", "24060"), "item-choice-unknown"),
        (choice(SMOKING, "1", "2001"), "item-choice-unknown"),
        (observation("9N056160400000049", f'<value xsi:type="ST">{SECRET * 200}</value>'), "item-text-too-long"),
    ],
)
def test_refused_result(tmp_path: Path, entry: str, code: str) -> None:
    """A result that cannot be is reported with its item; the person and the other results stay."""
    found, noted = results(tmp_path, quantity("9N006000000000001", "60.0", "kg"), entry)

    assert [one.name for one in found] == ["body-weight"]
    assert [one for one, _ in noted] == [code]


def test_report_places(tmp_path: Path) -> None:
    """A report on a result names the document's position, the line and the item's code."""
    path = archive(tmp_path / "a.zip", [document(quantity(HEIGHT, "999"))])

    (report,) = [one for one in read(path) if isinstance(one, Rejected)]

    assert (report.file, report.line, report.scope) == ("DATA[000001]", 10, "item")
    assert report.reason == f"a result is outside what can be typed in for the item: {HEIGHT}"


def test_bad_item_code_is_not_repeated(tmp_path: Path) -> None:
    """What stands where a code should be is not shown."""
    _, noted = results(tmp_path, quantity(SECRET, "1"))

    assert noted == [("item-code-bad", "")]


@pytest.mark.parametrize("unit", ["mmHg", "mm[Hg]", "MMHG", "ｍｍＨｇ", ""])
def test_unit_spellings(tmp_path: Path, unit: str) -> None:
    """Common spellings of a unit become the one of UCUM."""
    found, noted = results(tmp_path, quantity("9A751000000000001", "120", unit))

    assert ([one.unit for one in found], noted) == (["mm[Hg]"], [])


def test_unknown_items(tmp_path: Path) -> None:
    """Items outside the table are kept as they are and counted; nobody knows what they say, so all count as identifying."""
    entries = (
        quantity("9Z999000000000001", "1.5", "mg/dL"),
        choice("9Z998000000000011", "7", "12345"),
        observation("9Z997000000000049", '<value xsi:type="ST">文</value>'),
    )
    path = archive(tmp_path / "a.zip", [document(*entries)])
    row = only(path)

    assert row.observations == ()
    assert [(one.name, one.value) for one in row.details] == [(None, Decimal("1.5")), (None, "7"), (None, "文")]
    assert reports(path) == [("archive", "items-unknown", "3 results, 3 codes")]


def test_groups(tmp_path: Path) -> None:
    """Members of an examination group share its number, and reasons are marked."""
    member = '<entryRelationship typeCode="{}"><observation><code code="{}"/>{}</observation></entryRelationship>'
    inside = member.format("COMP", "2A030000001930101", '<value xsi:type="PQ" value="14.1" unit="g/dL"/>') + member.format(
        "RSON", "2A020161001930149", '<value xsi:type="ST">理由</value>'
    )
    group = f'<entry><observation><code nullFlavor="NA"/>{inside}</observation></entry>'
    row = only(archive(tmp_path / "a.zip", [document(quantity(HEIGHT, "170"), group, group)]))

    assert [(one.name, one.group, one.reason) for one in row.observations] == [
        ("body-height", None, False),
        ("hemoglobin", 1, False),
        ("hemoglobin", 2, False),
    ]
    assert [(one.name, one.group, one.reason) for one in row.details] == [("anemia-reason", 1, True), ("anemia-reason", 2, True)]


def test_doctor_goes_to_the_details(tmp_path: Path) -> None:
    """The name hidden in an observation's author becomes an observation of the sealed part."""
    author = f"<author><assignedAuthor><assignedPerson><name>{SECRET}</name></assignedPerson></assignedAuthor></author>"
    entry = observation("9N511000000000049", '<value xsi:type="ST">異常なし</value>', after=author)
    row = only(archive(tmp_path / "a.zip", [document(entry)]))

    assert row.observations == ()
    assert [one.name for one in row.details] == ["physician-diagnosis", "physician-name"]


def test_nothing_personal_in_reports_and_reprs(tmp_path: Path) -> None:
    """No report and no repr shows a name, a number or a value of the file."""
    bad = document(quantity(HEIGHT, "999.9"), quantity(SECRET, "1"), ids={"101": "06990019", "205": "100007"})
    path = archive(tmp_path / "a.zip", [document(birth=SECRET), bad, b"<x>"], count=9)

    shown = repr(list(read(path))) + "".join(one.reason for one in rehearse(path).reports)

    assert [secret for secret in (SECRET, "100007", "999.9", "1970") if secret in shown] == []


def test_find(tmp_path: Path) -> None:
    """An archive is recognised by content, anything else is not."""
    path = archive(tmp_path / "anything.dat", [document()])
    other = tmp_path / "other.zip"
    other.write_bytes(b"not a zip")

    assert (find(path), find(other)) == (IMPORTER, None)
    assert rehearse(other).counts == {"format-unknown": 1}


def test_row_fields() -> None:
    """The row's public shape is pinned: others build on these names."""
    assert [field.name for field in fields(CheckupRow)] == [
        *("insurer_number", "symbol", "number", "branch", "qualification", "kana_name", "birth_date", "sex"),
        *("exam_date", "fiscal_year", "program_code", "report_code", "institution", "ticket", "observations", "details"),
        "written",
    ]
