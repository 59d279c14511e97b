"""The commands that compare: each builds one comparison, and asks it of the newest snapshot of a folder."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from analysis.funnels import FunnelAsked
from analysis.references import Beside, read_values
from analysis.tables import Comparison
from analysis.trends import Trend

Parsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # argparse has no other name for it


def add_commands(commands: Parsers, common: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add a command for each comparison; `common` adds the folder, ``--where`` and ``--employer``."""
    trend = commands.add_parser("trend", help="print a measure over the years, with differences")
    trend.add_argument("measure")
    funnel = commands.add_parser("funnel", help="print the steps of a registered funnel")
    funnel.add_argument("funnel")
    beside = commands.add_parser("beside", help="print own values beside those of a reference")
    beside.add_argument("measure")
    beside.add_argument("--reference", type=Path, required=True, metavar="FILE", help="values by levels, with their source")
    for parser in (trend, funnel):
        parser.add_argument("--by", action="append", default=[], metavar="VARIABLE[:RUNG]")
    for parser in (funnel, beside):
        parser.add_argument("--year", type=int, required=True, help="fiscal year")
    for parser in (trend, funnel, beside):
        common(parser)


def comparison(given: argparse.Namespace) -> Comparison:
    """Return what a command asks; raise ReferenceUnusable."""
    return COMPARISONS[given.command](given)


COMPARISONS: dict[str, Callable[[argparse.Namespace], Comparison]] = {
    "trend": lambda given: Trend(given.measure, tuple(given.by), tuple(given.where)),
    "funnel": lambda given: FunnelAsked(given.funnel, given.year, tuple(given.by), tuple(given.where)),
    "beside": lambda given: Beside(given.measure, given.year, read_values(given.reference), tuple(given.where)),
}
