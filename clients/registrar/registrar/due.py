"""What is due for a member on a day: the difference between what follows from the roster and the rules, and what the hosts know.

Nothing is put on a list that could be lost. An event is due until the hosts were told of it, and is not due any more afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from .guardians import guardian_of, guardian_way, is_over, last_day_over, of_age
from .roster import Roster
from .roster_member import Member, Told
from .rules import Rules, midnight

Kind = Literal["guardian-end", "access", "suspension", "work-id", "guardian", "letter", "unguarded", "erasure"]
KINDS: dict[Kind, str] = {
    "guardian-end": "a child came of age, or has another guardian, or the guardian's work account ended: no way in is to be left",
    "access": "the day on which access, or the work account, ends (or no longer ends) is to be told",
    "suspension": "mailboxes are to be suspended, or opened again",
    "work-id": "a new work id is to be told to members who have signed in",
    "guardian": "a child's guardian is to be told",
    "letter": "a child who came of age, or a child's next guardian, needs a letter: warifu-registrar letters print",
    "unguarded": "a child's guardian is gone, and nobody follows: name one in the table (保護者枝番) and import it",
    "erasure": "the time of retention is over",
}
"""What each kind of event is, in words."""
RUN: tuple[Kind, ...] = ("erasure", "guardian-end", "access", "suspension", "work-id", "guardian")
"""What ``events run`` does, in this order: ends come before beginnings. Letters are printed, by a command of their own."""


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


def due(member: Member, guardian: Member | None, rules: Rules, on: date) -> Iterator[Event]:
    """Yield what is due for one member."""
    if not member.group:
        return
    if member.lost and rules.erased_from(member.lost) <= on:
        yield Event("erasure", member, rules.erased_from(member.lost))
        return
    wanted = told_by(member, guardian, rules, on)
    yield from _own(member, wanted, on)
    over = is_over(member, guardian, rules, on)
    if over:
        yield Event("guardian-end", member, min(on, of_age(member, rules)))
    if (wanted.guardian, wanted.guarded_by) != (member.told.guardian, member.told.guarded_by):
        yield Event("guardian", member, on)
    # No letter before the earlier guardian is out: nothing would say afterwards that somebody else still has a way in.
    if not over and needs_takeover(member, rules, on):
        yield Event("letter", member, of_age(member, rules))
    elif not over and member.child and member.guarded and without_a_way_in(member, guardian, rules, on):
        yield Event("letter" if guardian else "unguarded", member, on)


def told_by(member: Member, guardian: Member | None, rules: Rules, on: date) -> Told:
    """Return what the hosts should know on this day. A way in that merely ceased stays as it was told until its end is.

    Mailboxes are not closed, unless the rules say so of the dead. Who has left reads nothing without a release, and a mark at the
    stores beside the one at the authorities would say of few people which mailbox is theirs.
    """
    lost = member.lost
    ends = None if lost is None else last_day_over(member, rules)
    gone = lost is not None and lost <= on
    way = "" if gone else guardian_way(member, guardian, rules, on)
    return replace(
        member.told,
        ends=None if ends is None else midnight(ends),
        work_ends=_work_ends(member, rules) if member.told.work_id or (member.work_id and not gone) else None,
        suspended=rules.close_mailboxes_of_the_dead and member.died and ends is not None and ends <= on,
        work_id=member.work_id if member.work_id and not gone else member.told.work_id,
        guardian=way or member.told.guardian,
        guarded_by=member.guardian if way else member.told.guarded_by,
    )


def needs_takeover(member: Member, rules: Rules, on: date) -> bool:
    """Say whether a child came of age whose records only a guardian could see, and who got no letter of their own yet."""
    if not member.child or of_age(member, rules) > on or member.told.work_id or member.lost:
        return False
    guarded = member.guarded or bool(member.told.guardian) or (member.letter is not None and member.letter.kind == "guardian")
    return guarded and (member.letter is None or member.letter.kind == "guardian")


def guardianships_ending(roster: Roster, rules: Rules, on: date, days: int) -> list[tuple[date, Member]]:
    """Return the children who come of age within so many days, and when: on that day the guardian's end is due."""
    found = [
        (of_age(member, rules), member)
        for member in roster.members()
        if member.group and (member.told.guardian or member.told.guarded_by) and not member.lost
    ]
    return sorted((one for one in found if on < one[0] <= on + timedelta(days=days)), key=lambda one: (one[0], one[1].current))


def without_a_way_in(member: Member, guardian: Member | None, rules: Rules, on: date) -> bool:
    """Say whether a member can sign in by nothing that the workstation knows of, and no letter is on its way.

    Whoever signed in by a letter was led to add a way of their own. Whoever signed in by a work account may have added none.
    """
    if not member.group or member.lost is not None:
        return False
    if member.letter is not None and (member.released or member.letter.expires >= on):
        return False
    own = bool(member.told.work_id) and member.work_lost is None
    return not own and not guardian_way(member, guardian, rules, on)


def _own(member: Member, wanted: Told, on: date) -> Iterator[Event]:
    """Yield what is due of a member's own access, mailboxes and work id."""
    if (wanted.ends, wanted.work_ends) != (member.told.ends, member.told.work_ends):
        yield Event("access", member, member.lost or on)
    if wanted.suspended != member.told.suspended:
        yield Event("suspension", member, member.lost or on)
    if wanted.work_id != member.told.work_id:
        yield Event("work-id", member, on)


def _work_ends(member: Member, rules: Rules) -> int | None:
    if member.lost is not None and member.died:
        return midnight(member.lost - timedelta(days=1))
    if not rules.work_account_ends:
        return None
    days = [day for day in (member.lost, member.work_lost) if day is not None]
    return midnight(min(days)) if days else None
