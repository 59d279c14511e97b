"""Analysts and the office keep questions under a name; each snapshot answers them once."""

import asyncio
from dataclasses import dataclass
from datetime import date

from analysis import Refused, SnapshotUnusable
from chassis.database import Database
from protocol.messages.saved_reports import REPORTS, KeptAnswer, PutReport, ReportResult, SavedReport, SavedReports
from staff import StaffCall

from anon_data.analysts import Analysts
from anon_data.answer_messages import answer_of, question_of, told
from anon_data.errors import NoSnapshot, QuestionRefused, ReportRefused, ReportUnknown
from anon_data.store import saved_reports as store
from anon_data.table_forms import Form, written_answer
from anon_data.use_cases.cohorts import approved


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports were answered of a month, and which of them cannot be asked any more."""

    month: str
    answered: int
    refused: tuple[str, ...]


async def put_report(db: Database, analysts: Analysts, name: str, asked: PutReport, caller: StaffCall, today: date) -> SavedReport:
    """Keep a report that can be asked, answered of the newest snapshot, or nothing of it."""
    if len({one.name for one in asked.questions}) < len(asked.questions):
        raise ReportRefused(reason="twice")
    found = await _answered(db, analysts, asked, 0)
    if found.refused is not None:
        raise QuestionRefused(reason=found.refused)
    async with db.transaction("save-report") as tx:
        await store.hold(tx)
        saved = await store.find(tx, name)
        if saved is None and await store.count(tx) >= REPORTS:
            raise ReportRefused(reason="too-many")
        if saved is None or saved.report != asked:
            await store.put(tx, name, 1 if saved is None else saved.version + 1, asked, caller.passkey, today)
            saved = await store.find(tx, name)
        if saved is None:
            raise ReportUnknown
        await store.keep(tx, name, found.model_copy(update={"version": saved.version}))
        return await store.find(tx, name) or saved


async def list_reports(db: Database) -> SavedReports:
    """Return all reports by name."""
    async with db.statements("list-reports") as tx:
        return SavedReports(reports=await store.every(tx))


async def read_report(db: Database, name: str) -> SavedReport:
    """Return a report."""
    async with db.statements("read-report") as tx:
        found = await store.find(tx, name)
    if found is None:
        raise ReportUnknown
    return found


async def delete_report(db: Database, name: str) -> None:
    """Forget a report and its results."""
    async with db.transaction("delete-report") as tx:
        if not await store.delete(tx, name):
            raise ReportUnknown


async def read_result(db: Database, name: str, month: str) -> ReportResult:
    """Return what a report was answered of a month."""
    async with db.statements("read-report-result") as tx:
        found = await store.read(tx, name, month)
    if found is None:
        raise ReportUnknown
    return found


async def read_table(db: Database, name: str, month: str, question: str, form: Form) -> bytes:
    """Return what one question of a report was answered of a month, in a form."""
    result = await read_result(db, name, month)
    found = next((one.answer for one in result.answers if one.name == question), None)
    if found is None:
        raise ReportUnknown
    return await asyncio.to_thread(written_answer, answer_of(found), form)


async def answer_reports(db: Database, analysts: Analysts) -> Tally:
    """Answer every report of the newest snapshot that has no result of it; raise NoSnapshot."""
    month = await asyncio.to_thread(_month, analysts)
    async with db.statements("unanswered-reports") as tx:
        waiting = await store.unanswered(tx, month)
    refused = []
    for one in waiting:
        found = await _answered(db, analysts, one.report, one.version)
        if found.refused is not None:
            refused.append(one.name)
        async with db.transaction("keep-report-result") as tx:
            await store.keep(tx, one.name, found)
    return Tally(month, len(waiting) - len(refused), tuple(refused))


def _month(analysts: Analysts) -> str:
    try:
        return analysts.asking(employer=False).snapshot.month
    except SnapshotUnusable:
        raise NoSnapshot from None


async def _answered(db: Database, analysts: Analysts, asked: PutReport, version: int) -> ReportResult:
    """Answer all questions of one snapshot, or none; raise NoSnapshot."""
    cohorts = await approved(db, [one.cohort for one in asked.questions])

    def work() -> ReportResult:
        engine = analysts.asking(employer=asked.employer)
        answers: tuple[KeptAnswer, ...] = ()
        reason = None
        try:
            answers = tuple(
                KeptAnswer(name=one.name, answer=told(engine.ask(question_of(one, cohorts)))) for one in asked.questions
            )
        except Refused as refused:
            reason = refused.reason
        return ReportResult(
            snapshot=engine.snapshot.month,
            version=version,
            employer=asked.employer,
            definitions=engine.snapshot.manifest.definitions,
            answers=answers,
            refused=reason,
        )

    try:
        return await asyncio.to_thread(work)
    except SnapshotUnusable:
        raise NoSnapshot from None
