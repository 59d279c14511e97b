"""What a rule gives for what somebody did: integers alone."""

from dataclasses import dataclass

from protocol.messages.point_rules import Rule, Tier


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


def reached(rule: Rule, done: Done, days: int) -> Tier | None:
    """Return the highest tier that a member reaches in a period of so many days."""
    match rule.metric:
        case "individual-average":
            # Not divided: 7,999.9 steps a day are no 8,000.
            value, unit = done.steps, days
        case "streak":
            value, unit = done.streak, 1
        case "active-days":
            value, unit = done.active_days, 1
        case "fact":
            value, unit = done.facts, 1
    return next((tier for tier in reversed(rule.tiers) if value >= tier.at * unit), None)


def award(rule: Rule, done: Done, days: int) -> int:
    """Return the points that a member gets, within what the rule gives one member in a fiscal year."""
    tier = reached(rule, done, days)
    return 0 if tier is None else max(0, min(tier.points, rule.member_cap - done.granted))
