"""The commands that compare: each builds one comparison, and asks it of the newest snapshot of a folder."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from analysis.arms import Arms
from analysis.before_after import BeforeAfter
from analysis.effects import DifferenceInDifferences, Weighted
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
    group = commands.add_parser("before-after", help="print a group before and after, and what would have changed anyway")
    group.add_argument("measure")
    differences = commands.add_parser("differences", help="print how much more one group changed than another")
    differences.add_argument("measure")
    weighted = commands.add_parser("weighted", help="print how two groups differ, weighted to be alike")
    weighted.add_argument("measure")
    weighted.add_argument("--year", type=int, required=True, help="fiscal year")
    weighted.add_argument("--to", choices=("treated", "both"), default="treated", help="whom both are weighted to be like")
    for parser in (group, differences):
        parser.add_argument("--before", type=int, required=True, metavar="YEAR")
        parser.add_argument("--after", type=int, required=True, metavar="YEAR")
    for parser in (differences, weighted):
        parser.add_argument("--arm", type=condition, required=True, metavar="VARIABLE[:RUNG][@YEAR]=LEVEL")
        parser.add_argument("--against", metavar="LEVEL", help="all others without it")
        parser.add_argument("--class", action="append", default=[], dest="classes", metavar="VARIABLE[:RUNG]")
    for parser in (trend, funnel, beside, group, differences, weighted):
        common(parser)


def condition(text: str) -> tuple[str, str]:
    """Read a rung and its level; raise ArgumentTypeError."""
    rung, sign, level = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError("should read VARIABLE=LEVEL")
    return rung, level


def comparison(given: argparse.Namespace) -> Comparison:
    """Return what a command asks; raise ReferenceUnusable."""
    return COMPARISONS[given.command](given)


def _arms(given: argparse.Namespace) -> Arms:
    rung, treated = given.arm
    return Arms(rung, treated, given.against)


COMPARISONS: dict[str, Callable[[argparse.Namespace], Comparison]] = {
    "trend": lambda given: Trend(given.measure, tuple(given.by), tuple(given.where)),
    "funnel": lambda given: FunnelAsked(given.funnel, given.year, tuple(given.by), tuple(given.where)),
    "before-after": lambda given: BeforeAfter(given.measure, given.before, given.after, tuple(given.where)),
    "differences": lambda given: DifferenceInDifferences(
        given.measure, _arms(given), given.before, given.after, tuple(given.classes), tuple(given.where)
    ),
    "weighted": lambda given: Weighted(given.measure, _arms(given), given.year, tuple(given.classes), given.to, tuple(given.where)),
    "beside": lambda given: Beside(given.measure, given.year, read_values(given.reference), tuple(given.where)),
}
