"""What the commands of ``warifu-staff`` that work at programs share.

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
from pydantic import ValidationError
from rich.console import Console

from warifu.authenticators import Authenticator
from warifu.errors import WarifuError
from warifu.staff import StaffSession
from warifu.user_agents import Loopback

DeploymentOption = Annotated[Path, typer.Option(help="Public description of the deployment.", envvar="WARIFU_DEPLOYMENT")]
AuthenticatorOption = Annotated[
    str, typer.Option(help="MODULE:NAME of what makes your authenticator.", envvar="WARIFU_AUTHENTICATOR")
]
DEFAULT_DEPLOYMENT = Path(".warifu/deployment.json")
Work = Callable[[StaffSession], Awaitable[list[str]]]
_console = Console()


def run(deployment: Path, authenticator: str, work: Work) -> None:
    """Sign in, open a session at programs, print what the work returns, and sign out; an error ends the command."""
    made = maker(authenticator)()
    try:
        described = Deployment.load(deployment)
    except (OSError, ValidationError) as error:
        raise typer.BadParameter(f"cannot read {deployment}", param_hint="--deployment") from error
    try:
        lines = asyncio.run(_work(described, made, work))
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


async def _work(described: Deployment, authenticator: Authenticator, work: Work) -> list[str]:
    async with StaffSession(described) as session, Loopback(lambda url: _console.print(url, soft_wrap=True, markup=False)) as agent:
        await session.sign_in(agent)
        await session.open("programs", authenticator)
        return await work(session)
