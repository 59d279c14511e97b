"""Search parameters of type token (http://hl7.org/fhir/R4/search.html#token)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A code, of any system (None) or of one; no code stands for all of the system."""

    system: str | None
    code: str | None

    def admits(self, codings: Iterable[tuple[str, str]]) -> bool:
        """Whether one of the codings, each of system and code, is meant."""
        return any(self.system in (None, system) and self.code in (None, code) for system, code in codings)


def tokens(text: str) -> list[Token] | None:
    """Read the values that a parameter joins by commas; None where one is no token."""
    found = [_token(value) for value in split(text, ",") if value]
    good = [one for one in found if one is not None]
    return good if good and len(good) == len(found) else None


def split(text: str, separator: str) -> list[str]:
    """Split at a separator that no backslash escapes; the parts are still escaped."""
    parts, escaped = [""], False
    for character in text:
        if character == separator and not escaped:
            parts.append("")
            continue
        parts[-1] += character
        escaped = character == "\\" and not escaped
    return parts


def plain(text: str) -> str:
    """Return what an escaped text says."""
    said, escaped = "", False
    for character in text:
        escaped = character == "\\" and not escaped
        if escaped:
            continue
        said += character
    return said


def _token(text: str) -> Token | None:
    parts = [plain(part) for part in split(text, "|")]
    match parts:
        case [code]:
            return Token(None, code)
        case [system, code] if system or code:
            return Token(system, code or None)
        case _:
            return None
