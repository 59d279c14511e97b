"""The checkup items this project knows: the 17-digit codes, what each means, and the choices of coded answers.

`items.csv` has one row per 17-digit code (JLAC10 with the ministry's suffixes, 4th term, plus two older groups). Several codes
may share one short name and differ by method. `choices.csv` has one row per answer of a choice list. Both are tables of this
project's own, transcribed from the ministry's public item table. `identifying` marks free text and doctors' names: such values
never travel in the open part of a record, only in the sealed details.
"""

from ._table import (
    CHOICE_ROOT,
    ITEM_SYSTEM,
    Choice,
    Item,
    Kind,
    by_code,
    by_name,
    choice_list,
    choices,
    items,
)

__all__ = [
    "CHOICE_ROOT",
    "ITEM_SYSTEM",
    "Choice",
    "Item",
    "Kind",
    "by_code",
    "by_name",
    "choice_list",
    "choices",
    "items",
]
