"""Rounds in which both sides take turns, because the machine is shared: what slows one round slows both sides of it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
Turn = Callable[[int], Awaitable[T]]
"""Measures one side in the round of this number."""


async def alternate(rounds: int, ours: Turn[T], peer: Turn[T]) -> tuple[list[T], list[T]]:
    """Return what each side showed in each round. Round 0 warms up and does not count; who begins changes each round."""
    our_figures: list[T] = []
    peer_figures: list[T] = []
    for number in range(rounds + 1):
        turns = [(ours, our_figures), (peer, peer_figures)]
        for turn, figures in turns if number % 2 else reversed(turns):
            figure = await turn(number)
            if number:
                figures.append(figure)
    return our_figures, peer_figures
