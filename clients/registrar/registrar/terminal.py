"""What both commands share at a terminal: options, the two consoles, errors as sentences."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from protocol.deployment import Deployment
from pydantic import ValidationError
from rich.console import Console

from .errors import RegistrarError
from .officer_cli.words import Lang

console = Console()
errors = Console(stderr=True)

T = TypeVar("T")
HomeOption = Annotated[Path, typer.Option("--home", help="The workstation's folder.", envvar="WARIFU_REGISTRAR_HOME")]
DeploymentOption = Annotated[
    Path, typer.Option("--deployment", help="The deployment's public file.", envvar="WARIFU_DEPLOYMENT", dir_okay=False)
]
OfficerOption = Annotated[list[Path] | None, typer.Option("--officer", help="An officer's key file; give it twice.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="The language of what is shown.")]
NamesOption = Annotated[
    list[Path] | None, typer.Option("--names", help="Eligibility table, for the names officers see.", exists=True, dir_okay=False)
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")]
DEFAULT_LANG: Lang = "ja" if os.environ.get("LANG", "").startswith("ja") else "en"
DEFAULT_DEPLOYMENT = Path(".warifu/deployment.json")


def run(work: Callable[[], T]) -> T:
    """Do it; end with code 1 and a sentence when the registrar says no."""
    try:
        return work()
    except RegistrarError as error:
        complain(str(error))
        raise typer.Exit(1) from error
    except ValidationError:
        # The chain is cut, and nothing of the error said: it quotes the value.
        complain("a value does not fit the form of the message or file it belongs to; what was done until then stays done")
        raise typer.Exit(1) from None


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Do the same with a coroutine."""
    return run(lambda: asyncio.run(work))


def complain(sentence: str) -> None:
    """Say what is wrong."""
    errors.print(f"error: {sentence}", style="red", markup=False, highlight=False)


def deployment_of(path: Path) -> Deployment:
    """Read the deployment's public file."""
    return run(lambda: _loaded(path))


def _loaded(path: Path) -> Deployment:
    try:
        return Deployment.load(path)
    except (OSError, ValueError) as error:
        raise RegistrarError(f"{path} is not a deployment's public file") from error
