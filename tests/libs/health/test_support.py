"""Points of active support, by the ministry's programme of the fourth term."""

from health.support import DONE, NEEDED, ONCE, support_points
from hypothesis import given
from hypothesis import strategies as st


def test_cases() -> None:
    """Two centimetres and two kilograms end it at once; habits count once, talks each time, of two alike the higher."""
    cases = [
        ({}, 0),
        ({"two-centimetres": 1}, 180),
        ({"two-centimetres": 1, "one-centimetre": 1}, 180),
        ({"one-centimetre": 1, "smoking": 1, "eating": 3}, 70),
        ({"interview": 1, "telephone": 2, "mail": 1, "group": 1}, 230),
        ({"first-on-the-day": 1, "first-in-the-week": 1}, 20),
        ({"first-in-the-week": 1, "rest": 0}, 10),
    ]

    assert [support_points(said) for said, _ in cases] == [points for _, points in cases]
    assert NEEDED == 180


@given(st.dictionaries(st.sampled_from([*DONE, *ONCE]), st.integers(0, 9)), st.sampled_from([*DONE, *ONCE]))
def test_more_is_never_less(said: dict[str, int], more: str) -> None:
    """Whatever is done beside the rest takes no point away."""
    assert support_points({**said, more: said.get(more, 0) + 1}) >= support_points(said)
