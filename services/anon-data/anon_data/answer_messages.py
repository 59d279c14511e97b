"""Questions and answers between the wire and analysis."""

from analysis import Answer, Cell, Question
from protocol.messages.analysis import AnsweredCell, AnsweredQuestion, AskedQuestion, Condition
from protocol.messages.saved_reports import KeptQuestion


def question_of(asked: AskedQuestion | KeptQuestion) -> Question:
    """Return the question that is asked."""
    where = tuple((one.rung, one.level) for one in asked.where)
    return Question(asked.measure, asked.year, asked.by, where, asked.snapshot if isinstance(asked, AskedQuestion) else None)


def told(answer: Answer) -> AnsweredQuestion:
    """Return an answer as a message."""
    return AnsweredQuestion(
        snapshot=answer.snapshot,
        measure=answer.measure,
        version=answer.version,
        by=answer.by,
        where=tuple(Condition(rung=rung, level=level) for rung, level in answer.where),
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
    )
