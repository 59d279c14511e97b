"""The ledger against a model: random grants, holds, captures, refunds, retries and days; after each what must always hold."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from chassis.database import Transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from programs.store import point_ledger, point_sums

from .books import FIRST, Books, fresh


class _GivenUp(Exception):
    pass


@dataclass
class Lot:
    expires: date
    left: int


@dataclass
class Held:
    parts: dict[bytes, int]
    until: date

    @property
    def amount(self) -> int:
        return sum(self.parts.values())


class Ledger(RuleBasedStateMachine):
    """One member's points, as a program of ten lines each would keep them."""

    books: Books

    def __init__(self) -> None:
        super().__init__()
        self.token, self.today = fresh(32), FIRST
        self.lots: dict[bytes, Lot] = {}
        self.runs: dict[bytes, int] = {}
        self.holds: dict[bytes, Held] = {}
        self.captured: dict[bytes, Held] = {}
        self.refunded: set[bytes] = set()

    def free(self) -> int:
        return sum(lot.left for lot in self.lots.values() if lot.expires >= self.today)

    @rule(points=st.integers(1, 500), days=st.integers(0, 20))
    def grant(self, points: int, days: int) -> None:
        run, expires = fresh(16), self.today + timedelta(days=days)
        issued = self._issue(run, points, expires)
        self.lots[run], self.runs[run] = Lot(expires, points), points

        assert issued == point_ledger.Issued(1, points)

    @precondition(lambda self: self.runs)
    @rule(at=st.randoms(use_true_random=False), points=st.integers(1, 500))
    def grant_again(self, at: random.Random, points: int) -> None:
        run = self._one(at, self.runs)

        assert self._issue(run, points, self.today) == point_ledger.Issued(0, 0)

    @precondition(lambda self: self.lots)
    @rule(points=st.integers(1, 600), days=st.integers(0, 5), captured=st.booleans())
    def hold(self, points: int, days: int, captured: bool) -> None:
        name, until = fresh(16), self.today + timedelta(days=days)

        async def held(tx: Transaction) -> None:
            if not await point_ledger.hold(tx, self.token, name, points, self.today, until):
                raise _GivenUp

        if points > self.free():
            with pytest.raises(_GivenUp):
                self.books.do(held)
            return
        self.books.do(held)
        parts: dict[bytes, int] = {}
        for lot in sorted((lot for lot in self.lots if self.lots[lot].expires >= self.today), key=self._first):
            taken = min(self.lots[lot].left, points - sum(parts.values()))
            if taken:
                parts[lot], self.lots[lot].left = taken, self.lots[lot].left - taken
        self.holds[name] = Held(parts, until)
        if captured:
            assert self._capture(name)
            self.captured[name] = self.holds.pop(name)

    @precondition(lambda self: self.holds)
    @rule(at=st.randoms(use_true_random=False), again=st.booleans())
    def capture(self, at: random.Random, again: bool) -> None:
        name = self._one(at, self.holds)
        in_time = self.holds[name].until >= self.today
        done = [self._capture(name) for _ in range(1 + again)]
        if in_time:
            self.captured[name] = self.holds.pop(name)

        assert done == [in_time, *[False] * again]

    @precondition(lambda self: self.holds)
    @rule(at=st.randoms(use_true_random=False), again=st.booleans())
    def void(self, at: random.Random, again: bool) -> None:
        name = self._one(at, self.holds)
        done = [self.books.do(lambda tx: point_ledger.void(tx, self.token, name)) for _ in range(1 + again)]
        for lot, points in self.holds.pop(name).parts.items():
            self.lots[lot].left += points

        assert done == [True, *[False] * again]
        assert not self._capture(name)

    @precondition(lambda self: self.captured)
    @rule(at=st.randoms(use_true_random=False), renewed=st.booleans())
    def refund(self, at: random.Random, renewed: bool) -> None:
        name = self._one(at, self.captured)
        anew = self.today + timedelta(days=30) if renewed else None
        done = [self.books.do(lambda tx: point_ledger.refund(tx, self.token, name, self.today, anew)) for _ in range(2)]
        first = name not in self.refunded
        if first:
            self._give_back(name, anew)

        assert done == [first, False]

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(again=st.booleans())
    def expire(self, again: bool) -> None:
        over = [lot for lot in self.lots.values() if lot.expires < self.today and lot.left]
        for _ in range(1 + again):
            while self.books.do(lambda tx: point_ledger.expire(tx, self.today, 100)):
                pass
        for lot in over:
            lot.left = 0

    @invariant()
    def books_agree(self) -> None:
        sums = self.books.do(point_sums.sums)

        assert sums.agree, sums

    @invariant()
    def the_model_agrees(self) -> None:
        have = self.books.do(lambda tx: point_sums.balance(tx, self.token))
        lots = self.books.do(lambda tx: point_sums.lots(tx, self.token))
        held = sum(one.amount for one in self.holds.values())
        left: dict[date, int] = {}
        for name, lot in self.lots.items():
            whole = lot.left + sum(one.parts.get(name, 0) for one in self.holds.values())
            left[lot.expires] = left.get(lot.expires, 0) + whole

        assert (have.held, have.posted) == (held, sum(lot.left for lot in self.lots.values()) + held)
        assert 0 <= have.held <= have.posted
        assert dict(lots) == {day: points for day, points in left.items() if points}

    @invariant()
    def what_was_done_is_written(self) -> None:
        async def entries(tx: Transaction) -> dict[bytes, int]:
            rows = await tx.run("SELECT id, amount FROM point_entries WHERE token = $1", self.token)
            return {row["id"]: row["amount"] for row in rows}

        written = self.books.do(entries)
        expected = {**self.runs, **{name: -one.amount for name, one in self.captured.items()}}

        assert {name: written.get(name) for name in expected} == expected

    def _issue(self, run: bytes, points: int, expires: date) -> point_ledger.Issued:
        return self.books.do(lambda tx: point_ledger.issue(tx, run, "walk", self.today, expires, [(self.token, points)]))

    def _capture(self, name: bytes) -> bool:
        return self.books.do(lambda tx: point_ledger.capture(tx, self.token, name, "shop", self.today))

    def _give_back(self, name: bytes, anew: date | None) -> None:
        self.refunded.add(name)
        late = 0
        for lot, points in self.captured[name].parts.items():
            if anew and self.lots[lot].expires < self.today:
                late += points
            else:
                self.lots[lot].left += points
        if anew and late:
            self.lots[fresh(16)] = Lot(anew, late)

    def _first(self, lot: bytes) -> tuple[date, bytes]:
        return self.lots[lot].expires, lot

    @staticmethod
    def _one(at: random.Random, names: Iterable[bytes]) -> bytes:
        return at.choice(sorted(names))


def test_random_lives_of_a_ledger(books: Books) -> None:
    """Whatever happens in whatever order, nothing is spent twice or lost, and the books agree."""
    machine = type("Ledger", (Ledger,), {"books": books})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
        ),
    )
