"""A deployment with a population that lives through some days, so that there is something to seize."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import warifu
from anon_data.portal_use import FLAG_PERIOD_S
from local import backups, population, seal
from local.group import DEMO_PASSPHRASE
from local.layout import HOSTS
from local.person import Person as Browser
from local.process import Process
from local.system import System
from protocol.code import Code
from protocol.deployment import Deployment
from protocol.member import MemberNumber
from registrar.imports import import_files
from support.platform_authenticator import PlatformAuthenticator

from drill.backups import FOLDER
from drill.contest import begin_contest
from drill.correspondence import erase, recover, send_letters, suspend
from drill.people import Someone, everybody
from drill.ways import PIN, Wallet
from drill.workstation import Workstation

_AT_ONCE = 2
"""People at the portal at the same time: enough to be real, few enough that their order stays an order."""
_OF_EACH = 2
"""Members to whom each kind of life event happens."""


@dataclass(frozen=True)
class Scale:
    """How large a drill is."""

    members: int
    logins: int
    days: int
    seed: int
    fiscal_years: tuple[int, ...] = (2024, 2025)

    @property
    def letters(self) -> int:
        """Of those who sign in, how many do so with a letter."""
        return max(4, self.logins // 6)


FULL = Scale(members=2000, logins=300, days=10, seed=20260401)
SHORT = Scale(members=240, logins=40, days=2, seed=20260401, fiscal_years=(2025,))


@dataclass
class World:
    """The running system, and who signed in in which order."""

    system: System
    scale: Scale
    say: Callable[[str], None]
    http: httpx.AsyncClient
    """For calls that need no browser and no SDK."""
    people: list[Someone] = field(default_factory=list)
    wallets: dict[MemberNumber, Wallet] = field(default_factory=dict)
    """Of members without a work account: every one of them was sent a letter."""
    contest: bytes = b""
    """In which everybody who signs in walks for their unit."""
    first_logins: list[MemberNumber] = field(default_factory=list)
    """In the order of their first logins."""
    erased: set[MemberNumber] = field(default_factory=set)
    understudies: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    """Weakened hosts that run in the place of the system's own."""
    _taken: set[MemberNumber] = field(default_factory=set)

    def pid(self, host: str) -> int:
        """Return the process that answers for a host."""
        understudy = self.understudies.get(host)
        return self.system.pids()[host] if understudy is None else understudy.pid

    @property
    def deployment(self) -> Deployment:
        """The public description of the system."""
        return Deployment.load(self.system.deployment_path)

    @property
    def workstation(self) -> Workstation:
        """The insurer's workstation."""
        return Workstation(self.system.layout, self.deployment, self.http)

    async def load(self) -> None:
        """Write a population, import it as the insurer does, and send letters to those without a work account."""
        began = time.monotonic()
        layout = self.system.layout
        population.ensure(layout, self.scale.members, self.scale.fiscal_years, self.scale.seed, receipts=True)
        officers = sorted(layout.officers.glob("*.key"))
        await import_files(layout.registrar, self.deployment, population.files(layout), officers)
        self.people = everybody(layout)
        self.contest = await begin_contest(self.system, self.deployment, officers)
        self.wallets = await send_letters(self.workstation, [one for one in self.people if one.work_id is None])
        self.say(f"{self.scale.members} members imported, {len(self.wallets)} letters, in {time.monotonic() - began:.1f} s")

    async def live(self) -> None:
        """Let members sign in, read, write and log off, day by day; each day but the last ends with a seal at every host.

        On the last day some are given a recovery, some are suspended, and some who never came are erased.
        """
        chance = random.Random(self.scale.seed)
        employees = [one for one in self.people if one.work_id is not None]
        lettered = chance.sample([one for one in self.people if one.work_id is None], self.scale.letters)
        newcomers = lettered + chance.sample(employees, min(self.scale.logins - len(lettered), len(employees)))
        chance.shuffle(newcomers)
        known = {one.number: one for one in self.people}
        for day in range(self.scale.days):
            today = newcomers[day :: self.scale.days]
            back = [known[one] for one in chance.sample(self.first_logins, min(len(self.first_logins), len(today) // 4))]
            began = time.monotonic()
            await self._day(datetime.now(UTC).date() - timedelta(days=self.scale.days - 1 - day), [*today, *back], chance)
            await self._tell(back[::2])
            self.first_logins += [one.number for one in today]
            if day < self.scale.days - 1:
                await self.seal()
            self.say(f"day {day + 1}: {len(today)} first and {len(back)} later logins in {time.monotonic() - began:.1f} s")
        away = self.victims(2 * _OF_EACH)
        lost = list(lettered[:_OF_EACH])
        await recover(self.workstation, lost, self.wallets)
        await suspend(self.workstation, away[:_OF_EACH])
        await erase(self.workstation, away[_OF_EACH:])
        self.erased = {one.number for one in away[_OF_EACH:]}

    async def back_up(self) -> None:
        """Back every host up into its own folder, as a careless operator would: whoever seizes the host has it too."""
        folders = {host: self.system.layout.host(host).path / FOLDER for host in HOSTS}
        for folder in folders.values():
            folder.mkdir(mode=0o700)
        await asyncio.gather(
            *(backups.backup(self.system.layout, host, folder / "first.backup") for host, folder in folders.items())
        )

    async def seal(self) -> None:
        """Fold and seal every host, once whoever has read is flagged."""
        await asyncio.sleep(FLAG_PERIOD_S + 1)
        await asyncio.gather(*(seal.host(self.system.layout, host) for host in HOSTS))

    async def dismiss(self, host: str) -> None:
        """Stop a weakened host."""
        process = self.understudies.pop(host)
        if process.returncode is None:
            process.terminate()
        await process.wait()

    def victims(self, count: int) -> list[Someone]:
        """Return members with a letter to whom nothing has happened yet; each is returned once."""
        free = [one for one in self.people if one.number in self.wallets and one.number not in {*self._taken, *self.first_logins}]
        found = free[:count]
        assert len(found) == count, "the population is too small for so many attacks"
        self._taken.update(one.number for one in found)
        return found

    async def _day(self, day: date, people: Sequence[Someone], chance: random.Random) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def visit(someone: Someone, weight: int, steps: int) -> None:
            async with gate, self.signed_in(someone) as session:
                for text in await session.consent_texts():
                    await session.give_consent(text)
                await session.checkups()
                await session.claims(day - timedelta(days=730), day)
                await session.put_vitals([warifu.Measurement(day, "body-weight", Decimal(weight) / 10)])
                await session.put_steps([warifu.DaySteps(day, steps)])
                await self._walk_along(session)
                await self._settle_in(session, someone)

        await asyncio.gather(*(visit(one, chance.randint(450, 900), chance.randint(0, 20_000)) for one in people))

    async def _tell(self, people: Sequence[Someone]) -> None:
        """Let members who look in without writing anything to programs tell anon-data how much they took part."""
        for someone in people:
            async with self.signed_in(someone) as session:
                assert await session.tell_participation() or await session.participation()

    async def _walk_along(self, session: Any) -> None:
        """Take part in the contest, as whoever has a unit may, and look at its ranking."""
        with suppress(warifu.HostRefused):
            await session.enter_contest(self.contest, nickname="歩く人")
        await session.own_ranking(self.contest)

    async def _settle_in(self, session: Any, someone: Someone) -> None:
        """Let a member who came with a letter add a card, or every second one a passkey."""
        wallet = self.wallets.get(someone.number)
        if wallet is None or wallet.card or wallet.phone:
            return
        proving = warifu.CodeWay(wallet.letter)
        if len(self.first_logins) % 2:
            phone = PlatformAuthenticator()
            await session.add_passkey(phone, proving, "phone")
            wallet.phone = phone
        else:
            card = warifu.Card(Code.fresh())
            await session.add_card(card, PIN, proving, "card")
            wallet.card = card.code

    @asynccontextmanager
    async def signed_in(self, someone: Someone) -> AsyncIterator[Any]:
        """Sign a fictional member in; log off at the end."""
        async with warifu.Client(self.deployment) as client, Browser(someone.work_id or "", DEMO_PASSPHRASE) as browser:
            wallet = self.wallets.get(someone.number)
            way = warifu.Group(browser) if wallet is None else wallet.way()
            async with await client.sign_in(way) as session:
                yield session


@asynccontextmanager
async def running(
    home: Path, base_port: int, scale: Scale, say: Callable[[str], None], processes: Sequence[Process] | None = None
) -> AsyncIterator[World]:
    """Start a system in ``home``; it is stopped, and its files stay, when the block ends."""
    # Hosts are weakened and started anew, so no connection is kept for later.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with System(home, base_port, processes) as system, httpx.AsyncClient(timeout=30, limits=limits) as http:
        world = World(system, scale, say, http)
        try:
            yield world
        finally:
            for host in list(world.understudies):
                await world.dismiss(host)
