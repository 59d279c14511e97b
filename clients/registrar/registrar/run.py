"""What every part of one command needs, and how it is opened and left."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
from protocol.deployment import Deployment
from protocol.member import MemberNumber

from . import rules as rulebook
from . import window_store
from .errors import RegistrarError
from .home import Home
from .hosts import Hosts
from .labels import names_in
from .officer_lists import OfficerChain
from .officers import load_officers
from .progress import Progress, Stage, silent
from .report import ImportSummary
from .roster import Roster
from .rules import Rules
from .session import Approve, Session, close_windows
from .windows import Clock, now_seconds


@dataclass(frozen=True)
class Run:
    """One command under way."""

    session: Session
    roster: Roster
    summary: ImportSummary
    progress: Progress
    home: Home
    rules: Rules
    today: date
    """In Japan."""

    def stage(self, name: str, total: int) -> Stage:
        """Begin a stage of which ``total`` things are to do."""
        return Stage(self.progress, name, total)


@dataclass(frozen=True)
class Desk:
    """What a command is given: where the workstation's folder is, which hosts, whose signatures, which day."""

    home: Path
    deployment: Deployment
    officers: Sequence[Path] = ()
    """Two officers' key files; without, windows opened beforehand are used where that is possible."""
    progress: Progress = silent
    mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None
    """Transports by origin, for hosts that live in this process."""
    today: date | None = None
    """Another day than today's in Japan."""
    clock: Clock = now_seconds
    """Another time than the system's, for hosts that go by it too."""
    approve: Approve | None = None
    """Shows the officers each window before they sign it; without, their key files are their word."""
    tables: Sequence[Path] = ()
    """Eligibility tables with the names that the officers are shown."""


@asynccontextmanager
async def running(desk: Desk, summary: ImportSummary | None = None) -> AsyncIterator[Run]:
    """Hold the home alone while a command runs; the windows that it opened are closed in the end, and their keys forgotten."""
    opened = Home.load(desk.home)
    if opened.insurer.public_bytes != desk.deployment.insurer_key:
        raise RegistrarError("this home's insurer key is not the one in the deployment's file: wrong --home or --deployment")
    rules = rulebook.load_rules(desk.home)
    summary = summary or ImportSummary()
    with opened.locked(), closing(await asyncio.to_thread(opened.roster)) as roster:
        listed = OfficerChain.load(desk.home, desk.deployment).current
        signing = load_officers(desk.officers, listed) if desk.officers else ()
        async with Hosts(desk.deployment, desk.mounts, desk.clock) as hosts:
            names = await asyncio.to_thread(_names, desk, roster)
            session = Session(desk.deployment, hosts, opened.windows, signing, listed=listed, approve=desk.approve, names=names)
            async with _leaving(session, summary):
                yield Run(session, roster, summary, desk.progress, opened, rules, desk.today or rulebook.today(desk.clock()))


@asynccontextmanager
async def _leaving(session: Session, summary: ImportSummary) -> AsyncIterator[None]:
    """Close the windows that a command opened, whether it came to its end or not; one that is killed just leaves them."""
    try:
        yield
    except Exception:
        await close_windows(session, session.opened)
        raise
    else:
        summary.windows_left_open_at = await close_windows(session, session.opened)
    finally:
        summary.windows_opened = len(session.opened)
        window_store.forget(session.folder, session.opened)


def _names(desk: Desk, roster: Roster) -> Mapping[MemberNumber, str]:
    return names_in(desk.tables, [member.current for member in roster.members()]) if desk.tables else {}
