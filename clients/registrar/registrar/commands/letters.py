"""``warifu-registrar letters``."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from registrar.chosen import spelt
from registrar.commands.desk import desk_of, progress_bars
from registrar.home import DEFAULT_HOME
from registrar.posting import listed, print_letters, withdraw_letters
from registrar.report import REASONS
from registrar.rules import today
from registrar.terminal import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    HomeOption,
    OfficerOption,
    console,
    run,
    run_async,
)

app = typer.Typer(help="Letters: codes on paper for members who have no other way in.", no_args_is_help=True)

MemberOption = Annotated[list[str] | None, typer.Option("--member", help="Whose: symbol:number:branch; once for each.")]


@app.command("print")
def print_command(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The PDF to write, for its owner's eyes only.", dir_okay=False)],
    tables: Annotated[
        list[Path], typer.Option("--from", help="Eligibility table with the addresses; newest last.", exists=True, dir_okay=False)
    ],
    member: MemberOption = None,
    everyone: Annotated[bool, typer.Option("--everyone-without-a-way-in", help="Everybody who cannot sign in yet.")] = False,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Print letters with fresh codes; a member's earlier letter ends. Delete the PDF when it is printed."""
    if not member and not everyone:
        raise typer.BadParameter("give --member or --everyone-without-a-way-in")
    with progress_bars() as progress:
        desk = desk_of(home, deployment, officer, progress)
        summary = run_async(print_letters(desk, output, tables, member or (), everyone=everyone))
    _counts("letter", summary.printed)
    for code, count in summary.refused.most_common():
        console.print(f"no letter: {count} {code}: {REASONS[code]}", highlight=False, soft_wrap=True)
    if summary.printed:
        console.print(f"{output}: print it and delete it; whoever reads it can sign in", highlight=False, soft_wrap=True)


@app.command("list")
def list_command(*, home: HomeOption = DEFAULT_HOME) -> None:
    """List the letters that were printed and, as far as the workstation knows, not used yet: member number, kind, days."""
    table = Table("member", "kind", "issued", "last day", "state")
    for member, note in run(lambda: listed(home)):
        used = member.released and note.kind == "first"
        state = "used" if used else "expired" if note.expires < today() else "unused"
        table.add_row(spelt(member.current), note.kind, note.issued.isoformat(), note.expires.isoformat(), state)
    console.print(table)


@app.command("withdraw")
def withdraw_command(
    *,
    member: Annotated[list[str], typer.Option("--member", help="Whose: symbol:number:branch; once for each.")],
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """End letters at once: lost, or opened by somebody else."""
    count = run_async(withdraw_letters(desk_of(home, deployment, officer), member))
    console.print(f"the letters of {count} members have ended", highlight=False)


def _counts(what: str, counts: Counter[str]) -> None:
    table = Table(what, "count")
    for kind, count in sorted(counts.items()):
        table.add_row(kind, str(count))
    console.print(table if counts else "no letter was printed")
