"""The staff who guide read what is left to do, and tell what they did; whom it is about they know by token alone.

That member reads it too.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from chassis.database import Database
from health.support import NEEDED, support_points
from mailboxes.order import require_sorted, require_unique
from mailboxes.readers import Reader
from protocol.messages.guidance_tasks import (
    SUPPORTS,
    TASK_ROWS,
    AskTasks,
    GuidanceSupport,
    GuidanceTask,
    GuidanceTasks,
    GuidedYear,
    ReminderTask,
    ReminderTasks,
    Step,
    Support,
    Supported,
    SupportTold,
    TargetLevel,
    TellSupport,
)

from anon_data.store import guidance_tasks as store

_LEVELS: Mapping[str, TargetLevel] = {"1": "active", "2": "motivational"}
_NO_TARGET: tuple[TargetLevel | None, Sequence[int]] = (None, ())
Guided = TypeVar("Guided", GuidanceTask, GuidedYear)
_BEGUN, _COMPLETED, _STOPPED = 21, 22, 23


async def reminders(db: Database, asked: AskTasks) -> ReminderTasks:
    """Return a page of those who were not examined in the year."""
    async with db.statements("read-reminder-tasks") as tx:
        rows = await store.reminders(tx, asked.fiscal_year, asked.after or b"", TASK_ROWS)
    found = tuple(ReminderTask(token=row["token"], last_examined=row["last_examined"]) for row in rows)
    return ReminderTasks(rows=found, next=found[-1].token if len(found) == TASK_ROWS else None)


async def guidance(db: Database, asked: AskTasks) -> GuidanceTasks:
    """Return a page of those whom guidance of the year is for, with how far it came."""
    async with db.statements("read-guidance-tasks") as tx:
        rows = await store.targets(tx, asked.fiscal_year, asked.after or b"", TASK_ROWS)
        done: dict[bytes, dict[Support, int]] = defaultdict(dict)
        for told in await store.support_of(tx, asked.fiscal_year, [row["token"] for row in rows]):
            done[told["token"]][SUPPORTS[told["kind"] - 1]] = told["times"]
    found = tuple(
        _guided(GuidanceTask, _LEVELS[row["choice"]], row["stages"], done[row["token"]], token=row["token"]) for row in rows
    )
    return GuidanceTasks(rows=found, next=found[-1].token if len(found) == TASK_ROWS else None)


async def own_support(db: Database, reader: Reader) -> GuidanceSupport:
    """Return of each year what is read and was told of the reader's member, the newest first."""
    async with db.statements("read-guidance-support") as tx:
        token = await reader.for_reading(tx)
        targets: dict[int, tuple[TargetLevel | None, Sequence[int]]] = {
            row["fiscal_year"]: (_LEVELS[row["choice"]], row["stages"]) for row in await store.own_years(tx, token)
        }
        done: dict[int, dict[Support, int]] = defaultdict(dict)
        for told in await store.own_support(tx, token):
            done[told["fiscal_year"]][SUPPORTS[told["kind"] - 1]] = told["times"]
    found = []
    for year in sorted(targets.keys() | done.keys(), reverse=True):
        level, stages = targets.get(year, _NO_TARGET)
        found.append(_guided(GuidedYear, level, stages, done[year], fiscal_year=year))
    return GuidanceSupport(years=tuple(found))


async def tell_support(db: Database, told: TellSupport) -> SupportTold:
    """Keep what was done with whom guidance of the year is for."""
    require_sorted([row.token for row in told.rows])
    require_unique([(row.token, row.kind) for row in told.rows])
    async with db.transaction("tell-support") as tx:
        known = await store.known(tx, told.fiscal_year, [row.token for row in told.rows])
        rows = [(row.token, SUPPORTS.index(row.kind) + 1, row.times) for row in told.rows if row.token in known]
        await store.tell(tx, told.fiscal_year, rows)
    return SupportTold(unknown=tuple(at for at, row in enumerate(told.rows) if row.token not in known))


def _guided(
    kind: Callable[..., Guided], level: TargetLevel | None, stages: Collection[int], done: Mapping[Support, int], **about: object
) -> Guided:
    active = level == "active"
    return kind(
        level=level,
        step=_step(stages, done),
        done=tuple(Supported(kind=kind, times=times) for kind, times in done.items()),
        points=support_points(done) if active else None,
        needed=NEEDED if active else None,
        **about,
    )


def _step(stages: Collection[int], done: Mapping[Support, int]) -> Step:
    if _COMPLETED in stages:
        return "completed"
    if _STOPPED in stages:
        return "stopped"
    return "begun" if _BEGUN in stages or done else "target"
