"""``warifu-registrar membership``."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from registrar.errors import RegistrarError
from registrar.home import DEFAULT_HOME, Home
from registrar.membership import as_table, membership
from registrar.rules import today
from registrar.terminal import HomeOption, console, run


def membership_command(
    years: Annotated[list[int], typer.Argument(help="Fiscal years, as 2025.", min=1900, max=2100)],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write (CSV).", dir_okay=False)],
    until: Annotated[datetime | None, typer.Option(help="The last month that counts; the last one.", formats=["%Y-%m"])] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write how much of each year members were members, in cells of a hundred people, for the snapshots at anon-data."""
    last = until.date() if until else today().replace(day=1) - timedelta(days=1)

    def write() -> int:
        with closing(Home.load(home).roster()) as roster:
            cells = membership(roster.members(), sorted(set(years)), last)
        if not cells:
            raise RegistrarError("the roster has fewer than a hundred members in these years")
        output.write_text(as_table(cells), encoding="utf-8")
        return len(cells)

    console.print(f"{run(write)} cells in {output}", highlight=False)
