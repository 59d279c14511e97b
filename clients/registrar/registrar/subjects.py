"""Whom a window is about: from members of the roster to what each host knows them by, and what an officer is shown."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from protocol.encoding import EncodingError, unb64u
from protocol.manifest import Purpose
from protocol.member import MemberNumber, MemberNumberError
from protocol.names import AUTHORITIES, HOSTS, STORES, HostName, Zone, zone_of
from protocol.subjects import SubjectList

from . import window_store
from .errors import RegistrarError, WindowError
from .labels import label, plain
from .roster import Roster
from .roster_member import Member
from .session import Pair, Session, Subjects, close_windows
from .signing_request import Labels
from .tokens import token_seeds
from .windows import ZONES, quotas_of

_EVALUATING: tuple[Purpose, ...] = ("ingest", "enrol")
"""Purposes whose windows evaluate member numbers."""


@dataclass(frozen=True, repr=False)
class People:
    """Those a window is about: one list a zone, and a label for each entry."""

    subjects: Subjects
    labels: Labels

    @property
    def count(self) -> int:
        """How many they are: at no host more than this."""
        return len(set(self.labels.values()))


async def people_of(session: Session, members: Sequence[Member], names: Mapping[MemberNumber, str]) -> People:
    """Return the lists about members: their references at the authorities, their tokens at the stores.

    Tokens are kept nowhere, so they are evaluated anew: in a window that is opened for it where the session has officers, else
    in the one for ``ingest`` or ``enrol`` that is open.
    """
    opened_before = len(session.opened)
    try:
        windows = await _evaluating(session, len(members))
        seeds = await token_seeds(session, windows.named, [member.anchor.x for member in members])
    finally:
        await close_windows(session, session.opened[opened_before:])
    labels: dict[tuple[HostName, bytes], str] = {}
    for member, seed in zip(members, seeds, strict=True):
        words = label(member.current, names)
        labels |= {(host, member.refs[host]): words for host in AUTHORITIES}
        labels |= {(store, seed[store].token): words for store in STORES}
    return _people(labels)


def people_in(path: Path) -> People:
    """Read subjects from a table (host, id in base64url, label), for windows about something else than members of the roster."""
    labels: dict[tuple[HostName, bytes], str] = {}
    hosts = {str(host): host for host in HOSTS}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for host, subject, words in csv.reader(lines):
                labels[hosts[host], unb64u(subject)] = plain(words)
    except (OSError, ValueError, KeyError, EncodingError):
        raise RegistrarError(f"{path} is not a table of subjects: host, id in base64url, label") from None
    return _people(labels)


def find_members(roster: Roster, numbers: Iterable[str], insurer: str) -> list[Member]:
    """Return members by number (``symbol:number:branch``); raise ``RegistrarError`` where nobody enrolled has one."""
    found = []
    for place, text in enumerate(numbers, 1):
        parts = text.split(":")
        try:
            number = MemberNumber.parse(*([insurer] if len(parts) == 3 else []), *parts)
        except (MemberNumberError, TypeError):
            raise RegistrarError(f"--member number {place} is not symbol:number:branch") from None
        member = roster.find(number)
        if member is None or member.status == "planned":
            raise RegistrarError(f"nobody enrolled has the --member number {place}")
        found.append(member)
    if len({member.anchor for member in found}) != len(found):
        raise RegistrarError("somebody is named twice")
    return found


async def _evaluating(session: Session, count: int) -> Pair:
    if session.officers:
        return await session.windows("ingest", quotas_of("ingest", members=count))
    for purpose in _EVALUATING:
        with suppress(WindowError):
            return Pair(*window_store.newest(session.folder, purpose))
    raise WindowError("tokens are evaluated anew: open a window for ingest first, for as many members as this is about")


def _people(labels: Labels) -> People:
    subjects: dict[Zone, SubjectList] = {}
    for zone in ZONES:
        ids: dict[HostName, list[bytes]] = {}
        for host, subject in labels:
            if zone_of(host) == zone:
                ids.setdefault(host, []).append(subject)
        try:
            subjects[zone] = SubjectList.make(ids)
        except ValueError:
            raise RegistrarError(f"the window would be about nobody in the {zone} zone") from None
    return People(subjects, labels)
