"""One measured figure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """Our figure beside the limit of the same run."""

    name: str
    unit: str
    value: float
    limit: float
    """The peer's figure in the same run, or the seconds that are allowed."""
    ratio: float
    """How near we are to the limit: above 1 is better than it. Of rounds the median."""
    target: float | None = None
    """The least ratio that is aimed at, where there is an aim."""
    spread: tuple[float, float] | None = None
    """Least and greatest ratio of a single round: how noisy the machine was."""

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; ``None`` without an aim."""
        return None if self.target is None else self.ratio >= self.target


Better = Literal["more", "less"]


def compared(
    name: str, unit: str, ours: Sequence[float], peers: Sequence[float], *, better: Better = "more", target: float | None = None
) -> Figure:
    """Return the medians of interleaved rounds, of each side and of their ratios; item i of both sequences comes from round i."""

    def ratio(our: float, peer: float) -> float:
        above, below = (our, peer) if better == "more" else (peer, our)
        return above / below if below else 0.0

    value, limit = statistics.median(ours), statistics.median(peers)
    single = [ratio(our, peer) for our, peer in zip(ours, peers, strict=True)]
    return Figure(name, unit, value, limit, statistics.median(single), target, (min(single), max(single)))


def within(name: str, seconds: Sequence[float], allowed: float) -> Figure:
    """Return the median duration against the seconds that are allowed."""
    value = statistics.median(seconds)
    single = [allowed / one for one in seconds]
    return Figure(name, "s", value, allowed, allowed / value, 1.0, (min(single), max(single)))
