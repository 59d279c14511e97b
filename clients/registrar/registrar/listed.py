"""Windows about listed people, only in the zones in which somebody is named."""

from collections.abc import Mapping, Sequence
from typing import Literal

from protocol.names import HostName, Zone, zone_of
from protocol.subjects import SubjectList

from . import window_store
from .session import Session, open_drafts, times
from .windows import Window, draft, quotas_of

Purpose = Literal["recover", "suspend", "erase"]


async def open_listed(session: Session, purpose: Purpose, subjects: Mapping[HostName, Sequence[bytes]]) -> dict[Zone, Window]:
    """Open windows about exactly these subjects at these hosts; an empty list for a host is as none.

    Without officers the newest ones opened beforehand are used; a row about somebody whom they do not name ends the command.
    """
    if not session.officers:
        return {window.zone: window for window in window_store.newest(session.folder, purpose)}
    listed = session.listed or session.deployment.officers
    drafts = []
    for zone in ("named", "pseudonymous"):
        here = {host: ids for host, ids in subjects.items() if ids and zone_of(host) == zone}
        if not here:
            continue
        begin, expires = times(session.hosts.clock(), session.seconds)
        quotas = quotas_of(purpose, members=max(len(ids) for ids in here.values()))
        window = draft(
            session.deployment,
            zone,
            purpose,
            quotas[zone],
            session.officers,
            expires=expires,
            now=begin,
            officer_list=listed.number,
            subjects=SubjectList.make(here),
        )
        drafts.append(window)
    opened = await open_drafts(session, drafts)
    session.opened.extend(opened)
    return {window.zone: window for window in opened}
