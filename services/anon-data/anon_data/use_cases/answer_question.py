"""Analysts ask a snapshot; the database is not asked."""

import asyncio

from analysis import Answer, Question, Refused, SnapshotUnusable, measures, variables
from analysis.funnels import funnels
from protocol.messages.analysis import (
    AnalysisCatalogue,
    AnsweredCell,
    AnsweredQuestion,
    AskableFunnel,
    AskableMeasure,
    AskableRung,
    AskableVariable,
    AskedQuestion,
    Condition,
    FunnelStep,
    Title,
)

from anon_data.analysts import Analysts
from anon_data.errors import NoSnapshot, QuestionRefused
from anon_data.table_forms import Form, written_answer


async def answer_question(analysts: Analysts, asked: AskedQuestion) -> AnsweredQuestion:
    """Return the answer; raise QuestionRefused or NoSnapshot."""
    answer = await _answer(analysts, asked)
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


async def answer_as_table(analysts: Analysts, asked: AskedQuestion, form: Form) -> bytes:
    """Return the answer in a form; raise QuestionRefused or NoSnapshot."""
    return written_answer(await _answer(analysts, asked), form)


def catalogue() -> AnalysisCatalogue:
    """Return what can be asked."""
    return AnalysisCatalogue(
        measures=tuple(
            AskableMeasure(name=one.name, version=one.version, kind=one.kind, title=Title.model_validate(one.title))
            for one in measures().values()
        ),
        variables=tuple(
            AskableVariable(
                name=one.name,
                of=one.of,
                title=Title.model_validate(one.title),
                rungs=tuple(AskableRung(name=f"{one.name}:{rung.name}", levels=rung.levels) for rung in one.rungs),
            )
            for one in variables().values()
        ),
        funnels=tuple(
            AskableFunnel(
                name=one.name,
                version=one.version,
                title=Title.model_validate(one.title),
                steps=tuple(FunnelStep(title=Title.model_validate(step.title)) for step in one.steps),
            )
            for one in funnels().values()
        ),
    )


async def _answer(analysts: Analysts, asked: AskedQuestion) -> Answer:
    where = tuple((condition.rung, condition.level) for condition in asked.where)
    question = Question(asked.measure, asked.year, asked.by, where, asked.snapshot)
    try:
        # A question takes tens of milliseconds, which members should not wait for.
        return await asyncio.to_thread(analysts.ask, question, employer=asked.employer)
    except Refused as refused:
        raise QuestionRefused(reason=refused.reason) from None
    except SnapshotUnusable:
        raise NoSnapshot from None
