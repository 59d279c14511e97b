"""Staff reads what a plan's year came to; the database is not asked."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from analysis import SnapshotUnusable
from plans.document import Language, review_page, workplace_page
from plans.errors import FileUnusable, NoReport, YearUnknown
from plans.review import review
from plans.workplaces import workplace_report
from protocol.messages.analysis import Title
from protocol.messages.plans import PlanEntry, Plans

from anon_data.analysts import Analysts
from anon_data.errors import NoSnapshot, NoWorkplaceReport, PlanUnknown, PlanUnusable
from anon_data.plan_shelf import PlanShelf, Shelved

T = TypeVar("T")


async def list_plans(shelf: PlanShelf) -> Plans:
    """Return every plan; raise PlanUnusable."""
    found = await _apart(shelf.plans)
    return Plans(
        plans=tuple(
            PlanEntry(
                name=name,
                title=Title(en=plan.title.en, ja=plan.title.ja),
                version=plan.version,
                first_year=plan.first_year,
                last_year=plan.last_year,
            )
            for name, plan in found.items()
        )
    )


async def review_plan(shelf: PlanShelf, analysts: Analysts, name: str, year: int, language: Language) -> str:
    """Return the page of a plan's year, by the rules for analysts; raise PlanUnknown, PlanUnusable, NoSnapshot."""

    def written() -> str:
        found = _found(shelf, name)
        asks = analysts.asking(employer=False)
        return review_page(review(found.plan, asks, year, found.reference, found.actuals), language)

    return await _apart(written)


async def report_workplace(shelf: PlanShelf, analysts: Analysts, name: str, workplace: str, year: int, language: Language) -> str:
    """Return the page for an employer, by the rules for employers; raise as above, and NoWorkplaceReport."""

    def written() -> str:
        found = _found(shelf, name)
        report = workplace_report(analysts.asking(employer=True), workplace, year, found.reference)
        return workplace_page(report, found.plan.insurer, language)

    return await _apart(written)


def _found(shelf: PlanShelf, name: str) -> Shelved:
    found = shelf.plan(name)
    if found is None:
        raise PlanUnknown
    return found


async def _apart(work: Callable[[], T]) -> T:
    """Work beside members' requests, which should not wait for it."""
    try:
        return await asyncio.to_thread(work)
    except FileUnusable as error:
        faults = [{"field": fault.field, "reason": fault.reason} for fault in error.faults]
        raise PlanUnusable(faults=faults) from None
    except YearUnknown:
        raise PlanUnknown from None
    except NoReport:
        raise NoWorkplaceReport from None
    except SnapshotUnusable:
        raise NoSnapshot from None
