"""What commands that work with the roster and the hosts have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from registrar.progress import Progress, silent
from registrar.run import Desk
from registrar.terminal import deployment_of, errors


def desk_of(
    home: Path, deployment: Path, officers: list[Path] | None, progress: Progress = silent, today: date | None = None
) -> Desk:
    """Return what a command is given, with the deployment's file read."""
    return Desk(home, deployment_of(deployment), officers or (), progress, today=today)


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show each stage of a command as a bar while it runs; yields what is told of progress."""
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=errors, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell
