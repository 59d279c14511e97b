"""``warifu-registrar units``."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from registrar.commands.desk import desk_of
from registrar.home import DEFAULT_HOME
from registrar.terminal import DEFAULT_DEPLOYMENT, DeploymentOption, HomeOption, OfficerOption, console, run_async
from registrar.units import publish_units, write_names


def units_command(
    since: Annotated[datetime, typer.Argument(help="The day from which on the units hold.", formats=["%Y-%m-%d"])],
    table: Annotated[
        Path | None, typer.Argument(help="Who is where (CSV); without it, the sites of the insured.", exists=True, dir_okay=False)
    ] = None,
    *,
    names: Annotated[Path | None, typer.Option(help="Where to write the units' ids and names for the contests' manager.")] = None,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Tell programs which roster units members are in, each of ten or more. The same again changes nothing."""
    published = run_async(publish_units(desk_of(home, deployment, officer), since.date(), table))
    shown = Table("unit", "members")
    for unit in published.units:
        shown.add_row(escape(" / ".join(unit.path) or "(all others)"), str(unit.members))
    console.print(shown)
    console.print(f"{published.changed} members changed units", highlight=False)
    if published.unknown:
        console.print(f"{published.unknown} members have no mailbox at programs", highlight=False)
    if names is not None:
        write_names(published, names)
