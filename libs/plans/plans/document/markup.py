"""HTML and SVG as nested calls; every text is escaped unless it is markup already."""

from collections.abc import Iterable
from html import escape

VOID = frozenset({"meta", "br", "line", "rect", "circle", "path", "polyline"})


class Markup(str):
    """Text that is markup."""

    __slots__ = ()


Child = str | Iterable["Child"]


def tag(name: str, /, *children: Child, **attributes: object) -> Markup:
    """Return an element. ``class_`` is class, ``stroke_width`` is stroke-width; an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items() if value is not None
    )
    inner = joined(*children)
    return Markup(f"<{name}{written}/>" if name in VOID and not inner else f"<{name}{written}>{inner}</{name}>")


def joined(*children: Child) -> Markup:
    """Return children one after the other."""
    return Markup("".join(_text(child) for child in children))


def _text(child: Child) -> str:
    if isinstance(child, Markup):
        return child
    return escape(child) if isinstance(child, str) else joined(*child)
