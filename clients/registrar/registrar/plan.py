"""First pass over the eligibility tables: who is new, who changed, and who shares a round with whom.

References are minted and written to the roster before any host hears of them, so that a killed import finds the same ones
when the same command is run again.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from protocol.member import MemberNumber

from .batches import ROUND_ROWS
from .files import Source
from .groups import generalise
from .importers import EligibilityRow
from .people import canonical, fits, planned, profile
from .report import ImportSummary, Line, Place
from .roster import Roster
from .roster_member import Member

_WRITTEN_AT_ONCE = 1000


@dataclass(frozen=True)
class Plan:
    """What there is to do."""

    rounds: Mapping[Place, int]
    """The round in which each row that needs work is done."""
    groups: Mapping[str, str]
    """The published workplace group of each site, counted over the whole roster."""
    regroup: Sequence[Member]
    """Members without work of their own whose published group is another than before."""

    updates: int
    """How many of the rows belong to people whom the hosts know already."""

    @property
    def round_count(self) -> int:
        """Number of rounds."""
        return max(self.rounds.values(), default=-1) + 1


def make_plan(sources: Sequence[Source], roster: Roster, summary: ImportSummary) -> Plan:
    """Compare every row with the roster, and note in it what is planned, with fresh references for newcomers."""
    places: list[Place] = []
    members: list[Member] = []
    seen: set[MemberNumber] = set()
    updates = 0
    for source in sources:
        for place, row in source.read(EligibilityRow, summary.lines):
            if row.member in seen:
                summary.lines.append(Line.of(place, "member-repeated"))
                continue
            seen.add(row.member)
            if not fits(profile(row)):
                summary.lines.append(Line.of(place, "record-too-long"))
                continue
            known, content = roster.find(row.member), roster.content(canonical(row))
            member = planned(row, content, known)
            if known and known.status == "enrolled" and (known.content, known.site) == (content, member.site):
                summary.members_unchanged += 1
                continue
            updates += bool(member.group)
            places.append(place)
            members.append(member)
            if len(members) >= _WRITTEN_AT_ONCE:
                roster.put(members)
                members = []
    roster.put(members)
    groups = generalise(member.site for member in roster.members())
    regroup = [one for one in roster.members() if one.status == "enrolled" and one.group != groups[one.site]]
    return Plan(_rounds(places), groups, regroup, updates)


def _rounds(places: list[Place]) -> dict[Place, int]:
    """Deal the rows into rounds at random, so that neighbours in the file are not neighbours at the hosts."""
    dealt = list(places)
    secrets.SystemRandom().shuffle(dealt)
    return {place: at // ROUND_ROWS for at, place in enumerate(dealt)}
