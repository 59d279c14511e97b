"""From letters to one PDF."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files

import typst

from .errors import CharactersMissing, LetterError, Missing
from .fonts import fonts, missing
from .letter import Letter, Sender
from .page import common, one_line, page

_TEMPLATE = files(__package__).joinpath("letter.typ").read_bytes()


def render(letters: Sequence[Letter], sender: Sender) -> bytes:
    """Return a PDF with one A4 page a letter, in their order; its metadata name nobody and no time.

    Raises ``CharactersMissing`` before anything is printed when the fonts cannot show a name or an address as it is spelt.
    Everything stays in memory.
    """
    if not letters:
        raise LetterError("there are no letters to print")
    lacking = [
        Missing(place, field, character)
        for place, field, text in _given(letters, sender)
        for character in dict.fromkeys(missing(text))
    ]
    if lacking:
        raise CharactersMissing(lacking)
    data = {**common(sender), "pages": [page(letter) for letter in letters]}
    return typst.compile(
        _TEMPLATE,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"letters": json.dumps(data)},
        format="pdf",
        # Tags are for screen readers, and this file goes to a printer: they would double its size.
        pdf_tags=False,
    )


def _given(letters: Sequence[Letter], sender: Sender) -> Iterator[tuple[int | None, str, str]]:
    """Yield place, field and text of all that is not ours, as it will stand on the page."""
    for field, text in vars(sender).items():
        yield None, field, one_line(text)
    for place, letter in enumerate(letters):
        yield place, "member number", one_line(letter.member_number)
        yield place, "child", one_line(letter.child)
        for field, text in vars(letter.recipient).items():
            yield place, field, one_line(text)
