"""Places, leagues and participation in whole numbers, against the same said with fractions."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from programs.ranking import Standing, participation, ranked, tens

from .walking import contest

_teams = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 60), st.integers(0, 5_000_000)).map(
        lambda said: (said[0], min(said[:2]), said[2])
    ),
    max_size=30,
)
"""Eligible members, those of them who take part, steps."""
DAYS = 28


def _standings(teams: list[tuple[int, int, int]]) -> list[Standing]:
    return [
        Standing(bytes([at]) * 16, f"班 {at}", eligible, eligible * DAYS, active, steps)
        for at, (eligible, active, steps) in enumerate(teams)
    ]


@given(st.integers(0, 10**12), st.integers(1, 10**9))
def test_rounding(steps: int, people: int) -> None:
    """The nearest ten, halves upwards."""
    assert tens(steps, people) == int(Fraction(steps, people * 10) + Fraction(1, 2)) * 10


@given(_teams, st.sampled_from([(), (20,), (15, 40)]))
def test_places_and_leagues(teams: list[tuple[int, int, int]], leagues: tuple[int, ...]) -> None:
    """A team's place is one more than the number of better teams in its league; equal teams share it, in any order of the teams."""
    one, standings = contest(leagues=leagues), _standings(teams)
    found = ranked(one, standings, DAYS)
    placed = {team.row.team: (league, team.row.place) for league, rows in found.items() for team in rows}
    league = {
        each.team: 0 if each.active < 10 else 1 + len([size for size in leagues if each.eligible >= size]) for each in standings
    }
    score = {each.team: tens(each.steps, each.member_days) for each in standings}

    assert placed == {
        team: (league[team], 1 + sum(score[other] > score[team] for other in score if league[other] == league[team]))
        for team in score
    }
    assert ranked(one, standings[::-1], DAYS) == found


@given(_teams)
def test_nothing_is_told_of_fewer_than_ten(teams: list[tuple[int, int, int]]) -> None:
    """No number of steps stands where fewer than ten take part, and no rate where fewer than ten could."""
    standings = {each.team: each for each in _standings(teams)}
    for rows in ranked(contest(stages=({"name": "一", "metres": 1},)), standings.values(), DAYS).values():
        for placed in rows:
            of = standings[placed.row.team]
            told = (placed.row.score, placed.row.active_average, placed.row.stage)
            assert all(number is None for number in told) is (of.active < 10)
            assert (placed.row.participation is None) is (placed.participation is None) is (of.eligible < 10)


@given(st.integers(10, 10_000), st.data())
def test_so_many_more(eligible: int, data: st.DataObject) -> None:
    """With so many more the threshold is reached, and with one fewer it is not."""
    active = data.draw(st.integers(0, eligible))
    one = contest(thresholds=(33, 70, 100))
    found = participation(one, eligible, active)
    assert found is not None
    if found.threshold is None or found.missing is None:
        assert active == eligible
    else:
        needed = active + found.missing
        assert found.missing >= 1
        assert Fraction(needed, eligible) >= Fraction(found.threshold, 100) > Fraction(needed - 1, eligible)
        assert all(Fraction(active, eligible) >= Fraction(each, 100) for each in one.thresholds if each < found.threshold)
