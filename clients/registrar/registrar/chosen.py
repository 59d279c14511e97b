"""Members named on the command line, and what eligibility tables say of them now: the roster holds no names and no addresses."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from protocol.member import MemberNumber, MemberNumberError

from .errors import RegistrarError
from .files import recognise
from .importers import EligibilityRow


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


def rows_of(files: Sequence[Path], wanted: Iterable[MemberNumber]) -> dict[MemberNumber, EligibilityRow]:
    """Return what eligibility tables say of these numbers; the last table counts."""
    numbers = set(wanted)
    rows = (row for source in recognise(files) for _, row in source.read(EligibilityRow, []))
    return {row.member: row for row in rows if row.member in numbers}
