"""``warifu-registrar reidentify``."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer
from protocol.encoding import EncodingError, b64u, unb64u

from registrar.commands.desk import desk_of
from registrar.errors import RegistrarError
from registrar.home import DEFAULT_HOME, Home
from registrar.reidentify import open_contacts, read_tokens, reidentify, seal_contacts
from registrar.reidentify_steps import next_step
from registrar.secret_files import write_private
from registrar.terminal import DEFAULT_DEPLOYMENT, DeploymentOption, HomeOption, OfficerOption, console, run, run_async

app = typer.Typer(help="From tokens to people, for exactly those whom two officers listed.", no_args_is_help=True)

ListArgument = Annotated[Path, typer.Argument(help="Table whose first column holds tokens.", exists=True, dir_okay=False)]
SealedArgument = Annotated[Path, typer.Argument(help="A list that was opened here.", exists=True, dir_okay=False)]
StoreOption = Annotated[Literal["anon-data", "programs"], typer.Option("--store", help="Whose tokens they are.")]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="Where to write the list, sealed to this home.", dir_okay=False)]
RequestOption = Annotated[
    Path | None, typer.Option("--request", help="Where to write what officers sign on their own machines.", dir_okay=False)
]
PlainOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where to write the table, for its owner alone.", dir_okay=False)
]


@app.command("open")
def open_command(
    tokens: ListArgument,
    *,
    output: OutputOption,
    store: StoreOption = "anon-data",
    request: RequestOption = None,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Open who the tokens of a list are, and write names and addresses to a file that only this home opens.

    With two officers here (--officer twice), or elsewhere (--request): then the command is given three times, and twice it writes
    a request that they sign. For the names a window for search is open beforehand.
    """
    listed = run(lambda: read_tokens(tokens))
    desk = desk_of(home, deployment, officer)
    contacts = run_async(next_step(desk, store, listed, request) if request else reidentify(desk, store, listed))
    if contacts is None:
        console.print(
            f"{request}: two officers sign it, then: warifu-registrar window open --request {request}, then this command again",
            highlight=False,
        )
        return
    write_private(output, b64u(seal_contacts(contacts, desk.deployment.insurer_key)) + "\n")
    counts = Counter(one.state for one in contacts)
    console.print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())), highlight=False)
    console.print(f"{output}: warifu-registrar reidentify show reads it; delete it when it has served", highlight=False)


@app.command("show")
def show_command(sealed: SealedArgument, *, output: PlainOption = None, home: HomeOption = DEFAULT_HOME) -> None:
    """Show a list that was opened here, or write it as a table."""
    table = run(lambda: _opened(sealed, home))
    if output is None:
        typer.echo(table, nl=False)
    else:
        write_private(output, table)


def _opened(path: Path, home: Path) -> str:
    try:
        sealed = unb64u(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError, EncodingError):
        raise RegistrarError(f"{path} is no sealed list of contacts") from None
    return open_contacts(sealed, Home.load(home).insurer)
