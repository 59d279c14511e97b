"""``warifu-registrar search``."""

from datetime import date
from typing import Annotated

import typer
from protocol import search as words
from protocol.messages.search import MOST_HITS
from rich.markup import escape
from rich.table import Table

from registrar.chosen import number_of, spelt
from registrar.commands.desk import desk_of
from registrar.errors import RegistrarError
from registrar.home import DEFAULT_HOME
from registrar.search import Found, search
from registrar.terminal import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    HomeOption,
    OfficerOption,
    console,
    deployment_of,
    run,
    run_async,
)

FieldArgument = Annotated[words.Field, typer.Argument(help="By what.")]
TextOption = Annotated[
    str,
    typer.Option(
        "--text", prompt="searched", help="symbol:number:branch, a reading in kana, a telephone number, an e-mail address."
    ),
]
BornOption = Annotated[str, typer.Option("--born", help="The birth date, YYYY-MM-DD, beside a reading in kana.")]
MostOption = Annotated[int, typer.Option("--most", min=0, max=MOST_HITS, help="How many hits may be opened; each one is counted.")]


def search_command(
    field: FieldArgument,
    *,
    text: TextOption,
    born: BornOption = "",
    most: MostOption = 5,
    officer: OfficerOption = None,
    home: HomeOption = DEFAULT_HOME,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
) -> None:
    """Search members' records at identity, and open what is found, in a window for search.

    Without --text it asks, so that what is searched stands in no list of processes and no history.
    """
    word = run(lambda: word_of(field, text, born, deployment_of(deployment).insurer))
    results = run_async(search(desk_of(home, deployment, officer), field, word, most))
    table = Table("member", "name", "reading", "born", "postcode", "address", "telephone", "e-mail", "as searched")
    for one in results.found:
        table.add_row(*(escape(cell) for cell in _cells(one)))
    console.print(table if results.found else "nothing was opened")
    if results.closed:
        console.print(f"{results.closed} hits were not opened", highlight=False)
    if results.more:
        console.print("there are more: search by more", highlight=False)


def word_of(field: words.Field, text: str, born: str, insurer: str) -> bytes:
    """Return the word that a person at the workstation means, or raise ``RegistrarError``; nothing of it is echoed."""
    match field:
        case "member-number":
            return words.number_word(number_of(text, insurer, "--text"))
        case "kana-birth":
            word = words.kana_word(text, _day(born))
        case "telephone":
            word = words.telephone_word(text)
        case "email":
            word = words.email_word(text)
    if word is None:
        raise RegistrarError("there is nothing in --text to search by")
    return word


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RegistrarError("a reading in kana is searched with --born YYYY-MM-DD") from None


def _cells(one: Found) -> tuple[str, ...]:
    profile = one.profile
    return (
        spelt(number_of(profile.member_number, "")),
        profile.name,
        profile.kana,
        profile.birth_date,
        profile.postcode,
        profile.address,
        profile.telephone,
        profile.email,
        "yes" if one.as_searched else "no: a change waits for the member's device",
    )
