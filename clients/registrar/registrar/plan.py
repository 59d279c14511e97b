"""First pass over the eligibility tables: who is new, who changed, and who shares a round with whom.

References are minted and written to the roster before any host hears of them, so that a killed import finds the same ones
when the same command is run again.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from protocol.member import MemberNumber

from .arrivals import Draft, NotTaken, member_of
from .batches import ROUND_ROWS
from .files import Source
from .groups import generalise
from .guardians import with_guardians
from .importers import EligibilityRow
from .people import fits, profile
from .report import ImportSummary, Line, Place
from .roster import Roster
from .roster_member import Member
from .rules import Rules


@dataclass(frozen=True)
class Plan:
    """What there is to do."""

    rounds: Mapping[Place, int]
    """The round in which each row that needs work is done."""
    groups: Mapping[str, str]
    """The published workplace group of each site, counted over the whole roster."""
    regroup: Sequence[Member]
    """Members without work of their own whose published group is another than before."""

    known: frozenset[MemberNumber]
    """Anchors of those among them whom an earlier import met, so that they may have signed in."""
    updates: int
    """How many of the rows belong to people whom the hosts know already."""

    @property
    def round_count(self) -> int:
        """Number of rounds."""
        return max(self.rounds.values(), default=-1) + 1


def make_plan(sources: Sequence[Source], roster: Roster, rules: Rules, today: date, summary: ImportSummary) -> Plan:
    """Compare every row with the roster, and note in it what is planned, with fresh references for newcomers."""
    work: dict[MemberNumber, Place] = {}
    seen: set[MemberNumber] = set()
    met: set[MemberNumber] = set()
    draft, updates = Draft(roster), 0
    for source in sources:
        for place, row in source.read(EligibilityRow, summary.lines):
            try:
                known, member = _taken(row, seen, draft, roster, rules, today)
            except NotTaken as refusal:
                summary.lines.append(Line.of(place, refusal.code))
                continue
            if member == known and member.status == "enrolled":
                summary.members_unchanged += 1
                continue
            draft.put(member)
            if member.status == "enrolled":
                summary.members_noted += 1
                continue
            # A number that changed on an earlier line of this file: the person is told of once.
            updates += bool(member.group) and member.anchor not in work
            if known and member.anchor not in work:
                met.add(member.anchor)
            work[member.anchor] = place
    draft.write()
    roster.put(list(with_guardians(roster, rules, today)))
    groups = generalise(member.site for member in roster.members())
    regroup = [one for one in roster.members() if one.status == "enrolled" and one.group != groups[one.site]]
    return Plan(_rounds(list(work.values())), groups, regroup, frozenset(met), updates)


def _taken(
    row: EligibilityRow, seen: set[MemberNumber], draft: Draft, roster: Roster, rules: Rules, today: date
) -> tuple[Member | None, Member]:
    if row.member in seen:
        raise NotTaken("member-repeated")
    seen.add(row.member)
    if not fits(profile(row)):
        raise NotTaken("record-too-long")
    return member_of(row, draft, roster, rules, today)


def _rounds(places: list[Place]) -> dict[Place, int]:
    """Deal the rows into rounds at random, so that neighbours in the file are not neighbours at the hosts."""
    dealt = list(places)
    secrets.SystemRandom().shuffle(dealt)
    return {place: at // ROUND_ROWS for at, place in enumerate(dealt)}
