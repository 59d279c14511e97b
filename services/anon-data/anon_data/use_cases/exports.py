"""A result leaves as a file when an analyst asked for it and somebody else of the office approved it."""

import asyncio
from datetime import date

from analysis import Refused, SnapshotUnusable
from analysis.marks import Watermark, digest_of, marked
from chassis.database import Database
from protocol.messages.analysis import AskedQuestion
from protocol.messages.exports import AskExport, DecideExport, Export, ExportForm, Exports, ExportShown
from staff import StaffCall

from anon_data.analysts import Analysts
from anon_data.answer_messages import question_of
from anon_data.errors import ExportRefused, NoSnapshot, QuestionRefused
from anon_data.store import exports as store
from anon_data.store.exports import Answered, Kept
from anon_data.table_forms import written
from anon_data.use_cases.cohorts import approved
from anon_data.use_cases.compare import comparison_of

MOST = 1000
"""Lines of the log that are read at a time."""


async def ask(db: Database, analysts: Analysts, caller: StaffCall, asked: AskExport, today: date) -> Export:
    """Answer what should leave, and keep it until somebody decides."""
    answered = await _answered(db, analysts, asked)
    async with db.transaction("ask-export") as tx:
        await store.ask(tx, asked, answered, caller.passkey, caller.subject, today)
        found = _known(await store.find(tx, asked.id)).export
    if (found.of, found.form, found.purpose, found.asked_by) != (asked.of, asked.form, asked.purpose, caller.passkey):
        raise ExportRefused(reason="id")
    return found


async def decide(db: Database, caller: StaffCall, asked: DecideExport, today: date) -> Export:
    """Let it leave, or not; whoever asked does not decide, with no passkey of theirs."""
    async with db.transaction("decide-export") as tx:
        decided = await store.decide(tx, asked.id, caller.passkey, caller.subject, today, approved=asked.approved)
        found = _known(await store.find(tx, asked.id)).export
    if not decided and found.state == "asked":
        raise ExportRefused(reason="alone")
    if (found.state == "approved") != asked.approved:
        raise ExportRefused(reason="decided")
    return found


async def read_log(db: Database) -> Exports:
    """Return who asked for what and who let it leave."""
    async with db.statements("read-exports") as tx:
        return Exports(exports=tuple(await store.listed(tx, MOST)))


async def show(db: Database, name: str) -> ExportShown:
    """Return what leaves, or would."""
    async with db.statements("show-export") as tx:
        found = _known(await store.find(tx, name))
    sheet = found.sheet
    return ExportShown(export=found.export, head=sheet.head, lines=sheet.lines, notes=sheet.notes)


async def take(db: Database, analysts: Analysts, caller: StaffCall, name: str, today: date) -> tuple[bytes, ExportForm]:
    """Return the file of an approved export, the same whenever it is taken."""
    async with db.transaction("take-export") as tx:
        await store.take(tx, name, caller.passkey, today)
        found = _known(await store.find(tx, name))
    return await asyncio.to_thread(_file, analysts, found), found.export.form


def _file(analysts: Analysts, found: Kept) -> bytes:
    export = found.export
    if export.state != "approved" or export.decided_by is None or export.decided is None:
        raise ExportRefused(reason="not-approved")
    watermark = Watermark(export.id, export.asked_by, export.decided_by, export.decided, export.snapshot, export.definitions)
    try:
        key = analysts.export_key()
    except (OSError, SnapshotUnusable):
        raise NoSnapshot from None
    return written(marked(found.sheet, watermark, key), export.form, watermark.text)


async def _answered(db: Database, analysts: Analysts, asked: AskExport) -> Answered:
    of = asked.of
    cohorts = await approved(db, [of.cohort] if isinstance(of, AskedQuestion) else [])

    def work() -> Answered:
        engine = analysts.asking(employer=of.employer)
        answer = engine.ask(question_of(of, cohorts)) if isinstance(of, AskedQuestion) else comparison_of(of).told(engine)
        return Answered(answer.sheet(), engine.snapshot.month, digest_of(engine.snapshot.manifest.definitions))

    try:
        return await asyncio.to_thread(work)
    except Refused as refused:
        raise QuestionRefused(reason=refused.reason) from None
    except SnapshotUnusable:
        raise NoSnapshot from None


def _known(found: Kept | None) -> Kept:
    if found is None:
        raise ExportRefused(reason="unknown")
    return found
