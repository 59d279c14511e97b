"""``warifu-registrar events``."""

from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from registrar.chosen import spelt
from registrar.commands.desk import desk_of, progress_bars
from registrar.commands.signing import approval
from registrar.due import KINDS
from registrar.events import SOON_DAYS, list_due, run_events
from registrar.home import DEFAULT_HOME
from registrar.progress import silent
from registrar.report import ahead
from registrar.split import split
from registrar.terminal import (
    DEFAULT_DEPLOYMENT,
    DEFAULT_LANG,
    DeploymentOption,
    HomeOption,
    LangOption,
    NamesOption,
    OfficerOption,
    YesOption,
    console,
    run,
    run_async,
)

app = typer.Typer(help="Life events: what is due for members over the years.", no_args_is_help=True)

DayOption = Annotated[datetime | None, typer.Option("--on", help="Another day than today.", formats=["%Y-%m-%d"])]


@app.command("due")
def due_command(
    *,
    on: DayOption = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="Also list whom it is about, by member number.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """List what is due: ends of access, guardianships, letters for children of age, erasures; and who comes of age soon."""
    due = run(lambda: list_due(home, on.date() if on else None))
    events = due.events
    counts = Counter(event.kind for event in events)
    table = Table("event", "count", "since", "what it is")
    for kind, words in KINDS.items():
        if counts[kind]:
            since = min(event.since for event in events if event.kind == kind)
            table.add_row(kind, str(counts[kind]), since.isoformat(), words)
    console.print(table if counts else "nothing is due")
    for event in events if numbers else ():
        console.print(f"{event.kind} {event.since} {spelt(event.member.current)}", highlight=False)
    if due.ending:
        sentence = f"{len(due.ending)} children come of age within {SOON_DAYS} days, the first on {due.ending[0][0]}"
        console.print(sentence, highlight=False, soft_wrap=True)
    for day, child in due.ending if numbers else ():
        console.print(f"guardianship ends {day} {spelt(child.current)}", highlight=False)


@app.command("run")
def run_command(
    *,
    officer: OfficerOption = None,
    yes: YesOption = False,
    names: NamesOption = None,
    lang: LangOption = DEFAULT_LANG,
    on: DayOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Do what is due, in windows about exactly these members; each is shown before two officers sign it.

    Without --officer the windows opened beforehand are used. Run it again after an interruption.
    """
    desk = desk_of(home, deployment, officer, today=on.date() if on else None)
    if officer:
        approve = run(lambda: approval(home, desk.deployment, officer, lang, yes=yes))
        desk = replace(desk, approve=approve, tables=names or ())
    # A bar would be drawn over what the officers read.
    with nullcontext(silent) if officer else progress_bars() as progress:
        summary = run_async(run_events(replace(desk, progress=progress)))
    console.print(str(summary), highlight=False)
    for code, count in summary.refused.items():
        console.print(f"refused: {count} {code}", highlight=False)
    if summary.letters:
        sentence = f"{summary.letters} children came of age, or have another guardian, and need a letter"
        console.print(f"{sentence}: warifu-registrar letters print", highlight=False, soft_wrap=True)
    if summary.unguarded:
        sentence = f"nobody stands for {summary.unguarded} children any more: name their guardian in the table (保護者枝番)"
        console.print(sentence, highlight=False, soft_wrap=True)


@app.command("split")
def split_command(
    tables: Annotated[list[Path], typer.Argument(help="Corrected eligibility tables with both.", exists=True, dir_okay=False)],
    *,
    member: Annotated[str, typer.Option("--member", help="Who was taken for somebody else: symbol:number:branch.")],
    taken_for: Annotated[str, typer.Option("--from", help="For whom: symbol:number:branch.")],
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Take two people apart who were taken for one: both are enrolled anew, and sign in by their own work id or letter."""
    with progress_bars() as progress:
        summary = run_async(split(desk_of(home, deployment, officer, progress), member, taken_for, tables))
    console.print(str(summary.imported), highlight=False)
    if summary.withdrawn:
        console.print(f"{summary.withdrawn} checkups, claims and reports were withdrawn: import their files again", highlight=False)
    for sentence in ahead(summary.imported):
        console.print(sentence, highlight=False, soft_wrap=True)
