"""Employers are told of fifty people and more, and learn of no workplace that it is small."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from analysis import EMPLOYER, MemberYear, Question
from analysis.engine import Engine
from libs.analysis.worlds import engine
from plans.__main__ import main
from plans.document import LANGUAGES, workplace_page
from plans.errors import NoReport
from plans.plan import Plan
from plans.scoring import read_reference
from plans.workplaces import workplace_report

from .conftest import EXAMPLES
from .test_review import texts, tree


@pytest.fixture(scope="session")
def employers(asked: Engine) -> Engine:
    return Engine(asked.snapshot, EMPLOYER)


def people(workplace: str, number: int, first: int = 0) -> Iterable[MemberYear]:
    for at in range(first, first + number):
        smokes = "yes" if at % 2 else "no"
        yield MemberYear(at.to_bytes(4), 2025, 45, "male", "insured", workplace, {"smoking": smokes}, {"months": 12, "yen": 90_000})


def test_a_report(employers: Engine, plan: Plan) -> None:
    """A workplace has the engine's numbers for employers, beside the whole insurer."""
    report = workplace_report(employers, "quarry", 2025)
    smoking = next(axis for axis in report.axes if axis.measure == "smoking")
    own = employers.ask(Question("smoking", 2025, (), (("workplace", "quarry"),))).cells[0]
    whole = employers.ask(Question("smoking", 2025)).cells[0]
    pages = {language: texts(tree(workplace_page(report, plan.insurer, language))) for language in LANGUAGES}

    assert smoking.own[2025].value == own.value
    assert smoking.reference[2025] == whole.value
    assert "50人未満の集団は一切表示しない" in pages["ja"]
    assert "Nothing is shown of fewer than 50 people" in pages["en"]


def test_small_is_as_none(employers: Engine) -> None:
    """A workplace under the floor, one that does not exist, and a year that the snapshot does not have are one answer."""
    said = []
    for workplace, year in (("kiosk", 2025), ("nowhere", 2025), ("quarry", 2019)):
        with pytest.raises(NoReport) as refused:
            workplace_report(employers, workplace, year)
        said.append(str(refused.value))

    assert len(set(said)) == 1


@pytest.mark.parametrize(("number", "reported"), [(49, False), (50, True)])
def test_the_floor(tmp_path: Path, number: int, reported: bool) -> None:
    """Forty-nine people are nobody's report, fifty are one."""
    made = engine([*people("mill", number), *people("harbour", 300, 1000)], tmp_path, EMPLOYER)
    try:
        found = workplace_report(made, "mill", 2025).people >= 50
    except NoReport:
        found = False

    assert found == reported


def test_analysts_rules_are_not_enough(asked: Engine) -> None:
    """Whoever answers by a lower floor is not asked."""
    with pytest.raises(ValueError, match="rules for employers"):
        workplace_report(asked, "quarry", 2025)


def test_the_rest_is_nobody_who_is_told_of(tmp_path: Path) -> None:
    """Where all others are too few for employers, a workplace does not stand beside the whole, from which they would follow."""
    made = engine([*people("mill", 400), *people("kiosk", 40, 1000)], tmp_path, EMPLOYER)
    reference = read_reference(EXAMPLES / "plan.reference.toml")
    alone, beside = workplace_report(made, "mill", 2025), workplace_report(made, "mill", 2025, reference)
    smoking = [next(axis for axis in one.axes if axis.measure == "smoking") for one in (alone, beside)]

    assert (alone.whole, beside.whole) == (False, False)
    assert [axis.reference for axis in smoking] == [{}, {2023: 25.8, 2024: 25.1, 2025: 24.4}]


def test_others_who_do_not_say(tmp_path: Path) -> None:
    """The others are enough people, but too few of them are asked whether they smoke: of that the whole is not shown."""
    silent = (replace(row, attributes={}) for row in people("kiosk", 90, 1000))
    report = workplace_report(engine([*people("mill", 400), *silent], tmp_path, EMPLOYER), "mill", 2025)
    shown = {axis.measure: bool(axis.reference) for axis in report.axes}

    assert (report.whole, shown["cost-per-month"], shown["smoking"]) == (True, True, False)


def test_the_command(asked: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command asks by the rules for employers, and says of a small workplace what it says of none."""
    given = ["--shelf", str(asked.snapshot.folder.parent), "--year", "2025", "-o", str(tmp_path / "report.html")]
    done = [main(["workplace", str(EXAMPLES / "plan.toml"), name, *given]) for name in ("kiosk", "nowhere", "quarry")]
    printed = capsys.readouterr()

    assert done == [1, 1, 0]
    assert printed.err.splitlines() == ["there is no report of this workplace and year"] * 2
    assert "Workplace report" not in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "事業所別レポート" in (tmp_path / "report.html").read_text(encoding="utf-8")
