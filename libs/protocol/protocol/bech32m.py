"""Bech32m (BIP 350): text of 32 easily told characters with a checksum that finds up to four wrong ones."""

from collections.abc import Iterable, Sequence
from typing import Literal

CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
"""The character of each value of five bits."""
CHECKSUM_CHARACTERS = 6
MAX_CHARACTERS = 90

Fault = Literal["length", "character", "checksum"]

_VALUES = {character: value for value, character in enumerate(CHARACTERS)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CONSTANT = 0x2BC830A3


class Bech32mError(ValueError):
    """A text is not Bech32m; the message names the kind of fault, never the text."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"not Bech32m: {fault}")
        self.fault: Fault = fault


def encode(prefix: str, data: bytes) -> str:
    """Return ``data`` in lower case behind ``prefix``, which is lower case itself; unused bits of the last character are zero."""
    count = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << count * 5 - len(data) * 8
    values = [number >> 5 * place & 31 for place in reversed(range(count))]
    residue = _polymod([*_expanded(prefix), *values, *[0] * CHECKSUM_CHARACTERS]) ^ _CONSTANT
    checksum = [residue >> 5 * place & 31 for place in reversed(range(CHECKSUM_CHARACTERS))]
    return f"{prefix}1{''.join(CHARACTERS[value] for value in (*values, *checksum))}"


def decode(text: str) -> tuple[str, bytes]:
    """Return prefix and data bytes of what :func:`encode` gives, in lower or upper case; raise :class:`Bech32mError`."""
    prefix, values = split(text)
    number = 0
    for value in values:
        number = number << 5 | value
    spare = len(values) * 5 % 8
    if spare > 4 or number & (1 << spare) - 1:
        raise Bech32mError("character")
    return prefix, (number >> spare).to_bytes(len(values) * 5 // 8, "big")


def split(text: str) -> tuple[str, Sequence[int]]:
    """Return prefix and values of five bits without the checksum, which is checked; raise :class:`Bech32mError`."""
    if len(text) > MAX_CHARACTERS:
        raise Bech32mError("length")
    lower = text.lower()
    if text not in (lower, text.upper()) or not all("!" <= character <= "~" for character in text):
        raise Bech32mError("character")
    prefix, separator, data = lower.rpartition("1")
    if not separator or not prefix or any(character not in _VALUES for character in data):
        raise Bech32mError("character")
    if len(data) < CHECKSUM_CHARACTERS:
        raise Bech32mError("length")
    values = [_VALUES[character] for character in data]
    if _polymod([*_expanded(prefix), *values]) != _CONSTANT:
        raise Bech32mError("checksum")
    return prefix, values[:-CHECKSUM_CHARACTERS]


def _expanded(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _polymod(values: Iterable[int]) -> int:
    residue = 1
    for value in values:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            if top >> place & 1:
                residue ^= generator
    return residue
