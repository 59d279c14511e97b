"""``warifu login``: sign in with the browser or a code, then work in the process that holds the keys."""

import asyncio
import locale
import webbrowser
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from protocol.deployment import Deployment
from protocol.encoding import b64u
from protocol.messages.households import Shown
from protocol.names import AUTHORITIES
from pydantic import ValidationError
from rich.console import Console, RenderableType

from warifu.archive import checked
from warifu.client import Client
from warifu.errors import WarifuError
from warifu.user_agents import Loopback
from warifu.viewing import HouseholdView
from warifu.ways import Group, Way

from .asking import Proving, at_terminal, code_way
from .audit_command import ALARMED, audited, carried_over
from .checkup_tables import checkup_pages
from .claims_tables import costs_table
from .lines import typed_lines
from .shell import Shell, told
from .words import Language, Words

DeploymentOption = Annotated[Path, typer.Option(help="Public description of the deployment.", envvar="WARIFU_DEPLOYMENT")]
DEFAULT_DEPLOYMENT = Path(".warifu/deployment.json")
LangOption = Annotated[str, typer.Option(help="ja or en.")]

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Read and record your own health data. Keys live in this process only and end with it."""


@dataclass(frozen=True)
class _Asked:
    """What the command line says about a sign-in."""

    code: bool
    group: str | None
    child: int
    run: str | None


@app.command()
def login(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    code: Annotated[bool, typer.Option("--code", help="Sign in with a letter or a card; code and PIN are asked for.")] = False,
    group: Annotated[str | None, typer.Option(help="Issuer of your group's identity provider, where there are several.")] = None,
    child: Annotated[int, typer.Option(min=0, max=99, help="For guardians: 1, 2, ... for a child's account; look whose.")] = 0,
    run: Annotated[str | None, typer.Option(help='Commands to run instead of a prompt, such as "checkups; logoff".')] = None,
    lang: LangOption = "",
) -> None:
    """Sign in with your browser or a code and open a prompt; help lists the commands."""
    words = Words(_language(lang))
    console = Console()
    described = _described(deployment)
    if code and (group or child):
        raise typer.BadParameter("a code says whose account it opens", param_hint="--code")
    try:
        good = asyncio.run(_session(described, _Asked(code, group, child, run), console, words))
    except WarifuError as error:
        console.print(told(error, words), style="bold red")
        good = False
    except KeyboardInterrupt:
        good = False
    raise typer.Exit(0 if good else 1)


@app.command()
def view(
    what: Annotated[Shown, typer.Argument(help="checkups or costs.")] = "checkups",
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    lang: LangOption = "",
) -> None:
    """Show what somebody of your family lets you see; their code and PIN are asked for. You do not sign in for it."""
    words, console = Words(_language(lang)), Console()
    described = _described(deployment)
    try:
        asyncio.run(_view(described, what, console, words))
    except WarifuError as error:
        console.print(told(error, words), style="bold red")
        raise typer.Exit(1) from None


@app.command("audit")
def audit_logs(
    state: Annotated[Path, typer.Argument(help="File that keeps what the last audit found; made at the first one.")],
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    lang: LangOption = "",
) -> None:
    """Check that no authority's release log was changed since last time, and that all three log the same. Needs no sign-in."""
    words, console = Words(_language(lang)), Console()
    try:
        code = asyncio.run(audited(_described(deployment), state, console, words))
    except WarifuError as error:
        console.print(told(error, words), style="bold red")
        code = ALARMED
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"cannot use {state}", param_hint="STATE") from error
    raise typer.Exit(code)


@app.command("begin-log")
def begin_log(
    host: Annotated[str, typer.Argument(help="gateway, keyvault or identity: whose database was restored from an older state.")],
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    lang: LangOption = "",
) -> None:
    """Print what goes into `logs` of deployment.json, so that a restored authority may begin its log anew. Needs no sign-in."""
    words = Words(_language(lang))
    try:
        whose = next((one for one in AUTHORITIES if one == host), None)
        if whose is None:
            raise typer.BadParameter("not an authority", param_hint="HOST")
        typer.echo(asyncio.run(carried_over(_described(deployment), whose)))
    except WarifuError as error:
        Console().print(told(error, words), style="bold red")
        raise typer.Exit(ALARMED) from None


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="An archive that export wrote.")],
    lang: LangOption = "",
) -> None:
    """Say whether an archive is as it was written, and by which key. Needs no sign-in."""
    words, console = Words(_language(lang)), Console()
    try:
        found = checked(file.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"cannot read {file}", param_hint="FILE") from error
    except WarifuError as error:
        console.print(told(error, words), style="bold red")
        raise typer.Exit(1) from None
    said = words("archive-good", made=found.made, count=len(found.files), signer=b64u(found.key))
    console.print(said, markup=False, highlight=False, soft_wrap=True)


async def _session(described: Deployment, asked: _Asked, console: Console, words: Words) -> bool:
    async with AsyncExitStack() as stack:
        proving = await _proving(asked, stack, console, words)
        client = await stack.enter_async_context(Client(described))
        session = await stack.enter_async_context(await client.sign_in(await proving()))
        shell = Shell(session, console, words, proving=proving)
        shell.greet()
        if asked.run is not None:
            return await shell.run(asked.run.split(";"))
        console.print(words("welcome", name=session.profile.name), markup=False)
        async for line in typed_lines("warifu> "):
            await shell.command(line)
            if shell.ended:
                break
    return True


async def _proving(asked: _Asked, stack: AsyncExitStack, console: Console, words: Words) -> Proving:
    """Return how the person proves who they are, at sign-in and at each change."""
    if asked.code:

        async def by_code() -> Way:
            return await code_way(at_terminal, words)

        return by_code

    def show(url: str) -> None:
        console.print(words("opening"))
        console.print(url, soft_wrap=True, markup=False, highlight=False)
        webbrowser.open(url)

    agent = await stack.enter_async_context(Loopback(show))

    async def by_group() -> Way:
        return Group(agent, asked.group, place=asked.child)

    return by_group


async def _view(described: Deployment, what: Shown, console: Console, words: Words) -> None:
    code = await at_terminal(words("ask-view-code"))
    pin = await at_terminal(words("ask-view-pin"), hidden=True)
    async with Client(described) as client:
        opened = await client.household_view(code, pin)
        parts = await _shown_by(opened, what, words)
    for part in parts:
        console.print(part)
    if not parts:
        console.print(words("nothing"))


async def _shown_by(opened: HouseholdView, what: Shown, words: Words) -> list[RenderableType]:
    if what == "checkups":
        found = await opened.checkups()
        return list(checkup_pages(found, {}, words, sex=None)) if found.checkups else []
    today = date.today()  # noqa: DTZ011 - the person's own day
    months = await opened.costs(today.replace(year=today.year - 2, month=1, day=1), today)
    return [costs_table(months, words, by_year=True)] if months else []


def _described(path: Path) -> Deployment:
    try:
        return Deployment.load(path)
    except (OSError, ValidationError) as error:
        raise typer.BadParameter(f"cannot read {path}", param_hint="--deployment") from error


def _language(asked: str) -> Language:
    chosen = asked or (locale.getlocale()[0] or "")[:2].lower()
    if asked and asked not in {"ja", "en"}:
        raise typer.BadParameter("ja or en", param_hint="--lang")
    return "ja" if chosen == "ja" else "en"
