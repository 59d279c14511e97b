"""``python -m plans``: checks a plan, and fills in what its indicators came to."""

# ruff: noqa: T201  # a command speaks on its terminal

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis import AnalysisError, Policy, newest

from plans.actuals import Asks
from plans.errors import PlansError
from plans.plan import read_plan
from plans.recorded import ask_all, beside, joined, read_actuals, written


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 when it worked, 1 with the reasons when it did not."""
    given = _parser().parse_args(arguments)
    try:
        print(_COMMANDS[given.command](given))
    except (PlansError, AnalysisError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m plans", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="read a plan and say what is wrong with it")
    fill = commands.add_parser("fill", help="write what the indicators came to beside the plan, as NAME.actuals.toml")
    for one in (check, fill):
        one.add_argument("plan", type=Path, metavar="PLAN")
    fill.add_argument("--shelf", type=Path, required=True, metavar="FOLDER", help="where the snapshots are")
    return parser


def _check(given: argparse.Namespace) -> str:
    plan = read_plan(given.plan)
    return f"{plan.title.en}, version {plan.version}: {len(plan.problems)} problems, {len(plan.programmes)} programmes"


def _fill(given: argparse.Namespace) -> str:
    plan, file = read_plan(given.plan), beside(given.plan)
    actuals = joined(plan, read_actuals(file), ask_all(plan, engine(given.shelf)))
    file.write_text(written(actuals), encoding="utf-8")
    return f"{file}: {sum(map(len, actuals.values()))} actuals"


def engine(shelf: Path, policy: Policy | None = None) -> Asks:
    """Open the newest snapshot of a folder."""
    from analysis.engine import Engine  # noqa: PLC0415  # loads DuckDB; checking a plan does without

    return Engine(newest(shelf)) if policy is None else Engine(newest(shelf), policy)


_COMMANDS = {"check": _check, "fill": _fill}

if __name__ == "__main__":
    sys.exit(main())
