"""Doing what is due, with two officers: ends of access, suspensions, new ways in, erasures.

Each kind of event is done for a round of members at all hosts, then noted in the roster. Killed in between, the same events are due
again, and every call may be repeated. Each window is about exactly the members of its round.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from protocol.names import AUTHORITIES

from .accesses import Ends, set_access, suspend
from .batches import ROUND_ROWS, cut
from .due import KINDS, RUN, Event, Kind, due_events, guardianships_ending, told_by
from .erasures import erase
from .grants import Grant, Granted, grant
from .guardians import guardian_of, with_guardians
from .home import Home
from .people import guardian_verifier, own_verifier
from .roster_member import Member, Told
from .rules import load_rules, midnight
from .rules import today as japan_today
from .run import Desk, Run, running

STAGES: Mapping[Kind, str] = MappingProxyType({"work-id": "new work ids", "guardian": "guardians"})
SOON_DAYS = 90
"""For so many days ahead children who come of age are listed."""


@dataclass
class EventsSummary:
    """What became of events: counts by kind, and codes of what was refused."""

    done: Counter[Kind] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    """Children who came of age, or have another guardian, and need a letter."""
    unguarded: int = 0
    """Children whose guardian is gone, and whom nobody follows."""

    def __str__(self) -> str:
        """Return the counts that are not zero, in one line."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.done.items()) if count) or "nothing to do"


@dataclass(frozen=True)
class Due:
    """What is due on a day, by kind, and who comes of age soon after."""

    events: list[Event]
    ending: list[tuple[date, Member]]
    """The guardianships of children who come of age, with the day."""


def list_due(home: Path, on: date | None = None) -> Due:
    """Return what is due on a day. Nothing is written: the roster itself learns who stands for whom when it is done."""
    opened, rules, day = Home.load(home), load_rules(home), on or japan_today()
    kinds = list(KINDS)
    with closing(opened.roster()) as kept, closing(kept.copy_in_memory(opened.roster_key)) as roster:
        roster.put(list(with_guardians(roster, rules, day)))
        found = list(due_events(roster, rules, day))
        ending = guardianships_ending(roster, rules, day, SOON_DAYS)
    return Due(sorted(found, key=lambda event: (kinds.index(event.kind), event.since, event.member.current)), ending)


async def run_events(desk: Desk) -> EventsSummary:
    """Do everything that is due on the desk's day. May be killed at any point, and run again."""
    summary = EventsSummary()
    async with running(desk) as run:
        run.roster.put(list(with_guardians(run.roster, run.rules, run.today)))
        for kind in RUN:
            members = [event.member for event in due_events(run.roster, run.rules, run.today) if event.kind == kind]
            for piece in cut(members, ROUND_ROWS):
                done, refused = await _do(run, kind, piece)
                summary.done[kind] += done
                summary.refused.update(refused)
        left = Counter(event.kind for event in due_events(run.roster, run.rules, run.today))
        summary.letters, summary.unguarded = left["letter"], left["unguarded"]
    return summary


async def _do(run: Run, kind: Kind, members: Sequence[Member]) -> tuple[int, Iterable[str]]:
    """Do one kind of event for one round; return how many were done, and a code for each that a host refused."""
    refused: dict[bytes, str] = {}
    signed_in: Container[bytes] = ()
    match kind:
        case "erasure":
            await erase(run, members)
            run.roster.bury(members)
            return len(members), ()
        case "access":
            refused = await set_access(run, [(member, _ends(run, member)) for member in members])
        case "guardian-end":
            over = midnight(run.today)
            refused = await set_access(run, [(member, replace(_ends(run, member), guardians=over)) for member in members])
            members = [_unguarded(member) for member in members]
        case "suspension":
            refused = await suspend(run, [(member, _wanted(run, member).suspended) for member in members])
        case _:
            if kind == "work-id":
                refused = await _end_old_work_ids(run, members)
            granted = await _grant(run, kind, [member for member in members if _key(member) not in refused])
            refused, signed_in = refused | granted.refused, granted.later
    done = [member for member in members if _key(member) not in refused]
    run.roster.put(
        replace(member, told=_told(run, kind, member), released=member.released or _key(member) in signed_in) for member in done
    )
    return len(done), refused.values()


async def _end_old_work_ids(run: Run, members: Sequence[Member]) -> dict[bytes, str]:
    """End the work ids that members had: new ones are only added, and would leave the old ones alive.

    It is noted before the new ones are told of, because an end means every work id that a host has by then.
    """
    old = [member for member in members if member.told.work_id and member.told.ended != member.told.work_id]
    refused = await set_access(run, [(member, _ends(run, member)) for member in old])
    ended = [member for member in old if _key(member) not in refused]
    run.roster.put(replace(member, told=replace(member.told, ended=member.told.work_id)) for member in ended)
    return refused


async def _grant(run: Run, kind: Kind, members: Sequence[Member]) -> Granted:
    """Tell the authorities of the members' own work ids, or of their guardians'."""
    deployment, hashed = run.session.deployment, run.roster.content
    grants = []
    for member in members:
        way = _wanted(run, member).guardian
        if kind == "work-id":
            verifier = own_verifier(member, deployment, hashed)
        else:
            verifier = guardian_verifier(member, way, deployment, hashed) if way else None
        if verifier is not None:
            grants.append(Grant(member, dict.fromkeys(AUTHORITIES, (verifier,))))
    return await grant(run, grants, run.stage(STAGES[kind], len(grants)))


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
        case "guardian-end":
            return replace(member.told, guardian="", guarded_by=None)
        case _:
            return replace(member.told, guardian=wanted.guardian, guarded_by=wanted.guarded_by)


def _unguarded(child: Member) -> Member:
    """Return a child as the roster has them once no guardian has a way in: an unused letter of a guardian's is gone too."""
    letter = None if child.letter and child.letter.kind == "guardian" else child.letter
    return replace(child, guarded=True, letter=letter)


def _wanted(run: Run, member: Member) -> Told:
    return told_by(member, guardian_of(member, run.roster), run.rules, run.today)


def _ends(run: Run, member: Member) -> Ends:
    """Return what the authorities are to be told. Where a new work id is due, they have the old one, which is over."""
    wanted, day = _wanted(run, member), midnight(run.today)
    if member.told.work_id and member.told.work_id != wanted.work_id:
        return Ends(wanted.ends, min(day, member.told.work_ends or day))
    return Ends(wanted.ends, wanted.work_ends)


def _key(member: Member) -> bytes:
    return member.refs["keyvault"]
