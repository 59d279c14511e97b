"""Questions and answers between the wire and analysis."""

from collections.abc import Mapping

from analysis import Answer, Cell, Question, Refused
from analysis.cohorts import Cohort
from protocol.messages.analysis import AnsweredCell, AnsweredQuestion, AskedQuestion, Condition
from protocol.messages.saved_reports import KeptQuestion


def question_of(asked: AskedQuestion | KeptQuestion, cohorts: Mapping[str, Cohort]) -> Question:
    """Return the question that is asked; raise Refused where its cohort is none of those that may be asked."""
    if asked.cohort is not None and asked.cohort not in cohorts:
        raise Refused("unknown-cohort")
    where = tuple((one.rung, one.level) for one in asked.where)
    snapshot = asked.snapshot if isinstance(asked, AskedQuestion) else None
    return Question(asked.measure, asked.year, asked.by, where, snapshot, cohorts[asked.cohort] if asked.cohort else None)


def told(answer: Answer) -> AnsweredQuestion:
    """Return an answer as a message."""
    return AnsweredQuestion(
        snapshot=answer.snapshot,
        measure=answer.measure,
        version=answer.version,
        by=answer.by,
        where=tuple(Condition(rung=rung, level=level) for rung, level in answer.where),
        cohort=answer.cohort,
        cells=tuple(
            AnsweredCell(
                year=cell.year,
                levels=cell.levels,
                people=cell.people,
                counted=cell.counted,
                value=cell.value,
                mark=cell.mark,
            )
            for cell in answer.cells
        ),
    )


def answer_of(message: AnsweredQuestion) -> Answer:
    """Return the answer that a message tells."""
    return Answer(
        snapshot=message.snapshot,
        measure=message.measure,
        version=message.version,
        by=message.by,
        where=tuple((one.rung, one.level) for one in message.where),
        cells=tuple(Cell(one.year, one.levels, one.people, one.counted, one.value, one.mark) for one in message.cells),
        cohort=message.cohort,
    )
