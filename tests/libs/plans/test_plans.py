"""A plan is data that says what is wrong with it, and its actuals are what analysis shows."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from analysis import Question
from analysis.engine import Engine
from plans.__main__ import main
from plans.actuals import standing
from plans.errors import FileUnusable
from plans.plan import Plan, read_plan
from plans.recorded import Key, ask_all, beside, indicators, joined, read_actuals, written

from .conftest import EXAMPLES

EXAMPLE = (EXAMPLES / "plan.toml").read_text(encoding="utf-8")
WRONG = [
    ("format = 1", "format = 2", "format: Input should be 1"),
    ("version = 2", 'version = "two"', "version: Input should be a valid integer"),
    ("version = 2", "version = 2\ncolour = 3", "colour: Extra inputs are not permitted"),
    ("last_year = 2029", "last_year = 2020", "file: last_year is before first_year, or twenty years after it"),
    ('measure = "guidance-begun"', 'measure = "weight"', "problems[1].programmes[0].output: measure is not registered"),
    (
        'measure = "guidance-begun", version = 1',
        'measure = "guidance-begun", version = 9',
        "problems[1].programmes[0].output: version is none that the measure has had",
    ),
    ('{ relation = "dependant" }', '{ relation = "cousin" }', "problems[0].indicator: cannot be asked: unknown-level"),
    ('{ sex = "male" }', '{ shoe = "large" }', "problems[2].programmes[0].outcome: cannot be asked: unknown-variable"),
    ("2024 = 30, 2025 = 34", '2024 = "a third", 2025 = 34', "problems[1].indicator.target.2024: Input should be a valid number"),
    ("2024 = 30, 2025 = 34", "1999 = 30, 2025 = 34", "file: a year outside of the plan: guidance-unfinished.indicator.target"),
    ("2024 = 30, 2025 = 34", "then = 30, 2025 = 34", "problems[1].indicator.target.then: Input should be a valid integer"),
    ('id = "guidance"', 'id = "reminders"', "file: two of kind programme have the same id"),
    ('act = "improve"', 'act = "ponder"', "problems[0].programmes[0].decision.2024.act: Input should be 'continue'"),
    ('act = "improve"', "act = ", "file: is no TOML: "),
]


@pytest.mark.parametrize(("here", "there", "said"), WRONG)
def test_what_is_wrong(tmp_path: Path, here: str, there: str, said: str) -> None:
    """A plan that cannot hold is refused with its file, the field and the reason, and what stood there is not said."""
    file = tmp_path / "plan.toml"
    assert here in EXAMPLE
    file.write_text(EXAMPLE.replace(here, there, 1), encoding="utf-8")
    with pytest.raises(FileUnusable) as refused:
        read_plan(file)

    assert str(refused.value).startswith(f"{file}: {said}")
    assert "a third" not in str(refused.value)


def test_every_fault_at_once(tmp_path: Path) -> None:
    """Whoever mends a file is told all that is wrong with it, not only the first."""
    file = tmp_path / "plan.toml"
    file.write_text(EXAMPLE.replace("format = 1", "format = 2").replace("first_year = 2024\n", ""), encoding="utf-8")
    with pytest.raises(FileUnusable) as refused:
        read_plan(file)
    with pytest.raises(FileUnusable) as missing:
        read_plan(tmp_path / "none.toml")

    assert [fault.field for fault in refused.value.faults] == ["format", "first_year"]
    assert str(missing.value) == f"{tmp_path / 'none.toml'}: file: cannot be read"


def test_actuals_are_what_analysis_shows(asked: Engine, plan: Plan) -> None:
    """Each indicator has, of each year, the engine's answer with its mark, the measure's version and the snapshot."""
    actuals = ask_all(plan, asked)
    question = Question("checkup-rate", None, (), (("relation", "dependant"),))
    expected = asked.ask(question)
    found = actuals["dependants-unexamined", "indicator"]

    assert actuals.keys() == indicators(plan).keys()
    assert [(one.year, one.people, one.counted, one.value, one.mark) for one in found.values()] == [
        (cell.year, cell.people, cell.counted, cell.value, cell.mark) for cell in expected.cells
    ]
    assert {(one.snapshot, one.measure, one.version) for one in found.values()} == {("2026-11", "checkup-rate", 1)}


def test_what_is_hidden_stays_hidden(asked: Engine, plan: Plan) -> None:
    """An indicator of a workplace that is too small has marks and no numbers, and nothing is said of its target."""
    rare = plan.problems[2].indicator.model_copy(update={"where": {"workplace": "kiosk"}})
    problem = plan.problems[2].model_copy(update={"indicator": rare})
    found = ask_all(plan.model_copy(update={"problems": (problem,)}), asked)["smoking", "indicator"]

    assert {(one.people, one.counted, one.value, one.mark) for one in found.values()} == {(None, None, None, "hidden")}
    assert standing(rare, 2025, found[2025]) == "untold"


def test_standing(asked: Engine, plan: Plan) -> None:
    """A target is reached from its own side, and not said of where the measure means something else by now."""
    smoking = plan.problems[2].indicator
    actual = ask_all(plan, asked)["smoking", "indicator"][2025]
    assert actual.value is not None
    said = [
        standing(smoking.model_copy(update={"better": better, "target": {2025: actual.value + more}}), 2025, actual)
        for better in ("lower", "higher")
        for more in (-0.1, 0, 0.1)
    ]

    assert said == ["missed", "reached", "reached", "reached", "reached", "missed"]
    assert standing(smoking.model_copy(update={"version": 0}), 2025, actual) == "redefined"
    assert standing(smoking, 2023, actual) == "untargeted"


def test_years_that_no_snapshot_has_any_more(asked: Engine, plan: Plan, tmp_path: Path) -> None:
    """The file keeps what was filled in earlier, takes today's answer where there is one, and drops what is measured no more."""
    now = ask_all(plan, asked)
    earlier = {
        key: {year - 1: replace(one, year=year - 1, snapshot="2025-11") for year, one in years.items()}
        for key, years in now.items()
    }
    gone: Key = ("gone", "outcome")
    file = tmp_path / "plan.actuals.toml"
    file.write_text(written(joined(plan, {**earlier, gone: earlier["smoking", "indicator"]}, now)), encoding="utf-8")
    found = read_actuals(file)
    snapshots = {year: one.snapshot for year, one in found["smoking", "indicator"].items()}

    assert found.keys() == now.keys()
    assert snapshots == {2023: "2025-11", 2024: "2026-11", 2025: "2026-11"}
    assert found["smoking", "indicator"][2025] == now["smoking", "indicator"][2025]


def test_the_command(asked: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Checking needs no snapshot; filling writes the file beside the plan, the same again the same; refusals say why."""
    file = Path(shutil.copy(EXAMPLES / "plan.toml", tmp_path))
    shelf = ["--shelf", str(asked.snapshot.folder.parent)]
    done = [main(["check", str(file)]), main(["fill", str(file), *shelf])]
    first = beside(file).read_bytes()
    done.append(main(["fill", str(file), *shelf]))
    refused = [main(["check", str(tmp_path / "none.toml")]), main(["fill", str(file), "--shelf", str(tmp_path)])]
    printed = capsys.readouterr()

    assert (done, refused) == ([0, 0, 0], [1, 1])
    assert beside(file).read_bytes() == first
    assert printed.out.splitlines()[1] == f"{beside(file)}: 18 actuals"
    assert printed.err.splitlines() == [
        f"{tmp_path / 'none.toml'}: file: cannot be read",
        f"{tmp_path}: holds no snapshot",
    ]
