"""A database of points that is asked from outside of any loop, as machines of random steps do."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
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
