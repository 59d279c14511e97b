"""How teams are ranked, in whole numbers: scores are rounded before they are compared, so that what looks equal is equal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from protocol.messages.contests import FEWEST, Contest
from protocol.messages.rankings import POOLED, Participation, RankingRow

STEP_METRES_PERCENT = 70
"""Centimetres of a step on the virtual route."""
_TENS = 10


@dataclass(frozen=True)
class Standing:
    """One team, up to a day."""

    team: bytes
    name: str | None
    eligible: int
    """Members on that day who are not counted out."""
    member_days: int
    """Days of all who could have walked for it."""
    active: int
    """Members on that day who take part."""
    steps: int
    """Counted ones, corrections included."""
    corrected: bool = False


@dataclass(frozen=True)
class Placed:
    """A team in its league: as everybody sees it, and as its own members do."""

    league: int
    row: RankingRow
    participation: Participation | None


def ranked(contest: Contest, standings: Iterable[Standing], days: int) -> Mapping[int, Sequence[Placed]]:
    """Return the teams of each league, the best first, after ``days`` days."""
    scored = sorted(((_league(contest, one), _score(contest, one), one) for one in standings), key=_order)
    return {
        league: list(_placed(contest, league, [(score, one) for _, score, one in teams], days))
        for league, teams in groupby(scored, key=lambda scored: scored[0])
    }


def tens(steps: int, of: int = 1) -> int:
    """Return ``steps / of`` rounded to the nearest ten, halves upwards."""
    return (2 * steps + _TENS * of) // (2 * _TENS * of) * _TENS


def participation(contest: Contest, eligible: int, active: int) -> Participation | None:
    """Return how many take part and how many more the next threshold needs; None for a team of fewer than ten."""
    if eligible < FEWEST:
        return None
    for threshold in contest.thresholds:
        if active * 100 < threshold * eligible:
            return Participation(
                eligible=eligible, active=active, threshold=threshold, missing=-(-threshold * eligible // 100) - active
            )
    return Participation(eligible=eligible, active=active, threshold=None, missing=None)


def _league(contest: Contest, one: Standing) -> int:
    if one.active < FEWEST:
        return POOLED
    return 1 + sum(one.eligible >= size for size in contest.leagues)


def _score(contest: Contest, one: Standing) -> int:
    return tens(one.steps, one.member_days) if contest.score == "average" else tens(one.steps)


def _order(scored: tuple[int, int, Standing]) -> tuple[int, int, str, bytes]:
    league, score, one = scored
    # By name among equals: a time would give prizes to whoever has the faster telephone.
    return league, -score, one.name or "", one.team


def _placed(contest: Contest, league: int, teams: Sequence[tuple[int, Standing]], days: int) -> Iterable[Placed]:
    place, before = 0, None
    for number, (score, one) in enumerate(teams, 1):
        place, before = (place if score == before else number), score
        rate = participation(contest, one.eligible, one.active)
        told = league != POOLED
        row = RankingRow(
            team=one.team,
            name=one.name,
            place=place,
            score=score if told else None,
            active_average=tens(one.steps, one.active * days) if told and contest.score != "top" else None,
            participation=None if rate is None else rate.active * 100 // rate.eligible,
            stage=_stage(contest, one) if told else None,
            corrected=one.corrected,
        )
        yield Placed(league, row, rate)


def _stage(contest: Contest, one: Standing) -> int | None:
    if not contest.stages or not one.eligible:
        return None
    metres = one.steps * STEP_METRES_PERCENT // (100 * one.eligible)
    return sum(stage.metres <= metres for stage in contest.stages)
