"""``warifu-registrar message``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from registrar.commands.desk import desk_of
from registrar.home import DEFAULT_HOME
from registrar.messages import Draft, count, message_id, read_draft, send
from registrar.terminal import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    HomeOption,
    OfficerOption,
    console,
    deployment_of,
    run,
    run_async,
)

app = typer.Typer(help="Messages to members by criteria or token, never by name.", no_args_is_help=True)

_MOST = 10_000


@app.command("send")
def send_command(
    file: Annotated[Path, typer.Argument(help="The message (TOML).", exists=True, dir_okay=False)],
    *,
    tokens: Annotated[
        Path | None, typer.Option(help="Tokens of anon-data, one a line, instead of [to].", exists=True, dir_okay=False)
    ] = None,
    most: Annotated[int, typer.Option("--most", min=10, help="How many people it may address.")] = _MOST,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show it only; call no host.")] = False,
) -> None:
    """Send a message. The same file again addresses whoever fits since then."""
    draft = run(lambda: read_draft(file, tokens, deployment_of(deployment)))
    _show(draft)
    if dry_run:
        return
    sent = run_async(send(desk_of(home, deployment, officer), draft, most))
    people = "fewer than ten" if sent.people is None else f"about {sent.people}"
    console.print(f"message {sent.id.hex()}: {people} people" if sent.new else "unchanged", highlight=False)
    if sent.unknown:
        console.print(f"{sent.unknown} tokens are nobody's", highlight=False)


@app.command("count")
def count_command(
    ids: Annotated[list[str], typer.Argument(help="Ids as message send shows them.")],
    *,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Show about how many have read messages: in fives, from ten on, and not where nearly everybody has."""
    asked = run(lambda: [message_id(text) for text in ids])
    table = Table("message", "people", "read")
    for one in run_async(count(desk_of(home, deployment, officer), asked)):
        table.add_row(one.id.hex(), *("-" if number is None else str(number) for number in (one.people, one.read)))
    console.print(table)


def _show(draft: Draft) -> None:
    message = draft.message
    table = Table(show_header=False)
    table.add_row("id", message.id.hex())
    for language, words in (("ja", message.ja), ("en", message.en)):
        if words:
            table.add_row(language, escape(f"{words.title}\n\n{words.body}"))
    if message.link:
        table.add_row("link", escape(message.link))
    table.add_row("until", message.until.isoformat())
    criteria = message.to.model_dump_json(exclude_none=True) if message.to else f"{len(draft.tokens)} tokens"
    table.add_row("to", escape(criteria))
    console.print(table)
