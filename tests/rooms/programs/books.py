"""A database of points that is asked from outside of any loop, as machines of random steps do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TypeVar

from chassis.database import Database, Transaction

T = TypeVar("T")
FIRST = date(2026, 3, 30)


@dataclass
class Books:
    """A database of points, asked from outside of any loop."""

    runner: asyncio.Runner
    db: Database

    def do(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async def within() -> T:
            async with self.db.transaction("model") as tx:
                return await work(tx)

        return self.runner.run(within())


_NUMBERS = count(1)


def fresh(size: int) -> bytes:
    """Return a name that was not there before, in the order in which names are made: so that an example can be run again."""
    return next(_NUMBERS).to_bytes(size, "big")
