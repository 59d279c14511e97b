"""Discrete Laplace noise from OpenDP, which proves what a draw costs and draws without floating point.

Needs the extra `public`. Ghosh, Roughgarden, Sundararajan, Universally Utility-Maximizing Privacy Mechanisms (2009); drawn as in
Canonne, Kamath, Steinke, The Discrete Gaussian for Differential Privacy (2020), section 5.2.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import version

from analysis.public.errors import NoiseMissing

CELLS_OF_ONE = 1
"""How many counts one person changes, each by one: the distance of neighbours, in the L1 norm."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Counts with noise, and what to say of it."""

    counts: tuple[int, ...]
    scale: float
    mechanism: str


Noise = Callable[[Sequence[int], Decimal], Drawn]
"""Adds noise, each time another, to counts of which one person changes `CELLS_OF_ONE`: this costs the epsilon at most, no delta."""


def laplace() -> Noise:
    """Return what draws with OpenDP; raise NoiseMissing, so before anything is spent."""
    try:
        import opendp.prelude as dp  # noqa: PLC0415  # an extra
    except ImportError:
        raise NoiseMissing from None
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")

    def draw(counts: Sequence[int], epsilon: Decimal) -> Drawn:
        scale = dp.binary_search_param(
            lambda one: dp.m.make_laplace(*space, scale=one), d_in=CELLS_OF_ONE, d_out=_below(epsilon), T=float
        )
        noisy = dp.m.make_laplace(*space, scale=scale)(list(counts))
        return Drawn(tuple(noisy), scale, f"discrete Laplace of scale {scale:.6g}, OpenDP {version('opendp')} make_laplace")

    return draw


def _below(epsilon: Decimal) -> float:
    """Return the largest double that is not above."""
    found = float(epsilon)
    return found if Fraction(found) <= Fraction(epsilon) else math.nextafter(found, 0)
