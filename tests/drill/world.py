"""A deployment with a population that lives through some days, so that there is something to seize."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import warifu
from local import population, seal
from local.group import DEMO_PASSPHRASE
from local.layout import HOSTS
from local.person import Person as Browser
from local.process import Process
from local.system import System
from protocol.deployment import Deployment
from registrar.imports import import_files

_AT_ONCE = 2
"""People at the portal at the same time: enough to be real, few enough that their order stays an order."""


@dataclass(frozen=True)
class Scale:
    """How large a drill is."""

    members: int
    logins: int
    days: int
    seed: int
    fiscal_years: tuple[int, ...] = (2024, 2025)


FULL = Scale(members=2000, logins=300, days=10, seed=20260401)
SHORT = Scale(members=240, logins=60, days=2, seed=20260401, fiscal_years=(2025,))


@dataclass
class World:
    """The running system, and who signed in in which order."""

    system: System
    scale: Scale
    say: Callable[[str], None]
    first_logins: list[str] = field(default_factory=list)
    """Work ids in the order of their first logins."""

    @property
    def deployment(self) -> Deployment:
        """The public description of the system."""
        return Deployment.load(self.system.deployment_path)

    async def load(self) -> None:
        """Write a population and import it as the insurer does."""
        began = time.monotonic()
        layout = self.system.layout
        population.ensure(layout, self.scale.members, self.scale.fiscal_years, self.scale.seed)
        officers = sorted(layout.officers.glob("*.key"))
        await import_files(layout.registrar, self.deployment, population.files(layout), officers)
        self.say(f"{self.scale.members} members imported in {time.monotonic() - began:.1f} s")

    async def live(self) -> None:
        """Let members sign in, read, write and log off, day by day; each day but the last ends with a seal at every host."""
        chance = random.Random(self.scale.seed)
        work_ids = population.work_ids(self.system.layout)
        newcomers = chance.sample(work_ids, min(self.scale.logins, len(work_ids)))
        for day in range(self.scale.days):
            today = newcomers[day :: self.scale.days]
            back = chance.sample(self.first_logins, min(len(self.first_logins), len(today) // 4))
            began = time.monotonic()
            await self._day(datetime.now(UTC).date() - timedelta(days=self.scale.days - 1 - day), [*today, *back], chance)
            self.first_logins += today
            if day < self.scale.days - 1:
                await self.seal()
            self.say(f"day {day + 1}: {len(today)} first and {len(back)} later logins in {time.monotonic() - began:.1f} s")

    async def seal(self) -> None:
        """Fold and seal every host."""
        await asyncio.gather(*(seal.host(self.system.layout, host) for host in HOSTS))

    async def _day(self, day: date, work_ids: Sequence[str], chance: random.Random) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def visit(work_id: str, weight: int, steps: int) -> None:
            async with gate, self.signed_in(work_id) as session:
                await session.checkups()
                await session.put_vitals([warifu.Measurement(day, "body-weight", Decimal(weight) / 10)])
                await session.put_steps([warifu.DaySteps(day, steps)])

        await asyncio.gather(*(visit(work_id, chance.randint(450, 900), chance.randint(0, 20_000)) for work_id in work_ids))

    @asynccontextmanager
    async def signed_in(self, work_id: str) -> AsyncIterator[Any]:
        """Sign a fictional employee in; log off at the end."""
        client, browser = warifu.Client(self.deployment), Browser(work_id, DEMO_PASSPHRASE)
        async with client, browser, await client.sign_in(warifu.Group(browser)) as session:
            yield session


@asynccontextmanager
async def running(
    home: Path, base_port: int, scale: Scale, say: Callable[[str], None], processes: Sequence[Process] | None = None
) -> AsyncIterator[World]:
    """Start a system in ``home``; it is stopped, and its files stay, when the block ends."""
    async with System(home, base_port, processes) as system:
        yield World(system, scale, say)
