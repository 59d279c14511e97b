"""Analysts compare what a snapshot shows; the database is not asked."""

import asyncio
from fractions import Fraction

from analysis import Refused, SnapshotUnusable
from analysis.arms import Arms
from analysis.before_after import BeforeAfter
from analysis.effects import DifferenceInDifferences, Weighted
from analysis.funnels import FunnelAsked
from analysis.references import Beside, Elsewhere, Reference
from analysis.tables import Comparison, Table, notes
from analysis.trends import Trend
from protocol.messages.analysis import Condition, Title
from protocol.messages.comparisons import (
    AskedArms,
    AskedBeforeAfter,
    AskedBeside,
    AskedComparison,
    AskedDifferences,
    AskedFunnel,
    AskedTrend,
    ComparisonTable,
    Note,
)

from anon_data.analysts import Analysts
from anon_data.errors import NoSnapshot, QuestionRefused
from anon_data.table_forms import Form, written


async def compare(analysts: Analysts, asked: AskedComparison) -> ComparisonTable:
    """Return the comparison; raise QuestionRefused or NoSnapshot."""
    table = await _told(analysts, asked)
    return ComparisonTable(
        snapshot=table.snapshot,
        definition=table.definition,
        version=table.version,
        columns=table.columns,
        rows=table.rows,
        notes=tuple(Note(name=name, text=Title.model_validate(notes()[name])) for name in table.notes),
    )


async def compare_as_table(analysts: Analysts, asked: AskedComparison, form: Form) -> bytes:
    """Return the comparison as CSV or as a workbook; raise QuestionRefused or NoSnapshot."""
    return written((await _told(analysts, asked)).sheet(), form)


async def _told(analysts: Analysts, asked: AskedComparison) -> Table:
    def work() -> Table:
        return comparison_of(asked).told(analysts.asking(employer=asked.employer))

    try:
        return await asyncio.to_thread(work)
    except Refused as refused:
        raise QuestionRefused(reason=refused.reason) from None
    except SnapshotUnusable:
        raise NoSnapshot from None


def comparison_of(asked: AskedComparison) -> Comparison:
    """Return what is compared."""
    of, snapshot = asked.of, asked.snapshot
    if isinstance(of, AskedTrend):
        return Trend(of.measure, of.by, _where(of.where), snapshot)
    if isinstance(of, AskedFunnel):
        return FunnelAsked(of.funnel, of.year, of.by, _where(of.where), snapshot)
    if isinstance(of, AskedBeside):
        return Beside(of.measure, of.year, _reference(of), _where(of.where), snapshot)
    if isinstance(of, AskedBeforeAfter):
        return BeforeAfter(of.measure, of.before, of.after, _where(of.where), snapshot)
    if isinstance(of, AskedDifferences):
        return DifferenceInDifferences(of.measure, _arms(of.arms), of.before, of.after, of.classes, _where(of.where), snapshot)
    return Weighted(of.measure, _arms(of.arms), of.year, of.classes, of.to, _where(of.where), snapshot)


def _reference(of: AskedBeside) -> Reference:
    return Reference("", of.by, tuple(Elsewhere(one.levels, Fraction(one.value)) for one in of.values))


def _arms(of: AskedArms) -> Arms:
    return Arms(of.rung, of.treated, of.control)


def _where(conditions: tuple[Condition, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((one.rung, one.level) for one in conditions)
