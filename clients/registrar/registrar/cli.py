"""The command ``warifu-registrar``."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from protocol.deployment import Deployment
from protocol.encoding import b64u
from protocol.manifest import Purpose
from protocol.names import Zone
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from . import home as homes
from . import window_store
from .errors import RegistrarError
from .home import DEFAULT_HOME, Home
from .hosts import Hosts
from .imports import import_files, rehearse_files
from .officers import load_officers
from .population import DEFAULT_SEED, write_population
from .report import ImportSummary, keep_lines, tables
from .session import Session, open_windows
from .status import status_table
from .windows import DEFAULT_SECONDS, Quotas, quotas_of

app = typer.Typer(help="The insurer's workstation tool.", no_args_is_help=True, pretty_exceptions_show_locals=False)
window_app = typer.Typer(help="Windows: what the registrar may do, where, how often and until when.", no_args_is_help=True)
app.add_typer(window_app, name="window")
console = Console()
errors = Console(stderr=True)

T = TypeVar("T")
HomeOption = Annotated[Path, typer.Option("--home", help="The workstation's folder.", envvar="WARIFU_REGISTRAR_HOME")]
DeploymentOption = Annotated[
    Path, typer.Option("--deployment", help="The deployment's public file.", envvar="WARIFU_DEPLOYMENT", dir_okay=False)
]
OfficerOption = Annotated[list[Path] | None, typer.Option("--officer", help="An officer's key file; give it twice.")]
DEFAULT_DEPLOYMENT = Path(".warifu/deployment.json")


@app.command()
def init(home: HomeOption = DEFAULT_HOME) -> None:
    """Make the workstation's folder and keys, and print the insurer's public key for the deployment's file."""
    public = _run(lambda: homes.create(home))
    console.print(f"home: {home}", highlight=False)
    console.print("insurer key (goes into deployment.json as insurer_key):", highlight=False)
    typer.echo(b64u(public))


@app.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(help="Eligibility tables and checkup archives.", exists=True, dir_okay=False)],
    *,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    report: Annotated[Path | None, typer.Option(help="Where to write the rejected lines (CSV).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and compare only; call no host, write nothing.")] = False,
) -> None:
    """Enrol members and store checkups. Run the same command again after an interruption: it goes on where it was."""
    if dry_run:
        summary = _run(lambda: rehearse_files(home, files))
    else:
        summary = _import(home, _deployment(deployment), files, officer or [], report or home / "rejected.csv")
    _show(summary)


@window_app.command("open")
def window_open(
    *,
    purpose: Annotated[Literal["enrol", "ingest"], typer.Option(help="What the window is for.")],
    members: Annotated[int, typer.Option(min=1, help="For how many people.")],
    officer: OfficerOption = None,
    checkups: Annotated[int, typer.Option(min=0, help="For how many checkups (ingest).")] = 0,
    seconds: Annotated[int, typer.Option(min=60, help="For how long.")] = DEFAULT_SECONDS,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Open a window at all hosts, signed by two officers; its keys stay in the home until it expires."""
    quotas = quotas_of(purpose, members=members, signing_in=members, checkups=checkups)
    _run_async(_open(home, _deployment(deployment), officer or [], seconds, {purpose: quotas}))
    console.print(f"a window for {purpose} is open at all hosts of both zones")


@window_app.command("list")
def window_list(home: HomeOption = DEFAULT_HOME) -> None:
    """List the open windows."""
    table = Table("purpose", "zone", "until (UTC)", "quotas")
    for window in _run(lambda: window_store.listed(Home.load(home).windows)):
        until = datetime.fromtimestamp(window.expires, UTC).strftime("%Y-%m-%d %H:%M")
        table.add_row(window.purpose, window.zone, until, ", ".join(f"{use} {quota}" for use, quota in window.quotas.items()))
    console.print(table)


@app.command()
def population(
    folder: Annotated[Path, typer.Argument(help="Where to write.", file_okay=False)],
    members: Annotated[int, typer.Option(min=1)] = 2000,
    seed: Annotated[int, typer.Option()] = DEFAULT_SEED,
) -> None:
    """Write an invented insurer's eligibility table and checkup archives."""
    made = write_population(folder, members, seed=seed)
    console.print(f"{made.members} people, {sum(made.checkups.values())} checkups in {folder}", highlight=False)


@app.command()
def status(home: HomeOption = DEFAULT_HOME) -> None:
    """Show how many people and checkups the roster knows, and the imports so far."""
    console.print(_run(lambda: status_table(Home.load(home))))


async def _open(
    home: Path, deployment: Deployment, officers: list[Path], seconds: int, wanted: Mapping[Purpose, Mapping[Zone, Quotas]]
) -> None:
    signing = load_officers(officers, deployment.officers)
    async with Hosts(deployment) as hosts:
        session = Session(deployment, hosts, Home.load(home).windows, signing, seconds)
        for purpose, quotas in wanted.items():
            await open_windows(session, purpose, quotas)


def _import(home: Path, deployment: Deployment, files: list[Path], officers: list[Path], report: Path) -> ImportSummary:
    """Import with a bar for each stage, and write the report, also when the import ends early."""
    summary, ended = ImportSummary(), False
    try:
        with _bar() as bar:
            _run_async(import_files(home, deployment, files, officers, _Bars(bar), summary=summary))
        ended = True
    finally:
        keep_lines(report, summary, ended=ended)
        if summary.lines:
            console.print(f"reported lines: {report}", highlight=False)
    return summary


def _show(summary: ImportSummary) -> None:
    for table in tables(summary):
        console.print(table)
    if not summary.changed:
        console.print("unchanged")
    elif not summary.dry_run:
        console.print(f"{summary.seconds:.1f} s, {summary.windows_opened} windows", highlight=False)


def _deployment(path: Path) -> Deployment:
    return _run(lambda: _loaded(path))


def _loaded(path: Path) -> Deployment:
    try:
        return Deployment.load(path)
    except (OSError, ValueError) as error:
        raise RegistrarError(f"{path} is not a deployment's public file") from error


class _Bars:
    """Shows each stage as a bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=errors, transient=True
    )


def _run(work: Callable[[], T]) -> T:
    """Do it; end with code 1 and a sentence when the registrar says no."""
    try:
        return work()
    except RegistrarError as error:
        _complain(str(error))
        raise typer.Exit(1) from error
    except ValidationError:
        # The chain is cut, and nothing of the error said: it quotes the value.
        _complain("a value does not fit the form of the message or file it belongs to; what was done until then stays done")
        raise typer.Exit(1) from None


def _complain(sentence: str) -> None:
    errors.print(f"error: {sentence}", style="red", markup=False, highlight=False)


def _run_async(work: Coroutine[Any, Any, T]) -> T:
    return _run(lambda: asyncio.run(work))
