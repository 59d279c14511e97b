"""One import's standing with the hosts: its connections, and where its windows come from."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from protocol.deployment import Deployment, OfficerList
from protocol.manifest import LONGEST_SECONDS, Manifest, Purpose, SignedManifest
from protocol.member import MemberNumber
from protocol.names import HostName, Zone
from protocol.subjects import SubjectList
from protocol.times import SKEW

from . import window_store
from .errors import RegistrarError
from .hosts import Hosts
from .officers import Officer
from .windows import DEFAULT_SECONDS, ZONES, Quotas, Window, draft

_JITTER_SECONDS = 600


@dataclass(frozen=True)
class Pair:
    """The two windows of one purpose, one for each zone."""

    named: Window
    pseudonymous: Window


@dataclass(frozen=True, repr=False)
class ToSign:
    """What two officers are about to sign: a window of one zone or both, and whom it is about."""

    manifests: Mapping[Zone, Manifest]
    people: tuple[str, ...] = ()
    """A label for each person."""


Approve = Callable[[ToSign], None]
"""Shows the officers what is to be signed; raises ``OfficerError`` when they do not want it."""


@dataclass(frozen=True)
class Session:
    """Everything an import talks with. Without officers it uses the windows that were opened beforehand."""

    deployment: Deployment
    hosts: Hosts
    folder: Path
    """Where the keys of windows are kept."""
    officers: Sequence[Officer] = ()
    seconds: int = DEFAULT_SECONDS
    opened: list[Window] = field(default_factory=list)
    """Windows that this import itself opened."""
    listed: OfficerList | None = None
    """The officers' current list, where it is no longer the pinned one."""
    approve: Approve | None = None
    """Asked before anything is signed, where officers are at hand."""
    names: Mapping[MemberNumber, str] = field(default_factory=dict, repr=False)
    """For the labels of those a window is about."""

    async def windows(self, purpose: Purpose, quotas: Mapping[Zone, Quotas]) -> Pair:
        """Return windows for one round of work: fresh ones with exactly these quotas, or the newest opened beforehand."""
        if not self.officers:
            return Pair(*window_store.newest(self.folder, purpose))
        windows = await open_windows(self, purpose, quotas)
        self.opened.extend(windows)
        return Pair(*windows)


Subjects = Mapping[Zone, SubjectList]
"""Whom a window is about, one list a zone."""


async def open_windows(
    session: Session, purpose: Purpose, quotas: Mapping[Zone, Quotas], subjects: Subjects | None = None
) -> list[Window]:
    """Open a window of each zone at all its hosts, and keep its keys until it expires; when a host refuses, none is kept."""
    return await open_drafts(session, signed(session, draft_windows(session, purpose, quotas, subjects)))


def draft_windows(
    session: Session, purpose: Purpose, quotas: Mapping[Zone, Quotas], subjects: Subjects | None = None
) -> list[tuple[Window, SignedManifest]]:
    """Make a window of each zone, which nobody has signed."""
    now = session.hosts.clock()
    return [draft_in(session, zone, purpose, quotas[zone], subjects[zone] if subjects else None, now=now) for zone in ZONES]


def draft_in(
    session: Session, zone: Zone, purpose: Purpose, quotas: Quotas, subjects: SubjectList | None, *, now: int
) -> tuple[Window, SignedManifest]:
    """Make a window of one zone, which nobody has signed."""
    listed = session.listed or session.deployment.officers
    begin, expires = times(now, session.seconds)
    return draft(
        session.deployment,
        zone,
        purpose,
        quotas,
        (),
        expires=expires,
        now=begin,
        officer_list=listed.number,
        subjects=subjects,
    )


def signed(
    session: Session, drafts: Sequence[tuple[Window, SignedManifest]], people: Sequence[str] = ()
) -> list[tuple[Window, SignedManifest]]:
    """Return windows signed by the session's officers, if any, who are shown what they sign where that was asked for."""
    if session.approve is not None:
        session.approve(ToSign({window.zone: manifest.read() for window, manifest in drafts}, tuple(sorted(people))))
    found = []
    for window, manifest in drafts:
        by_all = manifest
        for officer in session.officers:
            by_all = by_all.signed_by(officer.id, officer.key)
        found.append((window, by_all))
    return found


async def open_drafts(session: Session, drafts: Sequence[tuple[Window, SignedManifest]]) -> list[Window]:
    """Open signed windows at all hosts of their zones, and keep their keys; when a host refuses, none is kept."""
    windows = [window for window, _ in drafts]
    try:
        for window in windows:
            window_store.save(session.folder, window)
        # All are waited for: what is closed while it opens elsewhere would stay open there.
        opening = (session.hosts.open_window(host, manifest) for window, manifest in drafts for host in window.hosts)
        answers = await asyncio.gather(*opening, return_exceptions=True)
    except BaseException:
        window_store.forget(session.folder, windows)
        raise
    failed = next((answer for answer in answers if isinstance(answer, BaseException)), None)
    if failed is not None:
        if isinstance(failed, Exception):
            await close_windows(session, windows)
        window_store.forget(session.folder, windows)
        raise failed
    return windows


async def close_windows(session: Session, windows: Sequence[Window]) -> frozenset[HostName]:
    """Close windows for good where they are open, and forget their keys; return the hosts that would not or could not hear it.

    There they end by themselves, and nobody has their keys.
    """
    now = session.hosts.clock()
    asked = [(host, window) for window in windows if now < window.expires for host in window.hosts]
    try:
        answers = await asyncio.gather(*(session.hosts.close_window(*one) for one in asked), return_exceptions=True)
    finally:
        window_store.forget(session.folder, windows)
    deaf = set()
    for (host, _), answer in zip(asked, answers, strict=True):
        if isinstance(answer, RegistrarError):
            deaf.add(host)
        elif answer is not None:
            raise answer
    return frozenset(deaf)


def times(now: int, seconds: int) -> tuple[int, int]:
    """Draw when a window begins and ends: up to ten minutes, or a quarter of its time, earlier than asked for.

    Each zone's window gets its own, because two manifests of the same seconds would belong together for everybody who sees
    both, unrelated as their ids and keys are.
    """
    most = min(_JITTER_SECONDS, seconds // 4) + 1
    expires = now + seconds - secrets.randbelow(most)
    # Begun earlier, a window of the longest time would be too long.
    return min(now, max(now - secrets.randbelow(most), expires - (LONGEST_SECONDS - SKEW))), expires
