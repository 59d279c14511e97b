"""``python -m analysis``: lists what can be asked, and asks it of the newest snapshot of a folder."""

# ruff: noqa: T201  # a command speaks on its terminal

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.comparing import COMPARISONS, add_commands, comparison, condition
from analysis.errors import AnalysisError, ExportUnusable
from analysis.funnels import funnels
from analysis.marks import read_key, verify
from analysis.measures import measures
from analysis.policy import ANALYST, EMPLOYER
from analysis.public.commands import add_public, public
from analysis.questions import Question
from analysis.reports import read_report, run_report
from analysis.snapshots import newest
from analysis.standards import read_reference, standardise
from analysis.tables import notes
from analysis.variables import variables

if TYPE_CHECKING:
    from analysis.engine import Engine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 when it worked, 1 with the reason when it was refused."""
    given = _parser().parse_args(arguments)
    try:
        print(_LISTS[given.command]() if given.command in _LISTS else _COMMANDS[given.command](given), end="")
    except AnalysisError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("measures", help="list the measures")
    commands.add_parser("variables", help="list the variables and their levels")
    commands.add_parser("funnels", help="list the funnels and their steps")
    ask = commands.add_parser("ask", help="print an answer as CSV")
    ask.add_argument("measure")
    _common(ask)
    ask.add_argument("--year", type=int, help="fiscal year; all of the snapshot without it")
    ask.add_argument("--by", action="append", default=[], metavar="VARIABLE[:RUNG]")
    add_commands(commands, _common)
    report = commands.add_parser(
        "report", help="answer a saved report of the newest snapshot, once, and print where the answers are"
    )
    report.add_argument("file", type=Path, metavar="FILE", help="its version and questions")
    report.add_argument("--shelf", type=Path, required=True, metavar="FOLDER", help="where the snapshots are")
    report.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where results are kept")
    add_public(commands.add_parser("public", help="release tables with noise, for the public and for other insurers"))
    check = commands.add_parser("verify", help="say whether a file is as it left by an export, and who let it leave")
    check.add_argument("file", type=Path, metavar="FILE", help="CSV or workbook")
    check.add_argument("--shelf", type=Path, required=True, metavar="FOLDER", help="where the key of exports is")
    compare = commands.add_parser("standardise", help="compare the levels of a variable as if all had the same ages and sexes")
    compare.add_argument("measure")
    compare.add_argument("--shelf", type=Path, required=True, metavar="FOLDER", help="where the snapshots are")
    compare.add_argument("--year", type=int, required=True, help="fiscal year")
    compare.add_argument("--by", required=True, metavar="VARIABLE[:RUNG]")
    compare.add_argument("--reference", type=Path, metavar="FILE", help="people by age band, as definitions/reference.toml")
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shelf", type=Path, required=True, metavar="FOLDER", help="where the snapshots are")
    parser.add_argument("--where", action="append", default=[], type=condition, metavar="VARIABLE[:RUNG]=LEVEL")
    parser.add_argument("--backend", choices=("duckdb", "spark"), default="duckdb", help="what sums rows; default %(default)s")
    parser.add_argument("--employer", action="store_true", help="for somebody else's eyes: nothing of fewer than fifty people")


def _asked(given: argparse.Namespace) -> str:
    return _engine(given).ask(Question(given.measure, given.year, tuple(given.by), tuple(given.where))).csv()


def _compared(given: argparse.Namespace) -> str:
    table = comparison(given).told(_engine(given))
    for name in table.notes:
        print(f"{name}: {notes()[name]['en']}", file=sys.stderr)
    return table.csv()


def _engine(given: argparse.Namespace) -> "Engine":
    from analysis.backends import opened  # noqa: PLC0415  # loads DuckDB; the lists do without
    from analysis.engine import Engine  # noqa: PLC0415

    snapshot = newest(given.shelf)
    return Engine(snapshot, EMPLOYER if given.employer else ANALYST, opened(given.backend, snapshot))


def _reported(given: argparse.Namespace) -> str:
    from analysis.engine import Engine  # noqa: PLC0415

    report = read_report(given.file)
    return f"{run_report(report, Engine(newest(given.shelf), EMPLOYER if report.employer else ANALYST), given.to)}\n"


def _verified(given: argparse.Namespace) -> str:
    try:
        content, key = given.file.read_bytes(), read_key(given.shelf)
    except OSError:
        raise ExportUnusable("the file or the key of exports cannot be read") from None
    return f"as it left: {verify(content, key)}\n"


def _standardised(given: argparse.Namespace) -> str:
    from analysis.engine import Engine  # noqa: PLC0415

    found = standardise(Engine(newest(given.shelf)), given.measure, given.year, given.by, read_reference(given.reference))
    lines = [(one.level, one.people, one.crude, one.direct, one.indirect) for one in found]
    cells = [("level", "people", "crude", "direct", "indirect"), *lines]
    return "".join(",".join("" if cell is None else str(cell) for cell in line) + "\r\n" for line in cells)


def _measures() -> str:
    return "".join(f"{name} ({one.version}): {one.title['en']} / {one.title['ja']}\n" for name, one in measures().items())


def _variables() -> str:
    lines = []
    for name, one in variables().items():
        lines.append(f"{name} ({one.of}): {one.title['en']} / {one.title['ja']}")
        lines += [f"  {name}:{rung.name} = {', '.join(rung.levels or ('named by the snapshot',))}" for rung in one.rungs]
    return "\n".join([*lines, ""])


def _funnels() -> str:
    lines = []
    for name, one in funnels().items():
        lines.append(f"{name} ({one.version}): {one.title['en']} / {one.title['ja']}")
        lines += [f"  {step.title['en']} / {step.title['ja']}" for step in one.steps]
    return "\n".join([*lines, ""])


_LISTS = {"measures": _measures, "variables": _variables, "funnels": _funnels}
_COMMANDS = {
    "ask": _asked,
    "standardise": _standardised,
    "report": _reported,
    "public": public,
    "verify": _verified,
    **dict.fromkeys(COMPARISONS, _compared),
}

if __name__ == "__main__":
    sys.exit(main())
