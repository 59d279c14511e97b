"""``warifu-staff``: where somebody of the staff is signed in, and signing out; contests; points; tasks. Members have another."""

import asyncio
import webbrowser
from datetime import datetime
from typing import Annotated

import typer
from protocol.deployment import Deployment
from pydantic import ValidationError
from rich.console import Console

from warifu import staff_contests_cli, staff_points_cli, staff_tasks_cli
from warifu.errors import WarifuError
from warifu.staff import StaffSession, StaffSignIn
from warifu.staff_terminal import DEFAULT_DEPLOYMENT, DeploymentOption
from warifu.user_agents import Loopback, UserAgent

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(staff_contests_cli.app, name="contests")
app.add_typer(staff_points_cli.app, name="points")
app.add_typer(staff_tasks_cli.app, name="tasks")
_console = Console()


@app.callback()
def main() -> None:
    """Sign in as staff with the browser. Each command signs in anew, and out again at its end."""


@app.command("sign-ins")
def sign_ins(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    end: Annotated[bool, typer.Option("--end", help="End all of them, and the sessions at the stores.")] = False,
) -> None:
    """List where you are signed in as staff; --end signs you out everywhere."""
    try:
        described = Deployment.load(deployment)
    except (OSError, ValidationError) as error:
        raise typer.BadParameter(f"cannot read {deployment}", param_hint="--deployment") from error
    try:
        asyncio.run(_run(described, end=end))
    except WarifuError as error:
        _console.print(f"{type(error).__name__}: {error}", style="bold red", markup=False)
        raise typer.Exit(1) from None


async def lines(session: StaffSession, agent: UserAgent, *, end: bool) -> list[str]:
    """Sign in, and return what there is to say; ``end`` ends it all."""
    await session.sign_in(agent)
    said = [_line(found) for found in await session.sign_ins()]
    if end:
        await session.sign_out_everywhere()
        said.append("signed out everywhere")
    return said


async def _run(described: Deployment, *, end: bool) -> None:
    async with StaffSession(described) as session, Loopback(_show) as agent:
        for line in await lines(session, agent, end=end):
            _console.print(line, markup=False, highlight=False)


def _line(found: StaffSignIn) -> str:
    until = datetime.fromtimestamp(found.ends).astimezone().strftime("%H:%M")
    return f"{found.name}: {', '.join(found.roles)}, until {until} at the latest{' (this one)' if found.this else ''}"


def _show(url: str) -> None:
    _console.print(url, soft_wrap=True, markup=False, highlight=False)
    webbrowser.open(url)
