"""``warifu-registrar news``."""

from pathlib import Path
from typing import Annotated

import typer

from registrar.errors import RegistrarError
from registrar.home import DEFAULT_HOME
from registrar.news import MailServer, send_mail, to_tell, write_list
from registrar.rules import today
from registrar.secret_files import read_private
from registrar.terminal import HomeOption, console, run

TablesOption = Annotated[
    list[Path], typer.Option("--from", help="Eligibility table with e-mail addresses; newest last.", exists=True, dir_okay=False)
]


def news_command(  # one option a line
    tables: TablesOption,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the addresses as CSV, for another sender.", dir_okay=False)
    ] = None,
    smtp: Annotated[str | None, typer.Option(help="Mail server, HOST:PORT; with TLS unless it is this machine.")] = None,
    sender: Annotated[str | None, typer.Option(help="The sender's address.")] = None,
    user: Annotated[str | None, typer.Option(help="At the mail server.")] = None,
    password_file: Annotated[Path | None, typer.Option(help="A file of mode 600.", exists=True, dir_okay=False)] = None,
    home: HomeOption = DEFAULT_HOME,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many; write and send nothing.")] = False,
) -> None:
    """Tell members by e-mail that something is new, without saying what: whoever got results or claims since the last."""
    run(lambda: _news(home, tables, output, _server(smtp, sender, user, password_file), dry_run=dry_run))


def _news(home: Path, tables: list[Path], output: Path | None, server: MailServer | None, *, dry_run: bool) -> None:
    if not dry_run and (output is None) == (server is None):
        raise RegistrarError("give either --output or --smtp with --sender, or --dry-run")
    with to_tell(home, tables, today()) as (roster, who):
        sentence = f"{len(who.people)} members have something new, {who.without_address} more have no address in these tables"
        console.print(sentence, highlight=False)
        if dry_run:
            return
        if output is not None:
            write_list(roster, who, output)
            console.print(f"{output}: delete it when the mail is sent", highlight=False)
        elif server is not None:
            console.print(f"{send_mail(roster, who, server)} mails sent", highlight=False)


def _server(smtp: str | None, sender: str | None, user: str | None, password_file: Path | None) -> MailServer | None:
    if smtp is None:
        return None
    host, _, port = smtp.rpartition(":")
    if not host or not port.isdecimal() or sender is None or "@" not in sender:
        raise typer.BadParameter("--smtp takes HOST:PORT and needs --sender ADDRESS")
    return MailServer(host, int(port), sender, user, run(lambda: read_private(password_file)) if password_file else None)
