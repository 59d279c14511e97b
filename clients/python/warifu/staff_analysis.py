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
from protocol.messages.comparisons import AskedComparison
from protocol.names import StoreName

from ._wire import dump

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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

    async def _content(self, path: str, message: Message, accept: str) -> bytes:
        return (await self._session.call("anon-data", "POST", path, dump(message), accept=accept)).content
