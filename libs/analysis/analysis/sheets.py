"""Lines below a head, as CSV; what answers and comparisons become before they leave, in whatever form."""

import csv
import io
from dataclasses import dataclass

Entry = str | int | float | None
"""None where a number is not shown, or needs one that is not."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; `notes` are sentences that must be read with it, which CSV has no place for."""

    head: tuple[str, ...]
    lines: tuple[tuple[Entry, ...], ...]
    notes: tuple[str, ...] = ()

    def csv(self) -> str:
        """Return the table alone (RFC 4180); what is not shown is empty."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.head)
        writer.writerows(["" if entry is None else entry for entry in line] for line in self.lines)
        return out.getvalue()
