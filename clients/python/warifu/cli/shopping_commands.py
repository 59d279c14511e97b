"""The shell's commands about points and orders."""

from protocol.encoding import b64u
from protocol.messages.exchange import Product
from protocol.messages.points import PointEntry
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warifu._shopping import Ordered
from warifu.errors import InputRefused
from warifu.session import MemberSession

from .words import Words


class ShoppingCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words) -> None:
        self._session = session
        self._console = console
        self._words = words

    async def points(self) -> None:
        """Show balance, lots by their last days, and the newest entries."""
        have = await self._session.points()
        self._console.print(self._words("points-have", free=have.posted - have.held, held=have.held))
        table = self._table("title-points", "date", "points-amount", "points-why", "points-until")
        for one in have.entries:
            until = one.expires.isoformat() if one.expires else ""
            table.add_row(one.day.isoformat(), f"{one.amount:+d}", Text(self._why(one)), until)
        self._console.print(table)

    async def office_name(self) -> None:
        """Show a new name by which the office corrects points."""
        name = b64u(await self._session.name_for_the_office())
        self._console.print(self._words("office-name", name=name), markup=False, highlight=False)

    async def catalogue(self) -> None:
        """Show what is offered, numbered for ``order``."""
        offered = await self._session.catalogue()
        if not offered:
            self._console.print(self._words("no-products"))
            return
        table = self._table("title-catalogue", "product-number", "product-title", "points-amount", "product-left")
        for number, one in enumerate(offered, 1):
            table.add_row(str(number), Text(self._title(one)), str(one.points), str(one.available))
        self._console.print(table)

    async def order(self, number: str, units: str = "1") -> None:
        """Order something of the catalogue."""
        offered = await self._session.catalogue()
        if not 1 <= int(number) <= len(offered):
            raise InputRefused("cart", "no product has this number")
        made = await self._session.order({offered[int(number) - 1].id: int(units)})
        self._console.print(self._words("order-made", points=made.order.points))

    async def orders(self) -> None:
        """Show the orders, numbered for ``cancel-order``."""
        found = await self._session.orders()
        if not found:
            self._console.print(self._words("no-orders"))
            return
        columns = ("order-number", "date", "order-supplier", "points-amount", "order-state", "order-code")
        table = self._table("title-orders", *columns)
        for number, one in enumerate(found, 1):
            table.add_row(*self._row(number, one))
        self._console.print(table)

    async def cancel_order(self, number: str) -> None:
        """Call an order of the list off."""
        found = await self._session.orders()
        if not 1 <= int(number) <= len(found):
            raise InputRefused("order", "no order has this number")
        await self._session.cancel_order(found[int(number) - 1].order.id)
        self._console.print(self._words("order-cancelled"))

    def _row(self, number: int, one: Ordered) -> list[str | Text]:
        order = one.order
        state = self._words("order-ended" if order.state == "cancelled" else f"order-{order.state}")
        return [str(number), order.day.isoformat(), Text(order.supplier), str(order.points), state, Text(one.code or "")]

    def _why(self, one: PointEntry) -> str:
        what = self._words("points-refund" if one.refund else f"points-{one.against}")
        return f"{what} {one.party}".rstrip()

    def _title(self, one: Product) -> str:
        return one.title_ja if self._words.language == "ja" else one.title_en

    def _table(self, title: str, *columns: str) -> Table:
        table = Table(title=self._words(title))
        for column in columns:
            table.add_column(self._words(column))
        return table
