"""Runs cases one after the other."""

from collections.abc import Sequence

from bench.case import Case
from bench.figure import Figure
from bench.harness import Bench


async def conduct(bench: Bench, cases: Sequence[Case]) -> list[Figure]:
    """Return the figures of all cases, in their order."""
    figures: list[Figure] = []
    async with bench:
        for case in cases:
            bench.say(f"{case.name}: {case.explains}")
            figures += await case.run(bench)
    return figures
