"""One fictional checkup in every format: the same row, the same results, the same record's content."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from health.items import Item, choices, items
from hypothesis import example, given, settings
from hypothesis import strategies as st
from registrar.details import details
from registrar.importers import Accepted, CheckupRow, Importer, Rejected, by_profile, find
from registrar.importers.terms import FOURTH
from registrar.observations import Table
from rooms.registrar.formats import (
    NOT_DONE,
    WORDS,
    Checkup,
    write_bundle,
    write_jma,
    write_niph,
    write_own,
    write_profile,
    write_xml,
)
from rooms.registrar.samples import SECRET

FORMATS: dict[str, Callable[[Path, Checkup], Path]] = {
    "checkup-xml": write_xml,
    "checkup-niph": write_niph,
    "checkup-jma": write_jma,
    "checkup-fhir": write_bundle,
    "checkup-profile-fictional": write_own,
}


def importer(folder: Path, path: Path) -> Importer[object]:
    found = find(path, by_profile([write_profile(folder / "profile.toml")]))
    assert found is not None
    return found


def outcomes(folder: Path, path: Path) -> Iterator[object]:
    yield from importer(folder, path).read(path)


def row(folder: Path, path: Path) -> CheckupRow:
    (outcome,) = outcomes(folder, path)
    assert isinstance(outcome, Accepted)
    assert isinstance(outcome.row, CheckupRow)
    return outcome.row


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_recognised(tmp_path: Path, name: str) -> None:
    """A file's content alone says which importer reads it, also beside a profile."""
    path = FORMATS[name](tmp_path / "anything", Checkup())

    assert importer(tmp_path, path).name == name


@pytest.mark.parametrize("name", FORMATS)
def test_one_checkup_has_one_content(tmp_path: Path, name: str) -> None:
    """Results, their order and what is sealed are the same as in the ministry's archive, whatever the format."""
    path = row(tmp_path, FORMATS[name](tmp_path / "a", Checkup()))
    reference = row(tmp_path, write_xml(tmp_path / "b", Checkup()))

    assert content(path) == content(reference)
    assert (path.birth_date, path.sex, path.exam_date, path.program_code) == (
        reference.birth_date,
        reference.sex,
        reference.exam_date,
        "010",
    )


def content(found: CheckupRow) -> tuple[object, ...]:
    """Return what anon-data and the mailbox get: numbers as they are written, too."""
    said, kept_out = Table().split(found)
    return [one.model_dump_json() for one in said], details(found, kept_out)


@pytest.mark.parametrize("name", FORMATS)
def test_an_unusable_person_is_one_report(tmp_path: Path, name: str) -> None:
    """A wrong birth date refuses the person's record, and what is said of it names nobody."""
    path = FORMATS[name](tmp_path / "a", Checkup(birth="19800231"))

    (report,) = outcomes(tmp_path, path)

    assert isinstance(report, Rejected)
    assert (report.code, report.about, report.scope) == ("date-bad", "birth date", "row")
    assert [word for word in (SECRET, "1980") if word in repr(report)] == []


@st.composite
def any_results(draw: st.DrawFn) -> dict[str, str]:
    """Any of the 4th term's items, each with a value that its row of the table allows, or not done."""
    known = draw(
        st.lists(st.sampled_from([one for one in items() if FOURTH.has(one)]), unique_by=lambda one: one.code, max_size=30)
    )
    return {one.code: draw(st.just(NOT_DONE) | values(one)) for one in known}


@settings(max_examples=60, deadline=None)
@given(results=any_results())
@example(results={WORDS: "架空の判定", "9N056160400000049": "架空の既往歴"})
def test_any_checkup_has_one_content(tmp_path_factory: pytest.TempPathFactory, results: dict[str, str]) -> None:
    """Whatever was measured, the formats that can say all of it say the same."""
    folder = tmp_path_factory.mktemp("any")
    found = {name: row(folder, FORMATS[name](folder / name, Checkup(results=results))) for name in list(FORMATS)[:4]}
    contents = {name: content(one) for name, one in found.items()}

    assert contents == dict.fromkeys(contents, contents["checkup-xml"])


def values(item: Item) -> st.SearchStrategy[str]:
    """Anything the item's row of the table allows, as it would be written."""
    if item.kind == "PQ":
        assert item.low is not None
        assert item.high is not None
        scale = 10**item.decimals
        return st.integers(int(item.low * scale), int(item.high * scale)).map(
            lambda step: str(Decimal(step).scaleb(-item.decimals))
        )
    if item.kind == "ST":
        return st.text("架空の所見なしabc12", min_size=1, max_size=20)
    return st.sampled_from(sorted(choices()[item.choices[0]]))
