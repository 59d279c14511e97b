"""A large file is read in a process of its own, and says the same."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from registrar.importers import Accepted, CheckupRow, Importer, find
from registrar.population import write_population
from registrar.reading_ahead import ReadingBroken, ahead, outcomes


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of some people."""
    return write_population(tmp_path_factory.mktemp("population"), 500, [2025]).archives[2025]


def _importer(path: Path) -> Importer[object]:
    found = find(path)
    assert found is not None
    return found


def test_the_same_outcomes_in_the_same_order(archive: Path) -> None:
    """Whoever reads, rows and reports are equal."""
    importer = _importer(archive)
    alike = list(importer.read(archive))

    assert list(ahead(importer, archive)) == alike
    assert sum(isinstance(one, Accepted) and isinstance(one.row, CheckupRow) for one in alike) > 50


def test_the_process_ends_with_the_reader(archive: Path) -> None:
    """Who stops in the middle leaves no process behind."""
    rows = ahead(_importer(archive), archive)
    next(rows)
    running = len(multiprocessing.active_children())
    rows.close()  # type: ignore[attr-defined]  # it is a generator

    assert (running, multiprocessing.active_children()) == (1, [])


def test_a_process_that_is_killed(archive: Path) -> None:
    """A reading that breaks off says so, in words that name nothing of the file."""
    rows = ahead(_importer(archive), archive)
    next(rows)
    for process in multiprocessing.active_children():
        process.kill()
        process.join()

    with pytest.raises(ReadingBroken, match=r"^reading a file broke off$"):
        list(rows)


def test_an_importer_that_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An error in the other process breaks the reading off and prints nothing."""
    with pytest.raises(ReadingBroken):
        list(ahead(Importer("unknown there", lambda _: True, lambda _: iter(())), tmp_path))

    assert capfd.readouterr() == ("", "")


def test_who_reads(archive: Path) -> None:
    """A process pays for large files of formats that it can find by name; a profile's importer is not among them."""
    importer = _importer(archive)
    own = Importer("own", importer.sniff, importer.read)

    def processes(rows: Iterator[object]) -> int:
        next(rows)
        return len(multiprocessing.active_children())

    size = archive.stat().st_size
    assert processes(outcomes(importer, archive, size + 1)) == 0
    assert processes(outcomes(own, archive, size)) == 0
    assert processes(outcomes(importer, archive, size)) == 1
