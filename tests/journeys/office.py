"""An insurer's office and its members over the years: five real hosts in this process, whose time can be moved on."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
import warifu
from protocol.messages.mailbox import MailboxesRecovering, RecoverMailboxes, Recovery
from protocol.names import AUTHORITIES, STORES, HostName
from registrar.events import EventsSummary, run_events
from registrar.hosts import encode
from registrar.importers import EligibilityRow
from registrar.imports import import_files
from registrar.listed import open_listed
from registrar.posting import print_letters
from registrar.report import ImportSummary
from registrar.roster_member import Member
from registrar.rules import midnight, today
from registrar.run import Desk, running
from registrar.tokens import seeds_of
from rooms.registrar.five_hosts import FiveHosts, five_hosts
from rooms.registrar.letters import scanned
from rooms.registrar.lives import SENDER
from rooms.registrar.paperwork import write_table
from rooms.registrar.samples import HEIGHT, archive, document, quantity
from simulation.town import TravellingClock
from support.key_stores import KeyStore
from support.nowhere import Nowhere
from support.postgres import ThrowawayCluster
from support.upstream import listening

DAY = timedelta(days=1)
PIN = "架空の合言葉"


@dataclass
class Letter:
    """What somebody who opens the envelope has."""

    text: str
    """What the page says, without white space."""
    code: str
    """What a scanner reads."""


@dataclass
class Office:
    """The workstation, two officers' key files, a printer; and the devices of whoever asks for one."""

    hosts: FiveHosts
    clock: TravellingClock
    folder: Path
    printed: int = 0

    @property
    def today(self) -> date:
        """The day that it is in Japan."""
        return today(self.clock.timestamp())

    @property
    def desk(self) -> Desk:
        """What each of the registrar's commands is given."""
        papers = self.hosts.papers
        return Desk(papers.home, papers.deployment, papers.officers, mounts=self.hosts.mounts, clock=self.clock.timestamp)

    async def take_in(self, *rows: EligibilityRow, checkups: Path | None = None) -> ImportSummary:
        """Import the month's table, and a checkup archive."""
        desk = self.desk
        files = [self.table(*rows), *([checkups] if checkups else [])]
        return await import_files(desk.home, desk.deployment, files, desk.officers, mounts=desk.mounts, clock=desk.clock)

    def table(self, *rows: EligibilityRow) -> Path:
        """Write the month's table."""
        return write_table(self.folder / "eligibility.csv", rows)

    def checkup(self, number: int, birth: date, height: str, branch: str = "00") -> Path:
        """Write an archive with one checkup of last month, and return it."""
        day = self.today - timedelta(days=30)
        ids = {"101": "06990019", "204": "101", "205": str(number), "211": branch}
        one = document(quantity(HEIGHT, height), birth=f"{birth:%Y%m%d}", day=f"{day:%Y%m%d}", ids=ids)
        return archive(self.folder / f"checkup-{number}-{day}.zip", [one])

    async def events(self) -> EventsSummary:
        """Do what is due."""
        return await run_events(self.desk)

    async def print(self, *numbers: str, everyone: bool = False) -> list[Letter]:
        """Print letters to where the newest table says, and read them as their recipients do."""
        self.printed += 1
        portal = self.hosts.papers.deployment.portal
        sender = SENDER.replace("localhost:8106", portal.origin.partition("//")[2]) if portal else SENDER
        (self.desk.home / "sender.toml").write_text(sender, encoding="utf-8")
        out = self.folder / f"letters-{self.printed}.pdf"
        await print_letters(self.desk, out, [self.folder / "eligibility.csv"], numbers, everyone=everyone)
        return letters_in(out) if out.exists() else []

    async def letter(self, number: str) -> str:
        """Print one letter, and return its code as a scanner reads it."""
        (one,) = await self.print(number)
        return one.code

    async def recover_mailboxes(self, member: Member) -> date:
        """Let both stores hand a member's mailbox to another key, and return from which day on."""
        async with running(self.desk) as run:
            (seeds,) = await seeds_of(run, [member])
            subjects: dict[HostName, list[tuple[Member, bytes]]] = {store: [(member, seeds[store].token)] for store in STORES}
            window = (await open_listed(run.session, "recover", subjects))["pseudonymous"]
            days = []
            for store in STORES:
                token = seeds[store].token
                body = RecoverMailboxes(rows=(Recovery(token=token, subject=window.subject(store, token)),))
                answer = await run.session.hosts.call(store, window, "/recoveries", encode(body), MailboxesRecovering)
                days.append(answer.opens)
        (opens,) = set(days)
        return opens

    @asynccontextmanager
    async def device(self) -> AsyncIterator[warifu.Client]:
        """Return somebody's device."""
        deployment, now = self.hosts.papers.deployment, self.clock.timestamp
        async with (
            httpx.AsyncClient(transport=Nowhere(), mounts=self.hosts.mounts) as http,
            warifu.Client(deployment, http=http, clock=now) as client,
        ):
            yield client

    def pass_time(self, by: timedelta) -> None:
        """Let time pass, for hosts, office and devices alike."""
        self.clock.advance(by)

    def pass_until(self, day: date, before: timedelta = timedelta()) -> None:
        """Let time pass until a day begins in Japan, or until shortly before."""
        begins = datetime.fromtimestamp(midnight(day), UTC)
        self.clock.advance(begins - before - self.clock.now())

    async def everything(self, host: HostName) -> str:
        """Return every row of every table of a host's database as text, bytes in hexadecimal."""
        connection = await asyncpg.connect(self.hosts.urls[host].owner_url)
        try:
            names = await connection.fetch("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
            found = [await connection.fetch(f"SELECT t::text FROM {name} AS t") for (name,) in names]
        finally:
            await connection.close()
        return "\n".join(text for table in found for (text,) in table)


async def refused(device: warifu.Client, way: warifu.Way) -> str:
    """Return why nobody is signed in."""
    with pytest.raises(warifu.EvidenceRefused) as caught:
        await device.sign_in(way)
    return caught.value.reason


def letters_in(pdf: Path) -> list[Letter]:
    """Return what stands on each page of a mailing."""
    content = pdf.read_bytes()
    with pypdfium2.PdfDocument(content) as opened:
        texts = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in opened]
    return [Letter(text, *scanned(content, page)) for page, text in enumerate(texts)]


def typed(code: str) -> str:
    """Return a code as somebody types it who takes every character for the one that looks like it."""
    prefix, rest = code[:3].lower(), code[3:].lower().translate(str.maketrans("08l-", "ob1 "))
    return f"{prefix} {rest}".translate({ord(one): ord(one) + 0xFEE0 for one in "acdefghijk"})


@asynccontextmanager
async def office(
    cluster: ThrowawayCluster, folder: Path, key_store: KeyStore | None = None, portal: str | None = None
) -> AsyncIterator[Office]:
    """Open the office on five empty hosts, which pages of `portal` may ask."""
    clock = TravellingClock()
    opening = five_hosts(cluster, folder, clock=clock, key_store=key_store, portal=portal)
    async with opening as hosts, AsyncExitStack() as stack:
        for host in AUTHORITIES:
            # For each other: the others fetch the gateway's keys, and it tells them of logoffs.
            await stack.enter_async_context(listening(hosts.apps[host], hosts.listeners[host].dup()))
        yield Office(hosts, clock, folder)
