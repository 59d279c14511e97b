"""``warifu-registrar reindex``."""

from pathlib import Path
from typing import Annotated

import typer

from registrar.commands.desk import desk_of, progress_bars
from registrar.home import DEFAULT_HOME
from registrar.reindex import reindex
from registrar.terminal import DEFAULT_DEPLOYMENT, DeploymentOption, HomeOption, OfficerOption, console, run_async


def reindex_command(
    tables: Annotated[list[Path], typer.Argument(help="Eligibility tables: the whole one of today.", exists=True, dir_okay=False)],
    *,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Index members under the search keys of the newest epoch; who was indexed under them before is left alone."""
    with progress_bars() as progress:
        done = run_async(reindex(desk_of(home, deployment, officer, progress), tables))
    console.print(f"{done.done} indexed, {done.left} under older search keys", highlight=False)
    for code, count in sorted(done.refused.items()):
        console.print(f"{count} refused: {code}", highlight=False)
