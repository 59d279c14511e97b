"""What the staff who guide members have to do: lists of tokens for the registrar's `reidentify open`, and what they tell back.

::

    async with StaffSession(deployment) as session, Loopback() as agent:
        await session.sign_in(agent)
        await session.open("anon-data", authenticator)
        Path("TOKENS.csv").write_text(await TasksDesk(session).guidance_csv(2026))
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from protocol.encoding import EncodingError, b64u, unb64u
from protocol.messages.base import BATCH_ROWS
from protocol.messages.guidance_tasks import (
    SUPPORTS,
    AskTasks,
    GuidanceTask,
    GuidanceTasks,
    ReminderTask,
    ReminderTasks,
    Step,
    SupportRow,
    SupportTold,
    TellSupport,
)

from ._wire import dump, parse
from .errors import InputRefused
from .staff_points import Calls

DUE: tuple[Step, ...] = ("target", "begun")
"""Steps after which something is left to do."""


class TasksDesk:
    """Tasks, as the role ``guidance`` sees them: tokens, which are nobody until officers let them be."""

    def __init__(self, session: Calls) -> None:
        self._session = session

    async def reminders(self, year: int) -> list[ReminderTask]:
        """Return who was not examined in a fiscal year."""
        found: list[ReminderTask] = []
        after: bytes | None = None
        while True:
            asked = dump(AskTasks(fiscal_year=year, after=after))
            page = parse("anon-data", ReminderTasks, await self._session.call("anon-data", "POST", "/staff/tasks/reminders", asked))
            found += page.rows
            if (after := page.next) is None:
                return found

    async def guidance(self, year: int, *, due: bool = False) -> list[GuidanceTask]:
        """Return whom guidance of a fiscal year is for, and how far it came; ``due``: where it is neither completed nor stopped."""
        found: list[GuidanceTask] = []
        after: bytes | None = None
        while True:
            asked = dump(AskTasks(fiscal_year=year, after=after))
            page = parse("anon-data", GuidanceTasks, await self._session.call("anon-data", "POST", "/staff/tasks/guidance", asked))
            found += [task for task in page.rows if not due or task.step in DUE]
            if (after := page.next) is None:
                return found

    async def tell(self, year: int, rows: Iterable[SupportRow]) -> list[SupportRow]:
        """Tell how often something was done in all, and return the rows that name nobody whom guidance of the year is for."""
        ordered, unknown = sorted(rows, key=lambda row: (row.token, row.kind)), []
        for first in range(0, len(ordered), BATCH_ROWS):
            batch = ordered[first : first + BATCH_ROWS]
            body = dump(TellSupport(fiscal_year=year, rows=tuple(batch)))
            answer = await self._session.call("anon-data", "PUT", "/staff/tasks/guidance/support", body)
            unknown += [batch[at] for at in parse("anon-data", SupportTold, answer).unknown]
        return unknown

    async def reminders_csv(self, year: int) -> str:
        """Return the reminders as a table whose first column is the token."""
        return _table(("token", "last_examined"), ((b64u(row.token), row.last_examined) for row in await self.reminders(year)))

    async def guidance_csv(self, year: int, *, due: bool = False) -> str:
        """Return the tasks of guidance as a table whose first column is the token."""
        rows = []
        for task in await self.guidance(year, due=due):
            done = {one.kind: one.times for one in task.done}
            rows.append((b64u(task.token), task.level, task.step, task.points, task.needed, *map(done.get, SUPPORTS)))
        return _table(("token", "level", "step", "points", "needed", *SUPPORTS), rows)


def support_of(table: str) -> list[SupportRow]:
    """Read a table as `guidance_csv` writes it: each cell of a kind of support that is not empty is told, 0 takes it back.

    Raises InputRefused (``table``) that names line and column, and never what stands there.
    """
    lines = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    if not lines or "token" not in lines[0] or not lines[0].keys() & set(SUPPORTS):
        raise InputRefused("table", "needs a line of names with token and kinds of support, and a line for each task")
    return [row for number, line in enumerate(lines, start=2) for row in _told(number, line)]


def _told(number: int, line: Mapping[str, str | None]) -> Iterator[SupportRow]:
    try:
        token = unb64u(line["token"] or "", 32)
    except EncodingError:
        raise InputRefused("table", f"line {number}: no token of 43 characters") from None
    for kind in SUPPORTS:
        if said := (line.get(kind) or "").strip():
            try:
                yield SupportRow(token=token, kind=kind, times=int(said))
            except ValueError:
                raise InputRefused("table", f"line {number}, {kind}: no number from 0 to 99") from None


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue()
