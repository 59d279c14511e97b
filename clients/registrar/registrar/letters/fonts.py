"""The fonts of letters, and what they cannot show.

Noto Sans CJK JP, regular and bold, with 44,810 characters of Japanese, Chinese and Korean (SIL Open Font License 1.1), comes in two
wheels; DejaVu Sans Mono for the code comes with Typst. Fonts of the machine are not used: a page looks the same everywhere.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types

_FILES = tuple(
    Path(str(files(f"noto_cjk_sans_jp_{weight.lower()}") / f"NotoSansCJKjp-{weight}.otf")) for weight in ("Regular", "Bold")
)
_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))


@cache
def fonts() -> typst.Fonts:
    """Return the fonts, loaded once."""
    return typst.Fonts(include_system_fonts=False, font_paths=[path.parent for path in _FILES])


def missing(text: str) -> Iterator[str]:
    """Yield what the fonts cannot show: characters, or a character with a variation selector for a shape that they lack."""
    shown, shapes = _coverage()
    for place, character in enumerate(text):
        point = ord(character)
        if point in _SELECTORS:
            before = text[place - 1] if place else ""
            if (before, point) not in shapes:
                yield before + character
        elif point not in shown:
            yield character


@cache
def _coverage() -> tuple[frozenset[int], frozenset[tuple[str, int]]]:
    """Return code points, and characters with a selector, that both weights show."""
    points, shapes = [], []
    for path in _FILES:
        with TTFont(path, lazy=True) as font:
            table = font["cmap"]
            points.append(frozenset(table.getBestCmap()))
            variations = {selector: found for one in table.tables if one.format == 14 for selector, found in one.uvsDict.items()}
            shapes.append(frozenset((chr(point), selector) for selector, found in variations.items() for point, _ in found))
    return points[0] & points[1], shapes[0] & shapes[1]
