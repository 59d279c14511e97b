"""``warifu-registrar facts``."""

from pathlib import Path
from typing import Annotated

import typer

from registrar.commands.desk import desk_of
from registrar.home import DEFAULT_HOME
from registrar.point_facts import tell_facts
from registrar.terminal import DEFAULT_DEPLOYMENT, DeploymentOption, HomeOption, OfficerOption, console, run_async


def facts_command(
    fiscal_year: Annotated[int, typer.Argument(help="The year in which the fiscal year began.", min=2000, max=2200)],
    table: Annotated[Path, typer.Argument(help="Who did what (CSV).", exists=True, dir_okay=False)],
    *,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back what was told of the wrong people.")] = False,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Tell programs what rules of points ask for and only the insurer knows. The same again changes nothing."""
    told = run_async(tell_facts(desk_of(home, deployment, officer), fiscal_year, table, withdraw=withdraw))
    console.print(f"{told.changed} changed, {told.unchanged} known before, {told.unknown} of nobody known", highlight=False)
