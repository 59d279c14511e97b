"""``warifu-registrar wishes``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from protocol.member import MemberNumber
from rich.markup import escape
from rich.table import Table

from registrar.chosen import rows_of
from registrar.commands.desk import desk_of
from registrar.home import DEFAULT_HOME
from registrar.importers import EligibilityRow
from registrar.importers.eligibility_columns import COLUMNS
from registrar.report import REASONS
from registrar.terminal import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    HomeOption,
    OfficerOption,
    console,
    run,
    run_async,
)
from registrar.wishes import PAGE, Opened, WishesSummary, accept, list_wishes, reject, title

app = typer.Typer(help="Wishes of members about their records: addresses, telephone numbers, e-mail.", no_args_is_help=True)

MostOption = Annotated[int, typer.Option("--most", min=1, help="At most so many wishes at a time.")]
IdsArgument = Annotated[list[str], typer.Argument(help="Wishes, as wishes list names them.")]
TablesOption = Annotated[
    list[Path] | None,
    typer.Option("--from", help="Eligibility table with what the insurer knows now; newest last.", exists=True, dir_okay=False),
]
_HEADERS = {column.name: column.header for column in COLUMNS}


@app.command("list")
def list_command(
    *,
    officer: OfficerOption = None,
    most: MostOption = PAGE,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """List the wishes that wait: an id, the member's number, and which fields it is about."""
    found = run_async(list_wishes(desk_of(home, deployment, officer), most))
    table = Table("wish", "member", "fields")
    for one in found:
        table.add_row(one.id, title(one), ", ".join(one.words()) or one.code)
    console.print(table if found else "no wish waits")
    _bad(found)


@app.command("show")
def show_command(
    ids: IdsArgument,
    *,
    tables: TablesOption = None,
    officer: OfficerOption = None,
    most: MostOption = PAGE,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Show wishes in words: what the insurer knows now, from the tables given, and what it should become."""
    found = [one for one in run_async(list_wishes(desk_of(home, deployment, officer), most)) if one.id in ids]
    known = run(lambda: rows_of(tables or (), [one.member.current for one in found if one.member]))
    table = Table("wish", "member", "field", "now", "wished")
    for one in found:
        for field, now, wished in _words(one, known):
            table.add_row(one.id, title(one), field, escape(now), escape(wished))
    console.print(table)


@app.command("accept")
def accept_command(
    ids: IdsArgument,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the changes as a table.", dir_okay=False)],
    officer: OfficerOption = None,
    most: MostOption = PAGE,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Accept wishes: write the changes as a table, and send them to the members' records."""
    _done("accepted", run_async(accept(desk_of(home, deployment, officer), ids, output, most)))


@app.command("reject")
def reject_command(
    ids: IdsArgument,
    *,
    officer: OfficerOption = None,
    most: MostOption = PAGE,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Reject wishes: nothing changes, and the members' devices learn that the wish is settled."""
    _done("rejected", run_async(reject(desk_of(home, deployment, officer), ids, most)))


def _words(one: Opened, known: Mapping[MemberNumber, EligibilityRow]) -> list[tuple[str, str, str]]:
    row = known.get(one.member.current) if one.member else None
    return [(_HEADERS[name], str(getattr(row, name)) if row else "?", wished) for name, wished in one.words().items()]


def _done(what: str, summary: WishesSummary) -> None:
    console.print(f"{summary.answered} wishes {what}", highlight=False)
    for code, count in summary.refused.items():
        console.print(f"{count} {code}: {REASONS[code]}", highlight=False, soft_wrap=True)


def _bad(found: Sequence[Opened]) -> None:
    for code in sorted({one.code for one in found if one.code}):
        console.print(f"{code}: {REASONS[code]}", highlight=False, soft_wrap=True)
