"""The command ``warifu-registrar``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from protocol.deployment import Deployment
from protocol.encoding import b64u

from . import home as homes
from .commands import (
    events,
    facts,
    letters,
    membership,
    messages,
    news,
    officers,
    reidentify,
    reindex,
    search,
    staff,
    suppliers,
    units,
    windows,
    wishes,
)
from .commands.desk import progress_bars
from .home import DEFAULT_HOME, Home
from .imports import import_files, rehearse_files
from .population import DEFAULT_SEED, write_population
from .report import ImportSummary, ahead, keep_lines, tables
from .status import status_table
from .terminal import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    HomeOption,
    OfficerOption,
    console,
    deployment_of,
    run,
    run_async,
)

ProfileOption = Annotated[
    list[Path] | None,
    typer.Option(help="How to read another sender's tables (TOML); may be repeated.", exists=True, dir_okay=False),
]

app = typer.Typer(help="The insurer's workstation tool.", no_args_is_help=True, pretty_exceptions_show_locals=False)
app.add_typer(windows.app, name="window")
app.add_typer(officers.app, name="officers")
app.add_typer(staff.app, name="staff")
app.add_typer(suppliers.app, name="suppliers")
app.add_typer(letters.app, name="letters")
app.add_typer(events.app, name="events")
app.add_typer(wishes.app, name="wishes")
app.add_typer(messages.app, name="message")
app.add_typer(reidentify.app, name="reidentify")
app.command("news")(news.news_command)
app.command("units")(units.units_command)
app.command("facts")(facts.facts_command)
app.command("membership")(membership.membership_command)
app.command("search")(search.search_command)
app.command("reindex")(reindex.reindex_command)


@app.command()
def init(home: HomeOption = DEFAULT_HOME) -> None:
    """Make the workstation's folder and keys, and print the insurer's public key for the deployment's file."""
    public = run(lambda: homes.create(home))
    console.print(f"home: {home}", highlight=False)
    console.print("insurer key (goes into deployment.json as insurer_key):", highlight=False)
    typer.echo(b64u(public))


@app.command("import")
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(help="Eligibility tables, checkups, tickets, receipts, screenings, prices.", exists=True, dir_okay=False),
    ],
    *,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    profile: ProfileOption = None,
    report: Annotated[Path | None, typer.Option(help="Where to write the rejected lines (CSV).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and compare only; call no host, write nothing.")] = False,
) -> None:
    """Enrol members, store checkups, guidance, receipts and screenings, load prices.

    Run the same command again after an interruption: it goes on where it was.
    """
    if dry_run:
        summary = run(lambda: rehearse_files(home, files, profiles=profile or []))
    else:
        asked = _Asked(home, deployment_of(deployment), files, officer or [], profile or [])
        summary = _import(asked, report or home / "rejected.csv")
    _show(summary)


@app.command()
def population(
    folder: Annotated[Path, typer.Argument(help="Where to write.", file_okay=False)],
    members: Annotated[int, typer.Option(min=1)] = 2000,
    seed: Annotated[int, typer.Option()] = DEFAULT_SEED,
    *,
    later: Annotated[bool, typer.Option("--later", help="Also write the table of a month later.")] = False,
    receipts: Annotated[bool, typer.Option("--receipts", help="Also write receipts, guidance, prices, screenings.")] = False,
) -> None:
    """Write an invented insurer's eligibility table and checkup archives."""
    made = write_population(folder, members, seed=seed, later=later, receipts=receipts)
    console.print(f"{made.members} people, {sum(made.checkups.values())} checkups in {folder}", highlight=False)
    if made.later:
        console.print(f"a month later: {made.later}", highlight=False)
    if made.receipts:
        console.print(f"{sum(made.receipts.values())} receipts in {len(made.receipts)} files", highlight=False)


@app.command()
def status(home: HomeOption = DEFAULT_HOME) -> None:
    """Show how many people and checkups the roster knows, and the imports so far."""
    console.print(run(lambda: status_table(Home.load(home))))


@dataclass(frozen=True)
class _Asked:
    home: Path
    deployment: Deployment
    files: list[Path]
    officers: list[Path]
    profiles: list[Path]


def _import(asked: _Asked, report: Path) -> ImportSummary:
    """Import with a bar for each stage, and write the report, also when the import ends early."""
    summary, ended = ImportSummary(), False
    try:
        with progress_bars() as progress:
            run_async(
                import_files(
                    asked.home,
                    asked.deployment,
                    asked.files,
                    asked.officers,
                    progress,
                    summary=summary,
                    profiles=asked.profiles,
                )
            )
        ended = True
    finally:
        keep_lines(report, summary, ended=ended)
        if summary.lines:
            console.print(f"reported lines: {report}", highlight=False)
    return summary


def _show(summary: ImportSummary) -> None:
    for table in tables(summary):
        console.print(table)
    for sentence in ahead(summary):
        console.print(sentence, highlight=False, soft_wrap=True)
    if not summary.changed:
        console.print("unchanged")
    elif not summary.dry_run:
        console.print(f"{summary.seconds:.1f} s, {summary.windows_opened} windows", highlight=False)
