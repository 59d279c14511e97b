"""Orders in any order: whoever moves them, whenever; units and points are where the orders say."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from chassis.database import Transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from programs import order_states
from programs.order_errors import OrderState, OutOfStock, PointsShort
from programs.order_states import By
from programs.store import catalogue, orders, point_checks, point_ledger, point_sums, reservations
from programs.store.orders import Stored
from programs.store.point_requests import Answered
from programs.store.reservations import Wanted
from programs.use_cases.expire_points import expire_points
from programs.use_cases.move_order import expire_orders, moved
from protocol.messages.exchange import PricedLine, PutProduct, State

from .books import FIRST, Books, fresh

PRICE, SUPPLIED = 30, 12
STATES: tuple[State, ...] = ("placed", "accepted", "shipped", "delivered", "cancelled", "rejected", "returned")
TAKEN = {"reserved", "placed", "accepted", "shipped", "delivered", "returned"}
PAID = {"accepted", "shipped", "delivered"}
HELD = {"reserved", "placed"}


class Exchange(RuleBasedStateMachine):
    """Three members, one product, and a shop."""

    books: Books

    def __init__(self) -> None:
        super().__init__()
        self.today = FIRST
        self.tokens = [fresh(32) for _ in range(3)]
        self.product = fresh(16)
        self.granted = dict.fromkeys(self.tokens, 0)
        self.known: dict[bytes, Stored] = {}
        said = PutProduct(supplier="shop", kind="goods", title_ja="架空の品", title_en="Thing", points=PRICE, supplied=SUPPLIED)
        self.books.do(lambda tx: catalogue.add(tx, self.product, said))
        for days in (3, 30):
            self._give(FIRST + timedelta(days))

    @rule(who=st.integers(0, 2), points=st.integers(1, 200), days=st.integers(0, 40))
    def grant(self, who: int, points: int, days: int) -> None:
        token, run = self.tokens[who], fresh(16)
        expires = self.today + timedelta(days)
        self.books.do(lambda tx: point_ledger.issue(tx, run, "walk", self.today, expires, [(token, points)]))

    @rule(who=st.integers(0, 2), units=st.integers(1, 4))
    def reserve(self, who: int, units: int) -> None:
        token, name = self.tokens[who], fresh(16)
        lines = (PricedLine(product=self.product, units=units, points=PRICE),)
        until = self.today + timedelta(1)
        made = Stored(token, name, "shop", "goods", "reserved", 1, PRICE * units, lines, until, self.today)

        async def work(tx: Transaction) -> None:
            outcome = await reservations.reserve(tx, Wanted(made, None, fresh(32), Answered(fresh(32), "{}")))
            assert outcome in ("done", "points", "units")
            if outcome != "done":
                raise PointsShort if outcome == "points" else OutOfStock

        try:
            self.books.do(work)
        except (PointsShort, OutOfStock):
            return
        self.known[name] = made

    @rule(who=st.integers(0, 2), amount=st.integers(-60, 60).filter(bool))
    def correct(self, who: int, amount: int) -> None:
        token, name = self.tokens[who], fresh(16)

        async def work(tx: Transaction) -> None:
            if amount > 0:
                await point_ledger.give(tx, token, name, "staff:correction", amount, self.today, self.today + timedelta(20))
            elif not await point_ledger.take(tx, token, name, "staff:correction", -amount, self.today):
                raise PointsShort

        with suppress(PointsShort):
            self.books.do(work)

    @precondition(lambda self: self.known)
    @rule(
        at=st.integers(0, 99),
        to=st.sampled_from(STATES),
        by=st.sampled_from(("member", "supplier")),
        fault=st.booleans(),
        again=st.booleans(),
    )
    def move(self, at: int, to: State, by: By, fault: bool, again: bool) -> None:
        name = sorted(self.known)[at % len(self.known)]
        for _ in range(1 + again):
            try:
                self.known[name] = self.books.do(lambda tx: self._moved(tx, name, to, by, fault=fault))
            except OrderState:
                current = self.books.do(lambda tx: orders.find(tx, self.known[name].token, name))
                assert current == self.known[name]

    @rule(who=st.integers(0, 2), units=st.integers(1, 3), ways=st.lists(st.integers(0, 99), max_size=5), fault=st.booleans())
    def live(self, who: int, units: int, ways: list[int], fault: bool) -> None:
        """Go as far with a new order as somebody chooses."""
        before = set(self.known)
        self.reserve(who, units)
        for name in set(self.known) - before:
            for way in ways:
                current = self.known[name].state
                steps = [(to, by) for state, to, by in order_states._STEPS if state == current and by != "time"]
                if steps:
                    to, by = steps[way % len(steps)]
                    self.move_on(name, to, by, fault=fault)

    def move_on(self, name: bytes, to: State, by: By, *, fault: bool) -> None:
        with suppress(OrderState):
            self.known[name] = self.books.do(lambda tx: self._moved(tx, name, to, by, fault=fault))

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)
        now = datetime.combine(self.today, datetime.min.time(), UTC)
        self.books.runner.run(expire_orders(self.books.db, now))
        self.books.runner.run(expire_points(self.books.db, now))
        for name, one in self.known.items():
            found = self.books.do(lambda tx, one=one, name=name: orders.find(tx, one.token, name))  # type: ignore[misc]
            assert found is not None
            assert found.state == ("expired" if one.until is not None and one.until < self.today else one.state)
            self.known[name] = found

    @invariant()
    def units_are_where_orders_say(self) -> None:
        row = self.books.do(lambda tx: tx.run("SELECT available, taken FROM product_stock WHERE product = $1", self.product))[0]
        taken = sum(one.lines[0].units for one in self.known.values() if one.state in TAKEN)

        assert (row["available"], row["taken"]) == (SUPPLIED - taken, taken)

    @invariant()
    def points_are_where_orders_say(self) -> None:
        books, checked = self.books.do(point_sums.sums), self.books.do(point_checks.orders)
        rows = self.books.do(lambda tx: tx.run("SELECT token, held FROM point_balance WHERE token = ANY ($1)", self.tokens))
        held = {bytes(row["token"]): row["held"] for row in rows}
        paid = self.books.do(
            lambda tx: tx.run(
                "SELECT coalesce(-sum(amount), 0)::integer FROM point_entries WHERE against = 'redeemed' AND token = ANY ($1)",
                self.tokens,
            )
        )

        assert books.agree, books
        assert checked.agree, checked
        waiting = dict.fromkeys(self.tokens, 0)
        for one in self.known.values():
            waiting[one.token] += one.points * (one.state in HELD)
        assert held == waiting
        assert paid[0][0] == sum(one.points for one in self.known.values() if one.state in PAID)

    def _give(self, expires: date) -> None:
        run, awards = fresh(16), sorted((token, 150) for token in self.tokens)
        self.books.do(lambda tx: point_ledger.issue(tx, run, "walk", FIRST, expires, awards))

    async def _moved(self, tx: Transaction, name: bytes, to: State, by: By, *, fault: bool) -> Stored:
        await point_ledger.lock(tx, self.known[name].token)
        found = await orders.find(tx, self.known[name].token, name)
        assert found is not None
        return await moved(tx, found, to, by, self.today, fault=fault)


def test_random_lives_of_orders(books: Books) -> None:
    """Whoever moves an order wherever and whenever, nothing is paid twice, and no unit is lost."""
    run_state_machine_as_test(
        type("Exchange", (Exchange,), {"books": books}),
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
        ),
    )
