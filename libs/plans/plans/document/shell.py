"""What every document has around its sections: a head that allows the sheet and nothing else, and how marks are read."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from plans.actuals import Actual
from plans.document.markup import Child, Markup, tag
from plans.document.words import Language, amount, words


@cache
def sheet() -> str:
    """Return the style sheet."""
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


@cache
def policy() -> str:
    """Return the document's Content-Security-Policy (CSP Level 3): its own sheet, and nothing else at all."""
    digest = b64encode(sha256(sheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def document(title: str, language: Language, *sections: Child) -> str:
    """Return a whole page."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        # The policy names the hash of exactly this text.
        tag("style", Markup(sheet())),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', *sections), lang=language)}\n"


def shown(actual: Actual | None, language: Language) -> str:
    """Write a value, or the mark in its place."""
    said = words(language)
    if actual is None:
        return said["mark-none"]
    if actual.value is not None:
        return amount(actual.measure, actual.value)
    if actual.mark == "" and actual.people is not None and actual.counted is not None:
        return said["mark-few"].format(counted=actual.counted, people=actual.people)
    return said[f"mark-{actual.mark or 'hidden'}"]


def table(head: tuple[str, ...], rows: Child, *, numbers: frozenset[int] = frozenset(), kind: str | None = None) -> Markup:
    """Return a table; columns of numbers are set to the right."""
    cells = [tag("th", text, scope="col", class_="number" if at in numbers else None) for at, text in enumerate(head)]
    return tag("table", tag("thead", tag("tr", cells)), tag("tbody", rows), class_=kind)


def reading(language: Language, floor: int, *more: str) -> Markup:
    """Say what marks and roundings mean."""
    said = words(language)
    keys = ("reading-rounded", "reading-hidden", "reading-sides", "reading-none", "reading-consent", *more)
    lines = [tag("li", said[key].format(floor=floor)) for key in keys]
    return tag("section", tag("h2", said["reading"]), tag("ul", lines, class_="reading"))


def versions(named: dict[str, int], language: Language, titles: dict[str, str]) -> Markup:
    """List measures with the versions of their definitions."""
    said = words(language)
    rows = [
        tag("tr", tag("td", titles[name]), tag("td", name), tag("td", str(version), class_="number"))
        for name, version in named.items()
    ]
    listed = table((said["measure"], "", said["version"]), rows, numbers=frozenset({2}), kind="dense")
    return tag("section", tag("h3", said["versions"]), listed)
