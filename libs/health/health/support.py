"""Points of active support (積極的支援), fourth term from fiscal year 2024: what was reached, and what was done for it.

Source: 厚生労働省 標準的な健診・保健指導プログラム(令和6年度版), 第3編: support ends with 180 points.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

K = TypeVar("K", bound=str)
NEEDED = 180
DONE: Mapping[str, int] = MappingProxyType({"interview": 70, "group": 70, "telephone": 30, "mail": 30})
"""By each time: talks alone and in a group, in person or by video; by telephone; letters and messages, to and fro."""
ONCE: Mapping[str, int] = MappingProxyType(
    {
        "first-on-the-day": 20,
        "first-in-the-week": 10,
        "two-centimetres": 180,
        "one-centimetre": 20,
        "eating": 20,
        "exercise": 20,
        "smoking": 30,
        "rest": 20,
        "other-habit": 20,
    }
)
"""A first interview on the checkup's day or within a week; 2 cm of waist and 2 kg, or 1 cm and 1 kg, less; habits that changed."""
_HIGHER = (("first-on-the-day", "first-in-the-week"), ("two-centimetres", "one-centimetre"))
"""Of each of these pairs the first counts alone where both are said."""


def support_points(said: Mapping[K, int]) -> int:
    """Return the points of how often each was done or reached; raise KeyError for what is no part of support."""
    once = {kind for kind, times in said.items() if times and kind not in DONE}
    once -= {lower for higher, lower in _HIGHER if higher in once}
    return sum(DONE[kind] * times for kind, times in said.items() if kind in DONE) + sum(ONCE[kind] for kind in once)
