"""The member number: one spelling for every way an insurer writes it."""

import re
import unicodedata
from dataclasses import dataclass

from .encoding import lp

HYPHENS = re.compile("[\u002d\u00ad\u2010-\u2015\u2212\u30fc\uff0d\uff70\u2500\u2501]")
"""One character of the many that people and files write for a hyphen."""
_SPACE = re.compile(r"\s+")


class MemberNumberError(ValueError):
    """A member number has a field that cannot be one; the message names the field, never its value."""


@dataclass(frozen=True, order=True)
class MemberNumber:
    """Insurer number (8 digits), symbol, number and branch (2 digits) of a health insurance card, normalised."""

    insurer: str
    symbol: str
    number: str
    branch: str

    @classmethod
    def parse(cls, insurer: str, symbol: str, number: str, branch: str) -> "MemberNumber":
        """Normalise the four fields as written on cards and in files.

        NFKC folds full-width forms; white space goes; the insurer number is padded to 8 digits; the symbol is upper case with one
        kind of hyphen; the number loses leading zeros; the branch is padded to 2 digits.
        """
        insurer, symbol, number, branch = (
            _SPACE.sub("", unicodedata.normalize("NFKC", field)) for field in (insurer, symbol, number, branch)
        )
        if not (insurer.isascii() and insurer.isdigit() and len(insurer) <= 8):
            raise MemberNumberError("insurer number: up to 8 digits expected")
        if not (number.isascii() and number.isdigit() and number.strip("0")):
            raise MemberNumberError("number: digits expected")
        if not (branch.isascii() and branch.isdigit() and len(branch) <= 2):
            raise MemberNumberError("branch: up to 2 digits expected")
        return cls(insurer.zfill(8), HYPHENS.sub("-", symbol).upper(), number.lstrip("0"), branch.zfill(2))

    @property
    def x(self) -> bytes:
        """The input of the blind evaluation."""
        return lp("member", self.insurer, self.symbol, self.number, self.branch)
