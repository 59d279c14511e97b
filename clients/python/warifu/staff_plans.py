"""What the office reads of Data Health Plans: pages for paper, made of what analysis shows.

::

    async with StaffSession(deployment) as session, Loopback() as agent:
        await session.sign_in(agent)
        await session.open("anon-data", authenticator)
        page = await PlansDesk(session).review("plan", 2025)
"""

from typing import Literal

from protocol.messages.plans import PlanEntry, Plans

from ._wire import parse
from .staff_points import Calls

Language = Literal["ja", "en"]


class PlansDesk:
    """Plans, as the roles ``office`` and ``analyst`` see them."""

    def __init__(self, session: Calls) -> None:
        self._session = session

    async def plans(self) -> tuple[PlanEntry, ...]:
        """Return the plans there are."""
        return parse("anon-data", Plans, await self._session.call("anon-data", "GET", "/staff/plans")).plans

    async def review(self, plan: str, year: int, language: Language = "ja") -> str:
        """Return the review of a fiscal year as HTML that needs nothing else."""
        return await self._page(f"/staff/plans/{plan}/review", year, language)

    async def workplace_report(self, plan: str, workplace: str, year: int, language: Language = "ja") -> str:
        """Return the report for an employer as HTML; refused (``no-workplace-report``) where fewer than fifty people work there."""
        return await self._page(f"/staff/plans/{plan}/workplaces/{workplace}", year, language)

    async def _page(self, path: str, year: int, language: Language) -> str:
        return (await self._session.call("anon-data", "GET", f"{path}?year={year}&language={language}")).text
