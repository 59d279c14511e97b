"""Every registered measure and rung, answered by Apache Spark and by DuckDB: the same cells, to the last digit.

`make spark` runs this; ordinary test runs do not collect it, since PySpark and Java are not installed for them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from analysis import EMPLOYER, Answer, Question, measures, variables
from analysis.__main__ import main
from analysis.cohorts import Cohort
from analysis.engine import Engine
from analysis.measures import Share
from analysis.spark import Spark
from pyspark.sql import SparkSession

from .population import YEARS

PLAIN = [name for name, measure in measures().items() if not measure.by_disease]
BY_DISEASE = [name for name, measure in measures().items() if measure.by_disease]
RUNGS = [rung.text for variable in variables().values() if variable.of != "disease" for rung in variable.rungs]


# Py4J leaves closing its sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{name}") for name in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning")
]


@pytest.fixture(scope="module")
def spark(asked: Engine) -> Iterator[Engine]:
    # A session that is under way is the one that is used; thousands of rows are not worth 200 tasks.
    SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", 2).config(
        "spark.ui.enabled", "false"
    ).getOrCreate()
    backend = Spark(asked.snapshot)
    yield Engine(asked.snapshot, backend=backend)
    backend.stop()


def answered(question: Question, *engines: Engine) -> list[Answer]:
    return [one.ask(question) for one in engines]


@pytest.mark.parametrize("measure", PLAIN)
def test_each_measure(asked: Engine, spark: Engine, measure: str) -> None:
    """By age and sex over all years, and of one workplace in one year by what people were the year before."""
    two = isinstance(measures()[measure], Share)
    former = (f"smoking@{YEARS[0]}", *(["sex"] if two else []))
    for question in (
        Question(measure, None, ("age", "sex")),
        Question(measure, YEARS[1], former, (("workplace", "mill"),)),
    ):
        ours, theirs = answered(question, asked, spark)

        assert theirs == ours
    assert {cell.mark for cell in asked.ask(Question(measure, None, ("sex",))).cells} != {"hidden"}


@pytest.mark.parametrize("rung", RUNGS)
def test_each_rung(asked: Engine, spark: Engine, rung: str) -> None:
    """Whatever people are told apart by."""
    ours, theirs = answered(Question("healthy-sleep", YEARS[1], (rung,)), asked, spark)

    assert theirs == ours


@pytest.mark.parametrize("measure", BY_DISEASE)
@pytest.mark.parametrize("question", [(("disease",), ()), (("sex", "disease:group"), ()), (("age:stage",), (("disease", "0901"),))])
def test_each_measure_of_diseases(
    asked: Engine, spark: Engine, measure: str, question: tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
) -> None:
    """By class and by group, and of one class."""
    ours, theirs = answered(Question(measure, None, *question), asked, spark)

    assert theirs == ours


def test_a_cohort(asked: Engine, spark: Engine) -> None:
    """People of several levels of two variables."""
    cohort = Cohort("works:1", (("workplace", ("harbour", "mill")), ("age", ("30-39", "40-49", "50-59"))))
    ours, theirs = answered(Question("smoking", YEARS[1], cohort=cohort), asked, spark)

    assert theirs == ours
    assert {cell.mark for cell in ours.cells} != {"hidden"}


def test_for_employers(asked: Engine, spark: Engine) -> None:
    """The rules are the same: nothing of fewer than fifty people."""
    ours, theirs = answered(
        Question("smoking", YEARS[1], ("workplace", "age:stage")),
        Engine(asked.snapshot, EMPLOYER),
        Engine(asked.snapshot, EMPLOYER, spark._backend),
    )

    assert theirs == ours


@pytest.mark.usefixtures("spark")
def test_the_command(asked: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """The command asks Spark where it is told to."""
    shelf = Path(asked.snapshot.folder).parent
    done = main(["ask", "smoking", "--shelf", str(shelf), "--by", "sex", "--backend", "spark"])

    assert (done, capsys.readouterr().out) == (0, asked.ask(Question("smoking", None, ("sex",))).csv())
