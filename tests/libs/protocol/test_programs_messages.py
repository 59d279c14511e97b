"""Contests, rules of points and reservations that cannot be meant: none of them can even be written down."""

from datetime import date, timedelta
from typing import Any

import pytest
from protocol.encoding import b64u
from protocol.messages.base import Message
from protocol.messages.contests import LONGEST_DAYS, Contest
from protocol.messages.exchange import Reserve
from protocol.messages.point_rules import Rule
from pydantic import ValidationError

FIRST = date(2026, 10, 1)
LAST = FIRST + timedelta(days=LONGEST_DAYS - 1)
CONTEST: dict[str, Any] = {
    "id": b64u(bytes(16)),
    "title": "秋の歩活 (架空)",
    "teams": "units",
    "enter_from": FIRST,
    "enter_until": LAST,
    "first": FIRST,
    "last": LAST,
    "active_days": LONGEST_DAYS,
}
RULE: dict[str, Any] = {
    "title_ja": "よく歩いた日 (架空)",
    "title_en": "Days with a walk",
    "metric": "active-days",
    "steps": 8000,
    "tiers": [{"at": 2, "points": 100}, {"at": 5, "points": 300}],
    "budget": 1000,
    "lasts_days": 365,
}
RANK = {**RULE, "metric": "rank", "steps": None, "contest": b64u(bytes(16))}
LINES = [{"product": b64u(bytes([at]) * 16), "units": 1} for at in range(2)]
DAY = timedelta(days=1)
TIERS = "each tier asks for more and gives more than the one before"
TEAMS = "a contest is named for metrics of teams, and for nothing else"
STEPS = "steps of a day are named for streak and active-days, and for nothing else"
BEST = "the best members, and how many of them"
WINDOW = "an entry window that ends with the contest at the latest"


def refused(kind: type[Message], fields: dict[str, Any]) -> str:
    """Return why fields are refused."""
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(fields)
    (error,) = caught.value.errors()
    return str(error["msg"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"enter_from": LAST, "enter_until": FIRST}, WINDOW),
        ({"enter_until": LAST + DAY}, WINDOW),
        ({"first": LAST + DAY}, WINDOW),
        ({"last": LAST + DAY}, "a year at most"),
        ({"score": "top"}, BEST),
        ({"top": 3}, BEST),
        ({"last": LAST - DAY, "enter_until": FIRST}, "no more days than the contest has"),
    ],
)
def test_contests_that_cannot_be(changes: dict[str, Any], said: str) -> None:
    """A contest that nobody could enter, that ends before it begins, lasts too long or asks for more days than it has."""
    assert Contest.model_validate(CONTEST).last == LAST
    assert refused(Contest, {**CONTEST, **changes}) == f"Value error, {said}"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({**RULE, "steps": None}, STEPS),
        ({**RULE, "metric": "individual-average"}, STEPS),
        ({**RULE, "contest": b64u(bytes(16))}, TEAMS),
        ({**RANK, "contest": None}, TEAMS),
        ({**RULE, "tiers": RULE["tiers"][::-1]}, TIERS),
        ({**RULE, "tiers": [*RULE["tiers"], {"at": 5, "points": 400}]}, TIERS),
        ({**RULE, "tiers": [*RULE["tiers"], {"at": 6, "points": 300}]}, TIERS),
        ({**RANK, "tiers": RULE["tiers"]}, TIERS),
    ],
)
def test_rules_that_cannot_be(fields: dict[str, Any], said: str) -> None:
    """A rule that lacks what its metric looks at, names something else, or gives as much for less."""
    assert refused(Rule, fields) == f"Value error, {said}"


def test_a_rank_is_better_the_lower_it_is() -> None:
    """Of ranks the best place gives most, of everything else the highest value."""
    tiers = [{"at": 3, "points": 100}, {"at": 1, "points": 300}]

    assert [len(Rule.model_validate(one).tiers) for one in (RULE, {**RANK, "tiers": tiers})] == [2, 2]


def test_a_product_stands_once() -> None:
    """One product is ordered in one line, whatever the number of units."""
    made = {"id": b64u(bytes(16)), "lines": LINES, "points": 600}

    assert len(Reserve.model_validate(made).lines) == 2
    assert refused(Reserve, {**made, "lines": [*LINES, {**LINES[0], "units": 2}]}) == "Value error, a product stands twice"
