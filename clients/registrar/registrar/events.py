"""Doing what is due, with two officers: ends of access, suspensions, new ways in, erasures.

Each kind of event is done for a round of members at all hosts, then noted in the roster. Killed in between, the same events are due
again, and every call may be repeated. Each window is about exactly the members of its round.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from .accesses import Ends, set_access, suspend
from .batches import ROUND_ROWS, cut
from .due import KINDS, Event, Kind, due_events, guardian_of, told_by
from .erasures import erase
from .grants import Grant, grant
from .home import Home
from .people import GuardianWay, guardian_verifier, own_verifier
from .roster_member import Member, Told
from .rules import load_rules, midnight
from .rules import today as japan_today
from .run import Desk, Run, running

ORDER: tuple[Kind, ...] = ("erasure", "access", "suspension", "work-id", "guardian")
"""Ends come before beginnings. ``letter`` is none of them: letters are printed, by a command of their own."""


@dataclass
class EventsSummary:
    """What became of events: counts by kind, and codes of what was refused."""

    done: Counter[Kind] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    """Children who came of age and need a letter."""

    def __str__(self) -> str:
        """Return the counts that are not zero, in one line."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.done.items()) if count) or "nothing to do"


def list_due(home: Path, on: date | None = None) -> list[Event]:
    """Return what is due on a day, by kind."""
    opened = Home.load(home)
    kinds = list(KINDS)
    with closing(opened.roster()) as roster:
        found = list(due_events(roster, load_rules(home), on or japan_today()))
    return sorted(found, key=lambda event: (kinds.index(event.kind), event.since, event.member.current))


async def run_events(desk: Desk) -> EventsSummary:
    """Do everything that is due on the desk's day. May be killed at any point, and run again."""
    summary = EventsSummary()
    async with running(desk) as run:
        for kind in ORDER:
            members = [event.member for event in due_events(run.roster, run.rules, run.today) if event.kind == kind]
            for piece in cut(members, ROUND_ROWS):
                done, refused = await _do(run, kind, piece)
                summary.done[kind] += done
                summary.refused.update(refused)
        summary.letters = sum(event.kind == "letter" for event in due_events(run.roster, run.rules, run.today))
    return summary


async def _do(run: Run, kind: Kind, members: Sequence[Member]) -> tuple[int, Iterable[str]]:
    """Do one kind of event for one round; return how many were done, and a code for each that a host refused."""
    match kind:
        case "erasure":
            await erase(run, members)
            run.roster.bury(members)
            return len(members), ()
        case "access":
            refused = await set_access(run, [(member, _ends(run, member)) for member in members])
        case "suspension":
            refused = await suspend(run, [(member, _wanted(run, member).suspended) for member in members])
        case "work-id":
            return await _new_work_ids(run, members)
        case _:
            refused = await _grant(run, "guardians", [(member, _wanted(run, member)) for member in members])
    done = [member for member in members if _key(member) not in refused]
    run.roster.put(replace(member, told=_told(run, kind, member)) for member in done)
    return len(done), refused.values()


async def _new_work_ids(run: Run, members: Sequence[Member]) -> tuple[int, Iterable[str]]:
    """End the old work ids at once and add the new ones: a recovery alone would leave the old one alive."""
    renewed = [member for member in members if member.told.work_id]
    ended = midnight(run.today)
    refused = await set_access(run, [(member, replace(_ends(run, member), work=ended)) for member in renewed])
    left = [member for member in members if _key(member) not in refused]
    refused |= await _grant(run, "new work ids", [(member, _wanted(run, member)) for member in left])
    done = [member for member in left if _key(member) not in refused]
    run.roster.put(replace(member, told=_told(run, "work-id", member)) for member in done)
    return len(done), refused.values()


async def _grant(run: Run, stage: str, wanted: Sequence[tuple[Member, Told]]) -> dict[bytes, str]:
    """Tell the authorities of work ids: the members' own, or where that is what is due, their guardians'."""
    grants = []
    for member, told in wanted:
        ways = []
        if told.work_id != member.told.work_id:
            ways.append(own_verifier(member, run.session.deployment, run.roster.content))
        if told.guardian is not None and told.guardian != member.told.guardian:
            ways.append(_guardian(run, member, told.guardian))
        given = [way for way in ways if way is not None]
        if given:
            grants.append(Grant(member, {host: given for host in member.refs}))
    granted = await grant(run, grants, run.stage(stage, len(grants)))
    signed_in = {_key(one.member): one.member for one in grants if _key(one.member) in granted.later}
    run.roster.put(replace(member, released=True) for member in signed_in.values())
    return granted.refused


def _guardian(run: Run, child: Member, way: GuardianWay) -> object:
    return guardian_verifier(child, way, run.session.deployment, run.roster.content)


def _told(run: Run, kind: Kind, member: Member) -> Told:
    """Return what the hosts know now that this kind of event was done."""
    wanted = _wanted(run, member)
    match kind:
        case "access":
            return replace(member.told, ends=wanted.ends, work_ends=wanted.work_ends)
        case "suspension":
            return replace(member.told, suspended=wanted.suspended)
        case "work-id":
            return replace(member.told, work_id=wanted.work_id)
        case _:
            return replace(member.told, guardian=wanted.guardian)


def _wanted(run: Run, member: Member) -> Told:
    return told_by(member, guardian_of(member, run.roster), run.rules, run.today)


def _ends(run: Run, member: Member) -> Ends:
    wanted = _wanted(run, member)
    return Ends(wanted.ends, wanted.work_ends)


def _key(member: Member) -> bytes:
    return member.refs["keyvault"]
