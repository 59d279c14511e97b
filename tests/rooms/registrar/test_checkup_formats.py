"""One fictional checkup in every format: the same row, the same results, the same record's content."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from registrar.details import details
from registrar.importers import Accepted, CheckupRow, Importer, Rejected, by_profile, find
from registrar.observations import Table
from rooms.registrar.formats import (
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
    return [one.model_dump_json() for one in said], details(found, kept_out)  # type: ignore[return-value]


@pytest.mark.parametrize("name", FORMATS)
def test_an_unusable_person_is_one_report(tmp_path: Path, name: str) -> None:
    """A wrong birth date refuses the person's record, and what is said of it names nobody."""
    path = FORMATS[name](tmp_path / "a", Checkup(birth="19800231"))

    (report,) = outcomes(tmp_path, path)

    assert isinstance(report, Rejected)
    assert (report.code, report.about, report.scope) == ("date-bad", "birth date", "row")
    assert [word for word in (SECRET, "1980") if word in repr(report)] == []
