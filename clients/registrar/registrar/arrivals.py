"""Which person of the roster a row of an eligibility table is about.

Numbers change and people stay: the number of a row, or the previous number that it names, leads to the member who has it or had
it before. A row under a number that the person no longer has says nothing new, in whatever order files come.
"""

from collections.abc import Iterable
from datetime import date

from protocol.member import MemberNumber

from .importers import EligibilityRow
from .people import canonical, planned
from .roster import Roster
from .roster_member import Member
from .rules import Rules

_WRITTEN_AT_ONCE = 1000


class NotTaken(Exception):
    """The row changes nobody; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Draft:
    """The roster while a file is read: what was noted and is not written yet is found as well."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._members: dict[MemberNumber, Member] = {}
        self._anchors: dict[MemberNumber, MemberNumber] = {}

    def find(self, number: MemberNumber) -> Member | None:
        """Return the member who has this number, or had it before."""
        if number in self._anchors:
            return self._members[self._anchors[number]]
        found = self._roster.find(number)
        return self._members.get(found.anchor, found) if found else None

    def put(self, member: Member) -> None:
        """Note a member; now and then all that was noted is written."""
        self._members[member.anchor] = member
        self._anchors.update(dict.fromkeys(member.numbers, member.anchor))
        if len(self._members) >= _WRITTEN_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what was noted."""
        self._roster.put(self._members.values())
        self._members, self._anchors = {}, {}


def member_of(row: EligibilityRow, draft: Draft, roster: Roster, rules: Rules, today: date) -> tuple[Member | None, Member]:
    """Return whom a row is about, as known until now and as the row has them; raise ``NotTaken`` when it changes nobody."""
    known = _known(row, draft)
    if known is None:
        _refuse_erased(row, roster)
        if row.lost is not None and rules.erased_from(row.lost) <= today:
            raise NotTaken("retention-over")
    elif known.splitting:
        raise NotTaken("splitting")
    elif row.member != known.current and _is_past(row, known):
        raise NotTaken("number-superseded")
    # The first number that a file names for a newcomer, be it as the previous one, is theirs for good, unless somebody else has it.
    anchor = None if row.previous is None or draft.find(row.previous) else row.previous
    return known, planned(row, roster.content(canonical(row)), known, anchor)


def _known(row: EligibilityRow, draft: Draft) -> Member | None:
    known, previous = draft.find(row.member), draft.find(row.previous) if row.previous else None
    if known is not None:
        return known
    if previous is None or row.member in previous.apart:
        return None
    if (previous.birth_date, previous.sex) != (row.birth_date.isoformat(), row.sex):
        raise NotTaken("previous-differs")
    return previous


def _is_past(row: EligibilityRow, known: Member) -> bool:
    """Say whether a row is about a number that the person no longer has: the newer membership counts."""
    if row.previous is not None and row.previous == known.current:
        return False
    return known.acquired is None or row.acquired <= known.acquired


def _refuse_erased(row: EligibilityRow, roster: Roster) -> None:
    numbers: Iterable[MemberNumber] = (row.member, *([row.previous] if row.previous else []))
    if any(roster.is_erased(number) for number in numbers):
        raise NotTaken("erased" if row.lost else "erased-number")
