"""Saved reports: answered once of each snapshot, kept with what they rest on, or not at all."""

import json
from pathlib import Path

import pytest
from analysis import EMPLOYER, Question, Refused, measures
from analysis.__main__ import main
from analysis.engine import Engine
from analysis.errors import ReportUnusable
from analysis.reports import read_report, run_report

REPORT = """
version = 3

[questions.smoking-by-sex]
measure = "smoking"
year = 2025
by = ["sex"]
where = { relation = "insured" }

[questions.costs]
measure = "cost-per-month"
"""


def saved(folder: Path, text: str = REPORT, name: str = "monthly") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_month(asked: Engine, tmp_path: Path) -> None:
    """Each question is a table as it is asked alone; beside them stands of what snapshot and by which definitions."""
    report = read_report(saved(tmp_path))
    folder = run_report(report, asked, tmp_path / "results")
    told = json.loads((folder / "report.json").read_text())
    question = Question("smoking", 2025, ("sex",), (("relation", "insured"),))

    assert folder == tmp_path / "results" / "monthly" / "2026-11"
    assert sorted(path.name for path in folder.iterdir()) == ["costs.csv", "report.json", "smoking-by-sex.csv"]
    assert (folder / "smoking-by-sex.csv").read_bytes().decode() == asked.ask(question).csv()
    assert (told["report"], told["version"], told["snapshot"]) == ("monthly", 3, "2026-11")
    assert told["definitions"] == asked.snapshot.manifest.definitions
    assert told["measures"] == {name: measures()[name].version for name in ("smoking", "cost-per-month")}


def test_never_written_over(asked: Engine, tmp_path: Path) -> None:
    """The same report again changes nothing; another version of it is refused for a month that is answered."""
    folder = run_report(read_report(saved(tmp_path)), asked, tmp_path)
    (folder / "costs.csv").write_text("as it was\n")
    again = run_report(read_report(saved(tmp_path)), asked, tmp_path)
    with pytest.raises(ReportUnusable):
        run_report(read_report(saved(tmp_path, REPORT.replace("3", "4"))), asked, tmp_path)

    assert (again, (folder / "costs.csv").read_text()) == (folder, "as it was\n")


def test_all_or_nothing(asked: Engine, tmp_path: Path) -> None:
    """Where one question is refused there are no results."""
    report = read_report(saved(tmp_path, REPORT.replace("cost-per-month", "weight")))
    with pytest.raises(Refused):
        run_report(report, asked, tmp_path / "results")

    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "monthly"),
        ("version = 1", "monthly"),
        ("version = 1\n[questions]", "monthly"),
        (REPORT, "Monthly"),
        (REPORT.replace("costs", '"../costs"'), "monthly"),
        (REPORT.replace("by =", "bye ="), "monthly"),
        (f"colour = 1\n{REPORT}", "monthly"),
        ("version = ", "monthly"),
    ],
)
def test_what_is_no_report(text: str, name: str, tmp_path: Path) -> None:
    """A file that says anything else, or has names that are no plain words, is refused before anything is asked."""
    with pytest.raises(ReportUnusable):
        read_report(saved(tmp_path, text, name))


def test_the_command(asked: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For cron: prints where the results are, and has the floor that the report names."""
    shelf = ["--shelf", str(asked.snapshot.folder.parent), "--to", str(tmp_path)]
    own = 'version = 1\nemployer = true\n[questions.smoking]\nmeasure = "smoking"\nby = ["workplace", "age:stage"]\n'
    done = [main(["report", str(saved(tmp_path, own)), *shelf]), main(["report", str(tmp_path / "none.toml"), *shelf])]
    printed = capsys.readouterr()
    seen = Engine(asked.snapshot, EMPLOYER).ask(Question("smoking", by=("workplace", "age:stage")))

    assert done == [0, 1]
    assert printed.out == f"{tmp_path / 'monthly' / '2026-11'}\n"
    assert printed.err.startswith("refused: ")
    assert (tmp_path / "monthly" / "2026-11" / "smoking.csv").read_bytes().decode() == seen.csv()
