"""Whether somebody took part in each cancer screening of a fiscal year."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from protocol.messages.screenings import SCREENINGS

Row = Mapping[str, Any]


def screened(year: int, rows: Sequence[Row], known: Collection[tuple[int, int]]) -> Mapping[str, str]:
    """Return `screening_...` yes or no; nothing of a screening of which nobody is `known` to have taken part that year."""
    part = {(row["fiscal_year"], row["kind"]) for row in rows}
    return {
        f"screening_{name}": "yes" if (year, kind) in part else "no"
        for kind, name in enumerate(SCREENINGS, 1)
        if (year, kind) in known
    }
