"""What the cells of a checkup table say besides values: the ministry's words for having none."""

from .results import Raw, item_code, kind_in_table, observe
from .rows import Observation, Status
from .terms import Term
from .text import fold

NOT_DONE = "未実施"
NOT_MEASURABLE = ("測定不能", "測定不可能")
ABOVE, BELOW = "H", "L"
"""Stand in a number's place where it is beyond what may be reported."""


def observe_cell(code: str, cell: str, term: Term) -> Observation | None:
    """Type one cell of an item's column, None for an empty one; ResultError for what cannot be kept."""
    words = fold(cell)
    if not words:
        return None
    known = item_code(code)
    kind = kind_in_table(known)
    status: Status = "measured"
    if words == NOT_DONE:
        status = "not-done"
    elif words in NOT_MEASURABLE:
        status = "not-measurable"
    elif kind == "PQ" and words in (ABOVE, BELOW):
        status = "above-range" if words == ABOVE else "below-range"
    return observe(Raw(known, kind, words, status=status, term=term))
