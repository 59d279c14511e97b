"""``warifu-staff tasks``: what those who guide have to do, and what they did; whom it is about they know by token alone."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, get_args

import typer
from protocol.encoding import EncodingError, b64u, unb64u
from protocol.messages.guidance_tasks import GuidanceTask, ReminderTask, Support, SupportRow
from pydantic import TypeAdapter, ValidationError

from warifu.errors import InputRefused
from warifu.staff_tasks import TasksDesk, support_of
from warifu.staff_terminal import DEFAULT_DEPLOYMENT, AuthenticatorOption, DeploymentOption, run, write

Year = Annotated[int, typer.Argument(help="A fiscal year: 2026 begins on 1 April 2026.", min=2000, max=2200)]
Token = Annotated[str, typer.Argument(help="As `reminders` and `guidance` show it.")]
Kind = Annotated[str, typer.Argument(help=f"One of {', '.join(get_args(Support))}.")]
Table = Annotated[Path | None, typer.Option("--output", "-o", help="Write a table that begins with the token.", dir_okay=False)]
Work = Callable[[TasksDesk], Awaitable[list[str]]]
_SUPPORT: TypeAdapter[Support] = TypeAdapter(Support)

app = typer.Typer(no_args_is_help=True, help="Whom to remind, how far guidance came, support that was given.")


@app.command()
def reminders(
    year: Year, authenticator: AuthenticatorOption, output: Table = None, deployment: DeploymentOption = DEFAULT_DEPLOYMENT
) -> None:
    """List who was not examined in the year, by token."""
    _run(
        deployment,
        authenticator,
        lambda desk: write(output, desk.reminders_csv(year)) if output else reminder_lines(desk, year),
    )


@app.command()
def guidance(
    year: Year,
    authenticator: AuthenticatorOption,
    *,
    whole: Annotated[bool, typer.Option("--all", help="Also where guidance is completed or stopped.")] = False,
    output: Table = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """List whom guidance of the year is still to be given to: level, step, points of active support, what was done."""
    _run(
        deployment,
        authenticator,
        lambda desk: write(output, desk.guidance_csv(year, due=not whole)) if output else guidance_lines(desk, year, due=not whole),
    )


@app.command()
def tell(
    year: Year,
    token: Token,
    kind: Kind,
    times: Annotated[int, typer.Argument(help="How often in all, this year; of what is reached 1.", min=1, max=99)],
    authenticator: AuthenticatorOption,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Tell what was done or reached with somebody; what was told before is written over."""
    row = _row(token, kind, times)
    _run(deployment, authenticator, lambda desk: told_lines(desk, year, [row]))


@app.command("take-back")
def take_back(
    year: Year, token: Token, kind: Kind, authenticator: AuthenticatorOption, deployment: DeploymentOption = DEFAULT_DEPLOYMENT
) -> None:
    """Take back what was told of one kind of support."""
    row = _row(token, kind, 0)
    _run(deployment, authenticator, lambda desk: told_lines(desk, year, [row]))


@app.command("tell-table")
def tell_table(
    year: Year,
    table: Annotated[Path, typer.Argument(help="As `guidance -o` wrote it, with numbers filled in.", exists=True, dir_okay=False)],
    authenticator: AuthenticatorOption,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Tell all numbers of a table; 0 takes back, what is empty stays as it was told."""
    try:
        rows = support_of(table.read_text(encoding="utf-8"))
    except InputRefused as refused:
        raise typer.BadParameter(str(refused)) from None
    except UnicodeDecodeError:
        raise typer.BadParameter("the table is not UTF-8") from None
    _run(deployment, authenticator, lambda desk: told_lines(desk, year, rows))


async def reminder_lines(desk: TasksDesk, year: int) -> list[str]:
    """Return a line a reminder, and how many are due."""
    found = await desk.reminders(year)
    return [*map(_reminder, found), f"{len(found)} to be reminded"]


async def guidance_lines(desk: TasksDesk, year: int, *, due: bool) -> list[str]:
    """Return a line a task, and how many there are."""
    found = await desk.guidance(year, due=due)
    return [*map(_task, found), f"{len(found)} {'due' if due else 'in all'}"]


async def told_lines(desk: TasksDesk, year: int, rows: Sequence[SupportRow]) -> list[str]:
    """Tell, and return how it stands now with those who were named."""
    unknown = {row.token for row in await desk.tell(year, rows)}
    named = {row.token for row in rows}
    stands = [_task(task) for task in await desk.guidance(year) if task.token in named]
    return [*stands, *(f"{b64u(token)}: guidance of {year} is not for them, nothing was kept" for token in sorted(unknown))]


def _reminder(task: ReminderTask) -> str:
    return f"{b64u(task.token)}: last examined {'in no year before' if task.last_examined is None else f'in {task.last_examined}'}"


def _task(task: GuidanceTask) -> str:
    points = "" if task.points is None else f", {task.points} of {task.needed} points"
    done = "".join(f", {one.kind} {one.times}" for one in task.done)
    return f"{b64u(task.token)}: {task.level}, {task.step}{points}{done}"


def _row(token: str, kind: str, times: int) -> SupportRow:
    try:
        return SupportRow(token=unb64u(token, 32), kind=_SUPPORT.validate_python(kind), times=times)
    except EncodingError:
        raise typer.BadParameter("a token has 43 characters") from None
    except ValidationError:
        raise typer.BadParameter("no such kind of support") from None


def _run(deployment: Path, authenticator: str, work: Work) -> None:
    run(deployment, authenticator, lambda session: work(TasksDesk(session)), "anon-data")
