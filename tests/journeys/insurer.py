"""The insurer's office of the running deployment: its tables, its commands, its officers' key files."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from local import population
from local.system import System
from protocol.deployment import Deployment
from protocol.member import MemberNumber
from registrar.files import recognise
from registrar.home import Home
from registrar.importers import EligibilityRow
from registrar.imports import import_files
from registrar.report import ImportSummary
from registrar.roster_member import Member
from registrar.run import Desk
from rooms.registrar.paperwork import write_table


def desk(system: System) -> Desk:
    """Return what each of the registrar's commands is given."""
    officers = sorted(system.layout.officers.glob("*.key"))
    return Desk(system.layout.registrar, Deployment.load(system.deployment_path), officers)


def newest_table(system: System) -> Path:
    """Return the table that was imported last."""
    months = sorted(system.layout.home.glob("month-*.csv"))
    return months[-1] if months else population.files(system.layout)[0]


def people(system: System) -> list[EligibilityRow]:
    """Return the rows of the table that was imported last."""
    return [row for source in recognise([newest_table(system)]) for _, row in source.read(EligibilityRow, [])]


def members(system: System) -> list[Member]:
    """Return everybody whom the roster knows."""
    with closing(Home.load(system.layout.registrar).roster()) as roster:
        return list(roster.members())


def member_with(system: System, number: MemberNumber) -> Member:
    """Return who has this number, or had it."""
    return next(member for member in members(system) if number in member.numbers)


async def next_month(system: System, rows: Sequence[EligibilityRow], others: Iterable[Path] = ()) -> ImportSummary:
    """Import another month's table, and other files beside it."""
    table = system.layout.home / f"month-{len(list(system.layout.home.glob('month-*.csv'))):03d}.csv"
    at = desk(system)
    return await import_files(at.home, at.deployment, [write_table(table, rows), *others], at.officers)
