"""Members named on the command line, and what eligibility tables say of them now: the roster holds no names and no addresses."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from protocol.member import MemberNumber, MemberNumberError

from .errors import RegistrarError
from .files import recognise
from .importers import EligibilityRow
from .roster import Roster
from .roster_member import Member


def number_of(text: str, insurer: str, option: str = "--member") -> MemberNumber:
    """Read ``symbol:number:branch``, or the same with the insurer's number before it."""
    parts = text.split(":")
    try:
        return MemberNumber.parse(*([insurer] if len(parts) == 3 else []), *parts)
    except (MemberNumberError, TypeError):
        raise RegistrarError(f"{option} takes a member number as symbol:number:branch") from None


def spelt(number: MemberNumber) -> str:
    """Return a number as :func:`number_of` reads it."""
    return f"{number.symbol}:{number.number}:{number.branch}"


def chosen(roster: Roster, numbers: Iterable[str], insurer: str) -> list[Member]:
    """Return the enrolled members who have these numbers, each once; raise ``RegistrarError`` where nobody has one."""
    found: dict[MemberNumber, Member] = {}
    for place, text in enumerate(numbers, 1):
        member = roster.find(number_of(text, insurer))
        if member is None or not member.group:
            raise RegistrarError(f"nobody enrolled has the --member number {place}")
        found[member.anchor] = member
    return list(found.values())


def rows_of(files: Sequence[Path], wanted: Iterable[MemberNumber]) -> dict[MemberNumber, EligibilityRow]:
    """Return what eligibility tables say of these numbers; the last table counts."""
    numbers = set(wanted)
    rows = (row for source in recognise(files) for _, row in source.read(EligibilityRow, []))
    return {row.member: row for row in rows if row.member in numbers}
