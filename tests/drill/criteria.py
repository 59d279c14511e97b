"""When a cell of the drill's matrix is red. Fixed before any attack was written.

| cell | an attack reports | red when |
|---|---|---|
| exact | what it must not have: keys, plaintext, releases, calls | there is one |
| guess | one guess a target, and the chance each had of being right | as many hits by luck are less likely than 1e-6 (Poisson) |
| score | where the true partner stood among all candidates, 0 first and 1 last | the mean rank is better than chance at z > 5 |
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

GUESS_LIMIT = 1e-6
SCORE_LIMIT = 5.0
PLANT_SHARE = 0.5
PLANT_Z = 10.0

Kind = Literal["exact", "guess", "score"]


@dataclass(frozen=True)
class Outcome:
    """What one attack achieved against one seizure."""

    kind: Kind
    red: bool
    strong: bool
    """Reached what a planted weakness must reach: at least half of its targets, or z > 10."""
    said: str
    """One line for the matrix, without anybody's data."""


def exact(hits: int, targets: int, what: str) -> Outcome:
    """Judge an attack of which any success is one too many."""
    share = hits / targets if targets else 0.0
    return Outcome("exact", hits > 0, hits > 0 and share >= PLANT_SHARE, f"{hits} of {targets} {what}")


def poisson_tail(hits: int, expected: float) -> float:
    """Return the probability of at least ``hits`` when ``expected`` are due to luck."""
    if hits == 0:
        return 1.0
    if expected <= 0:
        return 0.0
    logs = [k * math.log(expected) - expected - math.lgamma(k + 1) for k in range(hits, hits + 400)]
    return min(1.0, math.fsum(math.exp(value) for value in logs))


def guess(hits: int, chances: Sequence[float]) -> Outcome:
    """Judge one guess a target; ``chances`` holds 1 / candidates for each target, given what may be known."""
    expected = math.fsum(chances)
    tail = poisson_tail(hits, expected)
    share = hits / len(chances) if chances else 0.0
    said = f"{hits} of {len(chances)} guessed, {expected:.1f} by luck (p = {tail:.1g})"
    return Outcome("guess", tail < GUESS_LIMIT, tail < GUESS_LIMIT and share >= PLANT_SHARE, said)


def z_of(ranks: Sequence[float]) -> float:
    """Return how many standard errors the mean rank lies before the middle; ranks are uniform in 0..1 by chance."""
    if not ranks:
        return 0.0
    return (0.5 - math.fsum(ranks) / len(ranks)) * math.sqrt(12 * len(ranks))


def score(ranks: Sequence[float], note: str = "") -> Outcome:
    """Judge the ranks at which the true partners stood."""
    z = z_of(ranks)
    mean = math.fsum(ranks) / len(ranks) if ranks else 0.5
    said = f"mean rank {mean:.3f} of {len(ranks)}, z = {z:.1f}{f' ({note})' if note else ''}"
    return Outcome("score", z > SCORE_LIMIT, z > PLANT_Z, said)
