"""What may be asked, and that a refusal or an answer says no more than it says."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from analysis import ANALYST, Question, Refused, Share, measures, newest, variables
from analysis.__main__ import main
from analysis.backends import DuckDB
from analysis.engine import Engine
from analysis.questions import plan
from analysis.variables import _variable

from .population import YEARS, population
from .worlds import engine

REFUSED = [
    (Question("weight"), "unknown-measure"),
    (Question("smoking", by=("shoe-size",)), "unknown-variable"),
    (Question("smoking", by=("age:day",)), "unknown-variable"),
    (Question("smoking", where=(("sex", "other"),)), "unknown-level"),
    (Question("smoking", where=(("age:stage", "40-49"),)), "unknown-level"),
    (Question("smoking", where=(("sex", "unknown"),)), "unknown-level"),
    (Question("smoking", year=1999), "unknown-year"),
    (Question("smoking", by=("age", "age:stage")), "variable-twice"),
    (Question("smoking", where=(("sex", "male"), ("sex", "male"))), "variable-twice"),
    (Question("smoking", by=("age", "sex", "relation", "workplace")), "too-many-variables"),
    (Question("smoking", by=("age", "sex"), where=(("relation", "insured"), ("workplace", "mill"))), "too-many-variables"),
    (Question("cost-per-month", by=("age", "sex"), where=(("relation", "insured"),)), "too-many-variables"),
    (Question("smoking", by=("syndrome",), where=(("risk-liver", "yes"),)), "too-many-attributes"),
    (Question("smoking", by=("smoking@1999",)), "unknown-year"),
    (Question("smoking", by=("smoking@",)), "unknown-year"),
    (Question("smoking", where=(("workplace@2024", "mill"),)), "unknown-variable"),
    (Question("smoking", by=("smoking",), where=(("smoking@2024", "yes"),)), "variable-twice"),
    (Question("smoking", by=("syndrome",), where=(("smoking@2024", "yes"),)), "too-many-attributes"),
    (Question("smoking", by=("disease",)), "disease-mismatch"),
    (Question("disease-treated", by=("sex",)), "disease-mismatch"),
    (Question("disease-treated", by=("disease@2024",)), "unknown-variable"),
    (Question("disease-treated", by=("disease",), where=(("smoking", "yes"),)), "too-many-attributes"),
    (Question("disease-treated", by=("disease:group",), where=(("disease", "0901"),)), "variable-twice"),
    (Question("smoking", snapshot="2026-10"), "stale-snapshot"),
]


@pytest.mark.parametrize(("question", "reason"), REFUSED)
def test_refused(asked: Engine, question: Question, reason: str) -> None:
    """What may not be asked is refused by the question alone."""
    with pytest.raises(Refused) as refused:
        asked.ask(question)

    assert refused.value.reason == reason


def test_refusals_know_no_data(asked: Engine, tmp_path: Path) -> None:
    """Another population in the same years refuses the same."""
    few = engine([row for row in population() if row.workplace != "mill"][:400], tmp_path)
    reasons = []
    for one in (asked, few):
        for question, _ in REFUSED:
            with pytest.raises(Refused) as refused:
                one.ask(question)
            reasons.append(refused.value.reason)

    assert reasons[: len(REFUSED)] == reasons[len(REFUSED) :]


def test_a_rare_workplace_is_one_that_is_not(asked: Engine) -> None:
    """Of a workplace that is too small nobody is told apart from one that never was."""
    rare, none = (asked.ask(Question("smoking", 2025, ("sex",), (("workplace", name),))).cells for name in ("kiosk", "nowhere"))

    assert rare == none
    assert {cell.mark for cell in rare} == {"hidden"}


def test_work_tells_no_more_than_the_answer(asked: Engine) -> None:
    """What is fetched are the groups of whom something is shown: one with nobody makes as little work as one with nine."""
    for question in (
        Question("smoking", 2025, ("age", "workplace", "syndrome")),
        Question("cost-per-month", 2025, ("age", "syndrome")),
    ):
        fetched = len(asked._backend.rows(plan(question, YEARS, ANALYST), ANALYST))
        cells = asked.ask(question).cells

        assert fetched == sum(cell.people is not None for cell in cells) < len(cells)


def test_a_lone_elder_is_as_old_as_the_others(tmp_path: Path) -> None:
    """Whether the eldest is 76 or 101 changes no answer, in whatever way ages are told apart."""
    rows = [row for row in population() if row.fiscal_year == 2025][:1500]
    eldest = max(range(len(rows)), key=lambda number: rows[number].age)
    answers = []
    for age in (76, 101):
        one = engine([*rows[:eldest], replace(rows[eldest], age=age), *rows[eldest + 1 :]], tmp_path / str(age))
        answers.append([one.ask(Question("smoking", by=(rung,))).csv() for rung in ("age", "age:stage", "age:guidance")])

    assert answers[0] == answers[1]


def test_groups_come_in_one_order_whoever_is_in_them(asked: Engine, tmp_path: Path) -> None:
    """Each level has its row in the order of the registry, also where nobody has it; nothing is sorted by what was counted."""
    young = engine([row for row in population() if row.age < 40 and row.workplace == "harbour"], tmp_path)
    question = Question("smoking", 2025, ("age", "guidance-level"))

    assert [cell.levels for cell in asked.ask(question).cells] == [cell.levels for cell in young.ask(question).cells]
    assert [len(cell.levels) for cell in asked.ask(question).cells] == [2] * 10 * 4


def test_one_question_has_one_answer(asked: Engine) -> None:
    """However it is put, whoever asks it, in whatever engine: asking again, or together, averages nothing."""
    put = [
        Question("smoking", 2025, ("sex", "age:stage"), (("relation", "insured"),)),
        Question("smoking", 2025, ("age:stage", "sex:sex"), (("relation:relation", "insured"),), "2026-11"),
    ]
    colleague = Engine(newest(asked.snapshot.folder.parent))

    assert asked.ask(put[0]) is asked.ask(put[1])
    assert asked.ask(put[0]) == colleague.ask(put[1])


def test_one_group_is_rounded_alike(asked: Engine) -> None:
    """Two rungs' names of the same people, and the names of two measures, give no second rounding."""
    names = {"75+": ("age", "age:stage", "age:guidance"), "65-74": ("age", "age:stage"), "0-39": ("age:stage", "age:guidance")}
    for level, rungs in names.items():
        for measure in ("healthy-exercise", "healthy-sleep", "smoking", "cost-per-month"):
            put = [Question(measure, None, ("workplace",), ((rung, level),)) for rung in rungs]
            assert len({asked.ask(question).cells for question in put}) == 1

    exercise, sleep = (asked.ask(Question(f"healthy-{name}", 2025, ("sex",))).cells for name in ("exercise", "sleep"))

    assert [cell.people for cell in exercise] == [cell.people for cell in sleep]


@pytest.mark.parametrize(
    "coarse", [{"low": ["a"], "high": ["c"]}, {"low": ["b", "a"], "high": ["c"]}, {"low": ["a", "b"], "high": ["c", "d"]}]
)
def test_a_ladder_joins_each_level_once(coarse: dict[str, list[str]]) -> None:
    """A coarser rung that leaves a level out, turns two around or has one too many is none: people would be told apart wrongly."""
    entry = {"of": "attribute", "title": {}, "rungs": ["fine", "coarse"], "fine": ["a", "b", "c"]}
    with pytest.raises(ValueError, match="odd: a coarser rung joins each level of fine once, in its order"):
        _variable("odd", {**entry, "coarse": coarse})

    assert _variable("even", {**entry, "coarse": {"low": ["a", "b"], "high": ["c"]}}).climb("b") == ("b", "low")


def test_the_answer_as_a_table(asked: Engine) -> None:
    """CSV has one row a group; what is hidden is empty and says so."""
    answer = asked.ask(Question("smoking", 2025, ("sex",)))
    lines = answer.csv().split("\r\n")
    male, *_, unknown = answer.cells

    assert lines[0] == "snapshot,measure,version,year,sex:sex,people,counted,value,mark"
    assert lines[1] == f"2026-11,smoking,1,2025,male,{male.people},{male.counted},{male.value},"
    assert lines[3:] == [f"2026-11,smoking,1,2025,unknown,{unknown.people or ''},,,hidden", ""]


def test_the_command(asked: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the same table, lists what can be asked, and says why it refuses."""
    shelf = ["--shelf", str(asked.snapshot.folder.parent), "--year", "2025"]
    done = [
        main(["ask", "smoking", *shelf, "--by", "sex"]),
        main(["measures"]),
        main(["variables"]),
        main(["ask", "weight", *shelf]),
    ]
    printed = capsys.readouterr()

    assert done == [0, 0, 0, 1]
    assert printed.out.startswith(asked.ask(Question("smoking", 2025, ("sex",))).csv())
    assert all(name in printed.out for name in (*measures(), *variables()))
    assert printed.err == "refused: unknown-measure\n"


def test_a_condition_without_a_level(asked: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """A condition that names no level is told how it should read, and nothing is asked."""
    with pytest.raises(SystemExit) as caught:
        main(["ask", "smoking", "--shelf", str(asked.snapshot.folder.parent), "--where", "sex"])
    printed = capsys.readouterr()

    assert (caught.value.code, printed.out) == (2, "")
    assert printed.err.endswith("argument --where: should read VARIABLE=LEVEL\n")


def test_a_backend_that_is_not_installed(asked: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Spark, which only `make spark` installs, is refused in one sentence."""
    done = main(["ask", "smoking", "--shelf", str(asked.snapshot.folder.parent), "--backend", "spark"])

    assert (done, capsys.readouterr().err) == (1, "refused: PySpark is not installed: see `make spark`\n")


def test_the_command_compares(asked: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Standardised rates are printed a row a level."""
    shelf = ["--shelf", str(asked.snapshot.folder.parent), "--year", "2025", "--by", "workplace"]
    done = main(["standardise", "smoking", *shelf])
    lines = capsys.readouterr().out.splitlines()

    assert (done, lines[0]) == (0, "level,people,crude,direct,indirect")
    assert [line.split(",")[0] for line in lines[1:]] == list(asked.snapshot.manifest.workplaces)


def test_the_engine_reaches_nothing_else(asked: Engine, tmp_path: Path) -> None:
    """No other file, no network, no extension that knows a database, and no way to allow it again."""
    (tmp_path / "other.csv").write_text("a\n1\n")
    statements = [
        f"SELECT * FROM read_csv('{tmp_path / 'other.csv'}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        "ATTACH 'host=127.0.0.1 dbname=warifu' AS pg (TYPE postgres)",
        "INSTALL postgres",
        "SELECT * FROM read_parquet('https://example.invalid/x.parquet')",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
    ]
    backend, refused = DuckDB(asked.snapshot), []
    for statement in statements:
        with pytest.raises(Exception) as error:  # noqa: PT011  # DuckDB's own, of several kinds
            backend.connection.raw_sql(statement).fetchall()
        refused.append(type(error.value).__module__.split(".")[0].lstrip("_"))

    assert set(refused) == {"duckdb"}
    assert list(tmp_path.iterdir()) == [tmp_path / "other.csv"]


def test_definitions_name_columns_and_levels_that_there_are(asked: Engine) -> None:
    """Every measure names columns of the mart, every ladder joins each finer level once, every text is in both languages."""
    columns = set(DuckDB(asked.snapshot).member_years.columns)
    named = set()
    lines = set(DuckDB(asked.snapshot).disease_years.columns)
    for measure in measures().values():
        named |= {*measure.among, *measure.counted} if isinstance(measure, Share) else {measure.top.column, measure.bottom.column}
    texts = [one.title for one in (*measures().values(), *variables().values())]

    assert named <= columns
    assert {rung.column for one in variables().values() if one.of != "disease" for rung in one.rungs} <= columns
    assert {rung.column for one in variables().values() if one.of != "attribute" for rung in one.rungs} <= lines
    assert {tuple(sorted(title)) for title in texts} == {("en", "ja")}


def test_light_to_import() -> None:
    """A service that imports the package starts without DuckDB, Ibis and pyarrow."""
    heavy = "import sys, analysis; print(sorted({'duckdb', 'ibis', 'pyarrow', 'pandas', 'numpy'} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", heavy], check=True, capture_output=True, text=True).stdout

    assert printed.strip() == "[]"
