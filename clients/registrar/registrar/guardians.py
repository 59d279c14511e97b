"""Who stands for a child under age on a day, by what the tables say and who is still there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from .roster import Roster
from .roster_member import Member
from .rules import Rules, midnight

UNTIL = midnight(date(2100, 1, 1))
"""What authorities are told of every guardianship's end: the same of all, since a child's own day would say when it was born."""


def with_guardians(roster: Roster, rules: Rules, today: date) -> Iterator[Member]:
    """Yield the children under age whose guardian is somebody else now, or nobody any more.

    The roster is read while it is yielded from, so nothing may be written until the end.
    """
    for child in roster.members():
        if not child.child or of_age(child, rules) <= today:
            continue
        guardian = _guardian(child, roster, rules, today)
        if guardian is None and child.guardian:
            yield replace(child, guardian=None)
        if guardian is not None and guardian.anchor not in (child.guardian, child.anchor):
            yield replace(child, guardian=guardian.anchor)


def guardian_of(member: Member, roster: Roster) -> Member | None:
    """Return a child's guardian, where the roster knows one."""
    return roster.find(member.guardian) if member.child and member.guardian else None


def stands(guardian: Member, rules: Rules, on: date) -> bool:
    """Say whether somebody may stand for a child on a day: as long as they may sign in themselves."""
    over = last_day_over(guardian, rules)
    return over is None or on < over


def guardian_way(child: Member, guardian: Member | None, rules: Rules, on: date) -> str:
    """Return the work id by which a guardian signs in to a child's account, while the child is under age; empty for none."""
    if guardian is None or not child.child or of_age(child, rules) <= on or not stands(guardian, rules, on):
        return ""
    return _work_id(guardian, rules, on)


def is_over(child: Member, guardian: Member | None, rules: Rules, on: date) -> bool:
    """Say whether somebody has a guardian's ways in to an open account who is to have them no longer, or not by this work id."""
    holder = child.told.guarded_by or (child.guardian if child.told.guardian else None)
    closed = last_day_over(child, rules)
    if holder is None or (closed is not None and closed <= on):
        return False
    if of_age(child, rules) <= on or guardian is None or guardian.anchor != holder or not stands(guardian, rules, on):
        return True
    return bool(child.told.guardian) and child.told.guardian != guardian_way(child, guardian, rules, on)


def last_day_over(member: Member, rules: Rules) -> date | None:
    """Return the first day on which somebody may no longer sign in; for the dead that is the day of death."""
    if member.lost is None:
        return None
    return member.lost - timedelta(days=1) if member.died else rules.access_ends(member.lost)


def of_age(member: Member, rules: Rules) -> date:
    """Return the day on which a member comes of age."""
    return rules.of_age(date.fromisoformat(member.birth_date))


def _guardian(child: Member, roster: Roster, rules: Rules, today: date) -> Member | None:
    """Return whom the table names, else the insured of the card; where they are gone, the one other adult of the card."""
    if child.guardian_number is not None:
        named = roster.find(child.guardian_number)
        if named is None:
            # Perhaps a later table has the person: until then nobody loses their way in, and nobody else gets one.
            now = guardian_of(child, roster)
            return now if now and stands(now, rules, today) else None
    elif rules.insured_is_guardian:
        named = roster.find_insured(child.current)
    else:
        return None
    if named is None or stands(named, rules, today):
        return named
    return _other_adult(child, named, roster, rules, today) if rules.other_adult_follows else None


def _other_adult(child: Member, gone: Member, roster: Roster, rules: Rules, today: date) -> Member | None:
    """Return the only other adult of the card. Of several, the roster cannot tell who is a parent."""
    found = [
        one
        for one in roster.household(child.current)
        if not one.child and one.anchor != gone.anchor and of_age(one, rules) <= today and stands(one, rules, today)
    ]
    return found[0] if len(found) == 1 else None


def _work_id(guardian: Member, rules: Rules, on: date) -> str:
    """Return the work id by which a guardian signs in on a day; empty for none."""
    ends = [day for day in (guardian.lost, guardian.work_lost) if day is not None]
    if rules.work_account_ends and ends and min(ends) <= on:
        return ""
    return guardian.work_id or guardian.told.work_id
