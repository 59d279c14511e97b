"""What the commands of ``warifu-staff`` that work at a store share.

A terminal has no passkeys. ``--authenticator MODULE:NAME`` names what makes an :class:`warifu.authenticators.Authenticator`, which
an organisation has for its own security keys.
"""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from protocol.deployment import Deployment
from protocol.names import StoreName
from pydantic import ValidationError
from rich.console import Console

from warifu.authenticators import Authenticator
from warifu.errors import WarifuError
from warifu.staff import StaffSession
from warifu.user_agents import Loopback

DeploymentOption = Annotated[Path, typer.Option(help="Public description of the deployment.", envvar="WARIFU_DEPLOYMENT")]
Output = Annotated[Path, typer.Option("--output", "-o", help="Where to write the file.", dir_okay=False)]
AuthenticatorOption = Annotated[
    str, typer.Option(help="MODULE:NAME of what makes your authenticator.", envvar="WARIFU_AUTHENTICATOR")
]
DEFAULT_DEPLOYMENT = Path(".warifu/deployment.json")
Work = Callable[[StaffSession], Awaitable[list[str]]]
_console = Console()


def run(deployment: Path, authenticator: str, work: Work, store: StoreName = "programs") -> None:
    """Sign in, open a session at a store, print what the work returns, and sign out; an error ends the command."""
    made = maker(authenticator)()
    try:
        described = Deployment.load(deployment)
    except (OSError, ValidationError) as error:
        raise typer.BadParameter(f"cannot read {deployment}", param_hint="--deployment") from error
    try:
        lines = asyncio.run(_work(described, made, work, store))
    except WarifuError as error:
        _console.print(f"{type(error).__name__}: {error}", style="bold red", markup=False)
        raise typer.Exit(1) from None
    for line in lines:
        _console.print(line, markup=False, highlight=False, soft_wrap=True)


def maker(named: str) -> Callable[[], Authenticator]:
    """Return what makes the authenticator that is named; raises typer's BadParameter."""
    module, _, name = named.partition(":")
    try:
        found: Callable[[], Authenticator] = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise typer.BadParameter("should be MODULE:NAME of something that is installed", param_hint="--authenticator") from None
    return found


async def write(output: Path, content: Awaitable[str]) -> list[str]:
    """Write a file and say where it is."""
    text = await content
    # As it came: with its mark and its line ends.
    await asyncio.to_thread(output.write_bytes, text.encode("utf-8"))
    return [f"{output} written"]


async def _work(described: Deployment, authenticator: Authenticator, work: Work, store: StoreName) -> list[str]:
    async with StaffSession(described) as session, Loopback(lambda url: _console.print(url, soft_wrap=True, markup=False)) as agent:
        await session.sign_in(agent)
        await session.open(store, authenticator)
        return await work(session)
