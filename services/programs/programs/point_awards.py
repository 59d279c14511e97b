"""What a rule gives for what somebody did: integers alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocol.messages.contests import Contest
from protocol.messages.point_rules import Rule, Tier

from programs.ranking import Placed, Standing, ranked


@dataclass(frozen=True)
class Done:
    """What one member did in a period."""

    token: bytes
    steps: int
    """Counted steps of all days together."""
    active_days: int
    streak: int
    """The longest run of active days."""
    facts: int
    """How often the fact happened."""
    granted: int
    """Points of this rule in this fiscal year so far."""


@dataclass(frozen=True)
class Teams:
    """What the teams of a contest came to."""

    tiers: Mapping[bytes, Tier]
    """The highest tier that each team reaches; of teams that reach none, or are too small, nothing."""

    @classmethod
    def of(cls, rule: Rule, contest: Contest, standings: Iterable[Standing], entered: Mapping[bytes, int]) -> "Teams":
        """Look at the teams of a contest that is over; ``entered`` are those of each team who had entered."""
        days = (contest.last - contest.first).days + 1
        known = {one.team: one for one in standings}
        places = {placed.row.team: placed for league in ranked(contest, known.values(), days).values() for placed in league}
        found = {
            team: _of_team(rule, one, places[team], entered.get(team, 0), days)
            for team, one in known.items()
            if one.eligible >= rule.min_team
        }
        return cls({team: tier for team, tier in found.items() if tier is not None})


def reached(rule: Rule, done: Done, days: int) -> Tier | None:
    """Return the highest tier that a member reaches in a period of so many days, where the rule looks at members."""
    match rule.metric:
        case "individual-average":
            # Not divided: 7,999.9 steps a day are no 8,000.
            return _highest(rule, done.steps, days)
        case "streak":
            return _highest(rule, done.streak, 1)
        case "active-days":
            return _highest(rule, done.active_days, 1)
        case "fact":
            return _highest(rule, done.facts, 1)
        case _:
            return None


def award(rule: Rule, tier: Tier, granted: int) -> int:
    """Return the points that a member gets, within what the rule gives one member in a fiscal year."""
    return max(0, min(tier.points, rule.member_cap - granted))


def _of_team(rule: Rule, one: Standing, placed: Placed, entered: int, days: int) -> Tier | None:
    everybody = rule.denominator == "eligible"
    match rule.metric:
        case "participation-rate":
            people = one.eligible if everybody else entered
            return _highest(rule, one.active * 100, people) if people else None
        case "team-average":
            person_days = one.member_days if everybody else entered * days
            return _highest(rule, one.steps, person_days) if person_days else None
        case "rank":
            # The later tiers are the better places.
            return next((tier for tier in reversed(rule.tiers) if placed.row.place <= tier.at), None)
        case _:
            return None


def _highest(rule: Rule, value: int, unit: int) -> Tier | None:
    return next((tier for tier in reversed(rule.tiers) if value >= tier.at * unit), None)
