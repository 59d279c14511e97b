"""Analysts ask a snapshot; the database is asked for cohorts alone."""

import asyncio

from analysis import Answer, Refused, SnapshotUnusable, measures, variables
from analysis.funnels import funnels
from chassis.database import Database
from protocol.messages.analysis import (
    AnalysisCatalogue,
    AnsweredQuestion,
    AskableFunnel,
    AskableMeasure,
    AskableRung,
    AskableVariable,
    AskedQuestion,
    FunnelStep,
    Title,
)

from anon_data.analysts import Analysts
from anon_data.answer_messages import question_of, told
from anon_data.errors import NoSnapshot, QuestionRefused
from anon_data.table_forms import Form, written_answer
from anon_data.use_cases.cohorts import approved


async def answer_question(db: Database, analysts: Analysts, asked: AskedQuestion) -> AnsweredQuestion:
    """Return the answer; raise QuestionRefused or NoSnapshot."""
    return told(await _answer(db, analysts, asked))


async def answer_as_table(db: Database, analysts: Analysts, asked: AskedQuestion, form: Form) -> bytes:
    """Return the answer in a form; raise QuestionRefused or NoSnapshot."""
    return written_answer(await _answer(db, analysts, asked), form)


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


async def _answer(db: Database, analysts: Analysts, asked: AskedQuestion) -> Answer:
    cohorts = await approved(db, [asked.cohort])
    try:
        question = question_of(asked, cohorts)
        # A question takes tens of milliseconds, which members should not wait for.
        return await asyncio.to_thread(analysts.ask, question, employer=asked.employer)
    except Refused as refused:
        raise QuestionRefused(reason=refused.reason) from None
    except SnapshotUnusable:
        raise NoSnapshot from None
