"""What is due for a member on a day: the difference between what follows from the roster and the rules, and what the hosts know.

Nothing is put on a list that could be lost. An event is due until the hosts were told of it, and is not due any more afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from .people import GuardianWay
from .roster import Roster
from .roster_member import Member, Told
from .rules import Rules, midnight

Kind = Literal["access", "suspension", "work-id", "guardian", "letter", "erasure"]
KINDS: dict[Kind, str] = {
    "access": "the day on which access, or the work account, ends (or no longer ends) is to be told",
    "suspension": "mailboxes are to be suspended, or opened again",
    "work-id": "a new work id is to be told to members who have signed in",
    "guardian": "a child's guardian, or the end of the guardianship, is to be told",
    "letter": "a child has come of age and needs a letter: warifu-registrar letters print",
    "erasure": "the time of retention is over",
}
"""What each kind of event is, in words."""


@dataclass(frozen=True, repr=False)
class Event:
    """One thing that is due for one member."""

    kind: Kind
    member: Member
    since: date
    """The day since which it is due, as far as a day says so; else the day that was asked about."""


def due_events(roster: Roster, rules: Rules, on: date) -> Iterator[Event]:
    """Yield what is due for everybody; whoever is to be erased has nothing else before them."""
    for member in roster.members():
        yield from due(member, guardian_of(member, roster), rules, on)


def guardian_of(member: Member, roster: Roster) -> Member | None:
    """Return a child's guardian, where the roster knows one."""
    return roster.find(member.guardian) if member.child and member.guardian else None


def due(member: Member, guardian: Member | None, rules: Rules, on: date) -> Iterator[Event]:
    """Yield what is due for one member."""
    if not member.group:
        return
    if member.lost and rules.erased_from(member.lost) <= on:
        yield Event("erasure", member, rules.erased_from(member.lost))
        return
    wanted = told_by(member, guardian, rules, on)
    if (wanted.ends, wanted.work_ends) != (member.told.ends, member.told.work_ends):
        yield Event("access", member, member.lost or on)
    if wanted.suspended != member.told.suspended:
        yield Event("suspension", member, member.lost or on)
    if wanted.work_id != member.told.work_id:
        yield Event("work-id", member, on)
    if wanted.guardian != member.told.guardian:
        yield Event("guardian", member, on)
    if needs_takeover(member, rules, on):
        yield Event("letter", member, of_age(member, rules))


def told_by(member: Member, guardian: Member | None, rules: Rules, on: date) -> Told:
    """Return what the hosts should know on this day. A way in that merely ceased stays as it was told: it ends by its time.

    Only the mailboxes of the dead are closed. Who left reads nothing without a release, and a mark at the stores beside the one at
    the authorities would say of few people which mailbox is theirs.
    """
    lost = member.lost
    ends = None if lost is None else last_day_over(member, rules)
    way = guardian_way(member, guardian, rules, on)
    gone = lost is not None and lost <= on
    return replace(
        member.told,
        ends=None if ends is None else midnight(ends),
        work_ends=_work_ends(member, rules) if member.told.work_id or (member.work_id and not gone) else None,
        suspended=member.died and ends is not None and ends <= on,
        work_id=member.work_id if member.work_id and not gone else member.told.work_id,
        guardian=way if way and not gone else member.told.guardian,
    )


def last_day_over(member: Member, rules: Rules) -> date | None:
    """Return the first day on which somebody may no longer sign in; for the dead that is the day of death."""
    if member.lost is None:
        return None
    return member.lost - timedelta(days=1) if member.died else rules.access_ends(member.lost)


def guardian_way(child: Member, guardian: Member | None, rules: Rules, on: date) -> GuardianWay | None:
    """Return how a child's guardian signs in to the child's account: by a work account, while the child is under age."""
    if guardian is None or not child.child or not guardian.work_id or of_age(child, rules) <= on:
        return None
    if guardian.lost is not None and guardian.lost <= on:
        return None
    return guardian.work_id, child.place, midnight(of_age(child, rules))


def of_age(member: Member, rules: Rules) -> date:
    """Return the day on which a member comes of age."""
    return rules.of_age(date.fromisoformat(member.birth_date))


def needs_takeover(member: Member, rules: Rules, on: date) -> bool:
    """Say whether a child came of age whose records only a guardian could see, and who got no letter of their own yet."""
    if not member.child or of_age(member, rules) > on or member.told.work_id or member.lost:
        return False
    guarded = member.told.guardian is not None or (member.letter is not None and member.letter.kind == "guardian")
    return guarded and (member.letter is None or member.letter.kind == "guardian")


def without_a_way_in(member: Member, guardian: Member | None, rules: Rules, on: date) -> bool:
    """Say whether a member can sign in by nothing that the workstation knows of, and no letter is on its way.

    Whoever signed in by a letter was led to add a way of their own. Whoever signed in by a work account may have added none.
    """
    if not member.group or member.lost is not None:
        return False
    if member.letter is not None and (member.released or member.letter.expires >= on):
        return False
    own = bool(member.told.work_id) and member.work_lost is None
    return not own and guardian_way(member, guardian, rules, on) is None


def _work_ends(member: Member, rules: Rules) -> int | None:
    if member.lost is not None and member.died:
        return midnight(member.lost - timedelta(days=1))
    if not rules.work_account_ends:
        return None
    days = [day for day in (member.lost, member.work_lost) if day is not None]
    return midnight(min(days)) if days else None
