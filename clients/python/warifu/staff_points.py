"""What the office does with points: rules, grants, books, corrections by two, orders for suppliers.

::

    async with StaffSession(deployment) as session, Loopback() as agent:
        await session.sign_in(agent)
        await session.open("programs", authenticator)
        print(await PointsDesk(session).books())
"""

from datetime import date
from typing import Protocol

import httpx
from protocol.messages.exchange import Open
from protocol.messages.point_corrections import Correction, Corrections, DecideCorrection, ProposeCorrection
from protocol.messages.point_rules import Books, Budget, Budgets, GrantPoints, PointRun, RuleVersion
from protocol.names import StoreName

from ._wire import M, dump, parse

RUN_S = 1800
"""Seconds that a run may take: it looks at every day of every member. Asked again it goes on where it was."""


class Calls(Protocol):
    """What makes calls in a session at a store, such as :class:`warifu.staff.StaffSession`."""

    async def call(
        self, store: StoreName, method: str, path: str, body: bytes = b"", *, patience_s: float | None = None
    ) -> httpx.Response:
        """Make a call, and wait so many seconds for its answer, else 30."""
        ...


class PointsDesk:
    """Points, as the roles ``office`` and ``program-manager`` see them: nobody's."""

    def __init__(self, session: Calls) -> None:
        self._session = session

    async def put_rule(self, version: RuleVersion) -> None:
        """Write the next version of a rule; the newest one again changes nothing."""
        path = f"/staff/point-rules/{version.id}/{version.version}"
        await self._session.call("programs", "PUT", path, dump(version.rule))

    async def grant(self, rule: str, first: date, last: date, *, dry: bool = False) -> PointRun:
        """Give everybody what a rule gives for a period, once, or say what that would be."""
        asked = GrantPoints(rule=rule, first=first, last=last, dry=dry)
        answer = await self._session.call("programs", "POST", "/staff/point-runs", dump(asked), patience_s=RUN_S)
        return parse("programs", PointRun, answer)

    async def budgets(self) -> tuple[Budget, ...]:
        """Return what each rule may grant in this fiscal year, and what it has granted."""
        return (await self._read("/staff/points/budgets", Budgets)).budgets

    async def books(self) -> Books:
        """Return the sums that must agree, orders held against the ledger, and every side of the books."""
        return await self._read("/staff/points/books", Books)

    async def accounts_csv(self) -> str:
        """Return debits and credits by month and account as CSV; refused (``books-disagree``) where the books do not agree."""
        return (await self._session.call("programs", "GET", "/staff/points/accounts.csv")).text

    async def corrections(self) -> tuple[Correction, ...]:
        """Return corrections: those to be decided first."""
        return (await self._read("/staff/point-corrections", Corrections)).corrections

    async def propose(self, asked: ProposeCorrection) -> Correction:
        """Propose to correct a member's points; it moves nothing."""
        return parse("programs", Correction, await self._session.call("programs", "POST", "/staff/point-corrections", dump(asked)))

    async def decide(self, name: bytes, *, approved: bool) -> Correction:
        """Approve or decline what somebody else proposed."""
        asked = dump(DecideCorrection(id=name, approved=approved))
        return parse(
            "programs", Correction, await self._session.call("programs", "POST", "/staff/point-corrections/decisions", asked)
        )

    async def orders_csv(self, supplier: str, state: Open = "placed") -> str:
        """Return a supplier's orders as CSV, for them: of members it has names of orders and sealed addresses."""
        base = f"/staff/suppliers/{supplier}/orders.csv"
        path, text = f"{base}?state={state}", ""
        while True:
            answer = await self._session.call("programs", "GET", path)
            page = answer.content.decode("utf-8")
            text += page.partition("\r\n")[2] if text else page
            if "next" not in answer.links:
                return text
            path = base + answer.links["next"]["url"]

    async def _read(self, path: str, kind: type[M]) -> M:
        return parse("programs", kind, await self._session.call("programs", "GET", path))
