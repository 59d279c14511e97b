"""``python -m analysis public``: tables, budgets, releases, and what was spent."""

import argparse
from decimal import Decimal
from pathlib import Path

from analysis.public.ledger import turn
from analysis.public.tables import epsilon_of, named, public_tables


def add_public(parser: argparse.ArgumentParser) -> None:
    """Add the commands to the one that they belong to."""
    commands = parser.add_subparsers(dest="public", required=True)
    tables = commands.add_parser("tables", help="list the tables that may be released, and what each spends")
    budget = commands.add_parser("budget", help="give a fiscal year its budget, once for all")
    release = commands.add_parser("release", help="release a table, and print the file; the second time the same file, for nothing")
    spent = commands.add_parser("spent", help="say what is left of each budget, and what was released")
    for one in (tables, release):
        one.add_argument("--tables", type=Path, metavar="FILE", help="definitions of one's own, as definitions/public_tables.toml")
    for one in (budget, release, spent):
        one.add_argument("--ledger", type=Path, required=True, metavar="FOLDER", help="where budgets and releases are kept")
    budget.add_argument("year", type=int, metavar="YEAR", help="the fiscal year that tables count")
    budget.add_argument("epsilon", type=_epsilon, metavar="EPSILON", help="for all releases of that year together")
    release.add_argument("table", metavar="TABLE")
    release.add_argument("--year", type=int, required=True, help="fiscal year")
    release.add_argument("--shelf", type=Path, required=True, metavar="FOLDER", help="where the snapshots are")


def public(given: argparse.Namespace) -> str:
    """Run one of them."""
    match given.public:
        case "tables":
            return _tables(given.tables)
        case "budget":
            return _budget(given.ledger, given.year, given.epsilon)
        case "release":
            return _release(given)
        case _:
            return _spent(given.ledger)


def _tables(file: Path | None) -> str:
    lines = (
        f"{one.name} ({one.version}): {one.title['en']} / {one.title['ja']}\n"
        f"  {one.measure} by {', '.join(one.by) or 'nothing'}, epsilon {one.epsilon}\n"
        for one in public_tables(file).values()
    )
    return "".join(lines)


def _budget(ledger: Path, year: int, epsilon: Decimal) -> str:
    with turn(ledger) as mine:
        mine.register(year, epsilon)
        return f"fiscal year {year}: epsilon {epsilon}, of which {mine.spent(year)} is spent\n"


def _release(given: argparse.Namespace) -> str:
    from analysis.public.noise import laplace  # noqa: PLC0415
    from analysis.public.releases import release  # noqa: PLC0415  # loads DuckDB; the others do without
    from analysis.snapshots import newest  # noqa: PLC0415

    table, noise = named(given.table, given.tables), laplace()
    return f"{release(table, given.year, newest(given.shelf), given.ledger, noise)}\n"


def _spent(ledger: Path) -> str:
    with turn(ledger) as mine:
        years = [f"fiscal year {year}: epsilon {mine.spent(year)} of {budget}" for year, budget in sorted(mine.budgets().items())]
        lines = [
            f"  {one['fiscal_year']} {one['table']} ({one['version']}), snapshot {one['snapshot']}, epsilon {one['epsilon']}"
            for one in mine.releases()
        ]
    return "".join(f"{line}\n" for line in [*years, *lines])


def _epsilon(text: str) -> Decimal:
    try:
        return epsilon_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError("above 0, below 100, with six digits behind the point at most") from None
