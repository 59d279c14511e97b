"""The terms of 特定健診: which items and which choice lists a file of a term may use.

The 4th term began with the fiscal year 2024. Files of the earlier ones answer smoking with yes or no, know fewer words for
drinking, and have two items that the 4th term replaced.
"""

from dataclasses import dataclass
from datetime import date

from health.items import Item

_FOURTH_FROM = date(2024, 4, 1)
_OLD_ITEMS = frozenset({"guidance-wish", "hba1c-jds"})
_NEW_ITEMS = frozenset({"triglycerides-casual", "not-done-reason", "guidance-experience"})


@dataclass(frozen=True, slots=True)
class Term:
    """One term's profile. `without` holds short names of items it does not have; `newest` says which list of an item with two."""

    name: str
    index_namespace: str
    without: frozenset[str]
    newest: bool

    def has(self, item: Item) -> bool:
        """Whether the term has the item."""
        return item.name not in self.without

    def lists(self, item: Item) -> tuple[str, ...]:
        """Return the number of the item's choice list in this term, none for items without one."""
        return (item.choices[:1] if self.newest else item.choices[-1:]) if item.choices else ()


THIRD = Term("third", "http://tokuteikenshin.jp/checkup/2007", _NEW_ITEMS, newest=False)
"""The 3rd term and those before it, which shared its namespace."""

FOURTH = Term("fourth", "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html", _OLD_ITEMS, newest=True)

TERMS = (THIRD, FOURTH)


def term_of(day: date) -> Term:
    """Return the term of an examination day."""
    return FOURTH if day >= _FOURTH_FROM else THIRD
