"""What of a claim's codes may be said openly: a code that at least ten members share, else its class, else ``other``.

Counted are the members in the receipts of one command; what was common once stays common (docs/decisions/0013).
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from health.diseases import OTHER, group_of

FEWEST = 10
"""Members who share whatever is said openly."""


@dataclass
class Commonness:
    """Counts who has which codes, as far as that decides anything: of a common code it no longer knows who."""

    common: set[str] = field(default_factory=set)
    """Codes and classes that may be said."""
    _rare: dict[str, set[bytes]] = field(default_factory=dict)

    def count(self, member: bytes, codes: Iterable[str]) -> None:
        """Note that a member has these codes of diagnoses (7 digits) and drugs (9)."""
        for code in codes:
            if code in self.common:
                continue
            having = self._rare.setdefault(code, set())
            having.add(member)
            if len(having) >= FEWEST:
                self.common.add(code)
                del self._rare[code]

    def settle(self) -> AbstractSet[str]:
        """Return what may be said, now that everybody was counted: of classes those of at least ten who have a rare code."""
        classes: dict[str, set[bytes]] = {}
        for code, having in self._rare.items():
            if len(code) == 7 and code not in self.common:
                classes.setdefault(group_of(code), set()).update(having)
        self.common |= {name for name, having in classes.items() if len(having) >= FEWEST}
        return self.common


def said_diagnosis(code: str, common: AbstractSet[str]) -> str:
    """Return what is said openly of a diagnosis."""
    if code in common:
        return code
    return name if (name := group_of(code)) in common else OTHER


def said_drug(code: str, common: AbstractSet[str]) -> str:
    """Return what is said openly of a drug."""
    return code if code in common else OTHER
