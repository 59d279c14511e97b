"""Why a letter cannot be printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from registrar.errors import RegistrarError


class LetterError(RegistrarError):
    """A letter cannot be printed as it is. Nothing was printed; the message names the field, never its value."""


@dataclass(frozen=True)
class Missing:
    """A character that the letters' fonts cannot show."""

    place: int | None
    """The letter's place in the batch, from 0; none for the sender."""
    field: str
    character: str
    """One character, with its variation selector where it has one."""

    def __str__(self) -> str:
        points = " ".join(f"U+{ord(part):04X}" for part in self.character)
        whose = "sender" if self.place is None else f"letter {self.place + 1}"
        return f"{whose}, {self.field}: {points}"


class CharactersMissing(LetterError):
    """The fonts lack characters: such a letter needs another spelling, or is written by hand. The message gives code points."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(f"the letters' fonts cannot show these characters: {'; '.join(map(str, missing))}")
        self.missing = tuple(missing)
