"""What an officer is shown of somebody a window is about."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from protocol.member import MemberNumber

from .files import recognise
from .importers import EligibilityRow

_LONGEST_LABEL = 200


def names_in(files: Sequence[Path], wanted: Iterable[MemberNumber]) -> dict[MemberNumber, str]:
    """Return the names that eligibility tables have for these numbers: the roster holds none."""
    numbers = set(wanted)
    rows = (row for source in recognise(files) for _, row in source.read(EligibilityRow, []))
    return {row.member: row.kanji_name or row.kana_name for row in rows if row.member in numbers}


def label(number: MemberNumber, names: Mapping[MemberNumber, str]) -> str:
    """Return what an officer is shown of a member: the number and, where it is known, the name."""
    return plain(f"{number.symbol}:{number.number}:{number.branch} {names.get(number, '')}")


def plain(text: str) -> str:
    """Return text on one line, without what a terminal would obey or turn around."""
    words = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return words[:_LONGEST_LABEL] or "?"
