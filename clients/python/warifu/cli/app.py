"""``warifu login``: sign in with the browser, then work in the process that holds the keys."""

import asyncio
import locale
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from protocol.deployment import Deployment
from pydantic import ValidationError
from rich.console import Console

from warifu.client import Client
from warifu.errors import WarifuError
from warifu.user_agents import Loopback

from .lines import typed_lines
from .shell import Shell, told
from .words import Language, Words

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Read and record your own health data. Keys live in this process only and end with it."""


@app.command()
def login(
    deployment: Annotated[Path, typer.Option(help="Public description of the deployment.")] = Path(".warifu/deployment.json"),
    group: Annotated[str | None, typer.Option(help="Issuer of your group's identity provider, where there are several.")] = None,
    run: Annotated[str | None, typer.Option(help='Commands to run instead of a prompt, such as "checkups; logoff".')] = None,
    lang: Annotated[str, typer.Option(help="ja or en.")] = "",
) -> None:
    """Sign in with your browser and open a prompt: profile, checkups, weigh, pressure, steps, vitals, logoff, help."""
    words = Words(_language(lang))
    console = Console()
    try:
        described = Deployment.load(deployment)
    except (OSError, ValidationError) as error:
        raise typer.BadParameter(f"cannot read {deployment}", param_hint="--deployment") from error
    try:
        good = asyncio.run(_session(described, group, run, console, words))
    except WarifuError as error:
        console.print(told(error, words), style="bold red")
        good = False
    except KeyboardInterrupt:
        good = False
    raise typer.Exit(0 if good else 1)


async def _session(described: Deployment, group: str | None, run: str | None, console: Console, words: Words) -> bool:
    def show(url: str) -> None:
        console.print(words("opening"))
        console.print(url, soft_wrap=True, markup=False, highlight=False)
        webbrowser.open(url)

    async with Client(described, group) as client:
        async with Loopback(show) as agent:
            session = await client.sign_in(agent)
        async with session:
            shell = Shell(session, console, words)
            if session.unclaimed:
                console.print(words("unclaimed", hosts=", ".join(sorted(session.unclaimed))))
            if run is not None:
                return await shell.run(run.split(";"))
            console.print(words("welcome", name=session.profile.name), markup=False)
            async for line in typed_lines("warifu> "):
                await shell.command(line)
                if shell.ended:
                    break
    return True


def _language(asked: str) -> Language:
    chosen = asked or (locale.getlocale()[0] or "")[:2].lower()
    if asked and asked not in {"ja", "en"}:
        raise typer.BadParameter("ja or en", param_hint="--lang")
    return "ja" if chosen == "ja" else "en"
