"""What analysts keep and carry away: workbooks, saved reports, cohorts, exports that two approve.

::

    async with StaffSession(deployment) as session, Loopback() as agent:
        await session.sign_in(agent)
        await session.open("anon-data", authenticator)
        Path("smoking.xlsx").write_bytes(await AnalysisDesk(session).ask_xlsx(AskedQuestion(measure="smoking", by=("sex",))))

Questions themselves are asked with the session: ``ask``, ``ask_arrow``, ``compare``.
"""

from typing import Protocol

import httpx
from protocol.messages.analysis import AskedQuestion
from protocol.messages.base import Message
from protocol.messages.cohorts import DecideCohort, RegisterCohort, RegisteredCohort, RegisteredCohorts
from protocol.messages.comparisons import AskedComparison
from protocol.messages.exports import AskExport, DecideExport, Export, Exports, ExportShown
from protocol.messages.saved_reports import PutReport, ReportResult, SavedReport, SavedReports
from protocol.names import StoreName

from ._wire import dump, parse

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARROW = "application/vnd.apache.arrow.stream"
_REPORTS = "/staff/analysis/reports"
_COHORTS = "/staff/analysis/cohorts"
_EXPORTS = "/staff/analysis/exports"


class Accepting(Protocol):
    """What makes calls in a session at a store, and says what it accepts, such as :class:`warifu.staff.StaffSession`."""

    async def call(self, store: StoreName, method: str, path: str, body: bytes = b"", accept: str = "*/*") -> httpx.Response:
        """Make a call."""
        ...


class AnalysisDesk:
    """Analysis, as the roles ``analyst`` and ``office`` see it."""

    def __init__(self, session: Accepting) -> None:
        self._session = session

    async def ask_xlsx(self, question: AskedQuestion) -> bytes:
        """Ask, and return the answer as a workbook for spreadsheets."""
        return await self._content("/staff/analysis/tables", question, XLSX)

    async def compare_xlsx(self, asked: AskedComparison) -> bytes:
        """Compare, and return a workbook whose second page are the notes that must be read with it."""
        return await self._content("/staff/analysis/comparisons/tables", asked, XLSX)

    async def save_report(self, name: str, report: PutReport) -> SavedReport:
        """Keep questions under a name; each snapshot answers them, the newest one at once."""
        return parse("anon-data", SavedReport, await self._session.call("anon-data", "PUT", f"{_REPORTS}/{name}", dump(report)))

    async def reports(self) -> tuple[SavedReport, ...]:
        """Return the reports that are kept."""
        return parse("anon-data", SavedReports, await self._session.call("anon-data", "GET", _REPORTS)).reports

    async def report(self, name: str) -> SavedReport:
        """Return a report: its questions, and of which months there are results."""
        return parse("anon-data", SavedReport, await self._session.call("anon-data", "GET", f"{_REPORTS}/{name}"))

    async def delete_report(self, name: str) -> None:
        """Forget a report and its results."""
        await self._session.call("anon-data", "DELETE", f"{_REPORTS}/{name}")

    async def report_result(self, name: str, month: str) -> ReportResult:
        """Return what a report was answered of a month's snapshot."""
        return parse("anon-data", ReportResult, await self._session.call("anon-data", "GET", f"{_REPORTS}/{name}/results/{month}"))

    async def report_table(self, name: str, month: str, question: str, form: str = CSV) -> bytes:
        """Return one answer of it as a table, whose media type is `CSV`, `XLSX` or `ARROW`."""
        path = f"{_REPORTS}/{name}/results/{month}/{question}"
        return (await self._session.call("anon-data", "GET", path, accept=form)).content

    async def register_cohort(self, asked: RegisterCohort) -> RegisteredCohort:
        """Define a cohort, or its next version, as an analyst; ``cohort`` of a question names it once the office approved it."""
        return parse("anon-data", RegisteredCohort, await self._session.call("anon-data", "POST", _COHORTS, dump(asked)))

    async def cohorts(self) -> tuple[RegisteredCohort, ...]:
        """Return all versions of all cohorts: those to be decided first."""
        return parse("anon-data", RegisteredCohorts, await self._session.call("anon-data", "GET", _COHORTS)).cohorts

    async def decide_cohort(self, cohort: str, *, approved: bool) -> RegisteredCohort:
        """Approve a cohort or refuse it, once, as the office."""
        asked = DecideCohort(cohort=cohort, approved=approved)
        answer = await self._session.call("anon-data", "POST", f"{_COHORTS}/decisions", dump(asked))
        return parse("anon-data", RegisteredCohort, answer)

    async def ask_export(self, asked: AskExport) -> Export:
        """Ask, as an analyst, that a result may leave as a file."""
        return parse("anon-data", Export, await self._session.call("anon-data", "POST", _EXPORTS, dump(asked)))

    async def exports(self) -> tuple[Export, ...]:
        """Return the log of exports: those to be decided first, then the newest."""
        return parse("anon-data", Exports, await self._session.call("anon-data", "GET", _EXPORTS)).exports

    async def show_export(self, export: str) -> ExportShown:
        """Return what leaves by an export, or would."""
        return parse("anon-data", ExportShown, await self._session.call("anon-data", "GET", f"{_EXPORTS}/{export}"))

    async def decide_export(self, export: str, *, approved: bool) -> Export:
        """Let a result leave or not, once, as the office."""
        asked = DecideExport(id=export, approved=approved)
        return parse("anon-data", Export, await self._session.call("anon-data", "POST", f"{_EXPORTS}/decisions", dump(asked)))

    async def take_export(self, export: str) -> bytes:
        """Return the file of an approved export, in the form that was asked for."""
        return (await self._session.call("anon-data", "GET", f"{_EXPORTS}/{export}/file")).content

    async def _content(self, path: str, message: Message, accept: str) -> bytes:
        return (await self._session.call("anon-data", "POST", path, dump(message), accept=accept)).content
