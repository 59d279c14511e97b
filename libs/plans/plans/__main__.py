"""``python -m plans``: checks a plan, fills in its actuals, and writes the year's review and reports for workplaces."""

# ruff: noqa: T201  # a command speaks on its terminal

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis import ANALYST, EMPLOYER, AnalysisError, Policy, newest
from analysis.tables import Asks

from plans.document import LANGUAGES, review_page, workplace_page
from plans.errors import PlansError
from plans.plan import read_plan
from plans.printing import print_page
from plans.recorded import ask_all, beside, joined, read_actuals, written
from plans.review import review
from plans.scoring import Reference, read_reference, reference_of
from plans.workplaces import workplace_report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 when it worked, 1 with the reasons when it did not."""
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], str] = given.run
    try:
        print(run(given))
    except (PlansError, AnalysisError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m plans", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="read a plan and say what is wrong with it")
    fill = commands.add_parser("fill", help="write what the indicators came to beside the plan, as NAME.actuals.toml")
    year = commands.add_parser("review", help="write the review of a fiscal year, as HTML or PDF by the file's name")
    place = commands.add_parser("workplace", help="write the report for an employer, of fifty people and more")
    for one, run in ((check, _check), (fill, _fill), (year, _review), (place, _workplace)):
        one.set_defaults(run=run)
        one.add_argument("plan", type=Path, metavar="PLAN")
    for one in (fill, year, place):
        one.add_argument("--shelf", type=Path, required=True, metavar="FOLDER", help="where the snapshots are")
    place.add_argument("workplace", metavar="WORKPLACE", help="a workplace group of the snapshot")
    for one in (year, place):
        one.add_argument("--year", type=int, required=True, help="fiscal year")
        one.add_argument("--language", choices=LANGUAGES, default="ja")
        one.add_argument(
            "--reference",
            type=Path,
            metavar="FILE",
            help="values to compare with, else NAME.reference.toml beside the plan",
        )
        one.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where to: .html, or .pdf with Chromium")
    return parser


def _check(given: argparse.Namespace) -> str:
    plan = read_plan(given.plan)
    return f"{plan.title.en}, version {plan.version}: {len(plan.problems)} problems, {len(plan.programmes)} programmes"


def _fill(given: argparse.Namespace) -> str:
    plan, file = read_plan(given.plan), beside(given.plan)
    actuals = joined(plan, read_actuals(file), ask_all(plan, _engine(given.shelf)))
    file.write_text(written(actuals), encoding="utf-8")
    return f"{file}: {sum(map(len, actuals.values()))} actuals"


def _review(given: argparse.Namespace) -> str:
    plan, reference = read_plan(given.plan), _reference(given)
    found = review(plan, _engine(given.shelf), given.year, reference, read_actuals(beside(given.plan)))
    return _write(given.output, review_page(found, given.language))


def _workplace(given: argparse.Namespace) -> str:
    plan, reference = read_plan(given.plan), _reference(given)
    found = workplace_report(_engine(given.shelf, EMPLOYER), given.workplace, given.year, reference)
    return _write(given.output, workplace_page(found, plan.insurer, given.language))


def _reference(given: argparse.Namespace) -> Reference | None:
    return reference_of(given.plan) if given.reference is None else read_reference(given.reference)


def _engine(shelf: Path, policy: Policy = ANALYST) -> Asks:
    from analysis.engine import Engine  # noqa: PLC0415  # loads DuckDB; checking a plan does without

    return Engine(newest(shelf), policy)


def _write(file: Path, page: str) -> str:
    if file.suffix == ".pdf":
        print_page(page, file)
    else:
        file.write_text(page, encoding="utf-8")
    return str(file)


if __name__ == "__main__":
    sys.exit(main())
