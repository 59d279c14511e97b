"""Windows about listed people, only in the zones in which somebody is named."""

from collections.abc import Mapping, Sequence
from typing import Literal

from protocol.manifest import SignedManifest
from protocol.names import HostName, Zone, zone_of
from protocol.subjects import SubjectList

from . import window_store
from .labels import label
from .roster_member import Member
from .session import Session, draft_in, open_drafts, signed
from .windows import ZONES, Window, quotas_of

Purpose = Literal["recover", "suspend", "erase", "reidentify"]


Listed = Mapping[HostName, Sequence[tuple[Member, bytes]]]
"""Whom a window is about, with what each host knows them by."""


async def open_listed(session: Session, purpose: Purpose, subjects: Listed) -> dict[Zone, Window]:
    """Open windows about exactly these members at these hosts; an empty list for a host is as none.

    Without officers the newest ones opened beforehand are used; a row about somebody whom they do not name ends the command.
    """
    if not session.officers:
        return {window.zone: window for window in window_store.newest(session.folder, purpose)}
    people = {member.anchor: label(member.current, session.names) for ids in subjects.values() for member, _ in ids}
    return await open_about(
        session, purpose, {host: [one for _, one in ids] for host, ids in subjects.items()}, list(people.values())
    )


async def open_about(
    session: Session, purpose: Purpose, subjects: Mapping[HostName, Sequence[bytes]], people: Sequence[str]
) -> dict[Zone, Window]:
    """Open windows about exactly these references and tokens; ``people`` is what the officers are shown for them."""
    opened = await open_drafts(session, signed(session, drafts_about(session, purpose, subjects), people))
    session.opened.extend(opened)
    return {window.zone: window for window in opened}


def drafts_about(
    session: Session, purpose: Purpose, subjects: Mapping[HostName, Sequence[bytes]]
) -> list[tuple[Window, SignedManifest]]:
    """Make a window of each zone in which somebody is named, which nobody has signed."""
    drafts = []
    for zone in ZONES:
        here = {host: ids for host, ids in subjects.items() if ids and zone_of(host) == zone}
        if here:
            quotas = quotas_of(purpose, members=max(len(ids) for ids in here.values()))
            drafts.append(draft_in(session, zone, purpose, quotas[zone], SubjectList.make(here), now=session.hosts.clock()))
    return drafts
