"""A table of the tickets that the insurer issued: which ticket is whose. Some layouts of checkups know people by nothing else.

The columns are 受診券整理番号, 保険者番号, 記号, 番号, 枝番, or in English ticket, insurer_number, symbol, number, branch, in any
order and no others; full-width characters are folded. Only the running import knows the table: the roster keeps no ticket.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from protocol.member import MemberNumber, MemberNumberError

from .header import ticket_or_none
from .report import Accepted, Importer, Rejected
from .rows import TicketRow
from .tables import TableError, head_of, lines_of
from .text import fold

_WHERE = "tickets"
_COLUMNS = {"受診券整理番号": "ticket", "保険者番号": "insurer_number", "記号": "symbol", "番号": "number", "枝番": "branch"}
_NAMES = _COLUMNS | {name: name for name in _COLUMNS.values()}
_NEEDED = ("ticket", "insurer_number", "number", "branch")


def sniff(path: Path) -> bool:
    """Whether the first line names a ticket and all of a member number, and nothing that no table of tickets has."""
    names = [[_NAMES.get(fold(cell)) for cell in cells] for cells in head_of(path, 1)]
    return any(None not in found and set(_NEEDED) <= set(found) for found in names)


def read(path: Path) -> Iterator[Accepted[TicketRow] | Rejected]:
    """Yield each line's row or report."""
    seen: dict[str, MemberNumber] = {}
    places: list[str | None] = []
    try:
        for line, cells in lines_of(path):
            if not places:
                places = [_NAMES.get(fold(cell)) for cell in cells]
                if report := _header_report(places, line):
                    yield report
                    return
            elif (outcome := _outcome(cells, places, line, seen)) is not None:
                yield outcome
    except TableError as problem:
        yield Rejected(_WHERE, problem.line, problem.code)
        return
    if not places:
        yield Rejected(_WHERE, None, "table-empty")


def _header_report(places: Sequence[str | None], line: int) -> Rejected | None:
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        return Rejected(_WHERE, line, "columns-missing", ", ".join(missing))
    return Rejected(_WHERE, line, "columns-repeated") if len(set(places)) != len(places) else None


def _outcome(
    cells: Sequence[str], places: Sequence[str | None], line: int, seen: dict[str, MemberNumber]
) -> Accepted[TicketRow] | Rejected | None:
    if len(cells) != len(places):
        return Rejected(_WHERE, line, "cells-mismatch")
    fields = {name: fold(cell) for name, cell in zip(places, cells, strict=True) if name}
    ticket = ticket_or_none(fields["ticket"])
    if ticket is None:
        return Rejected(_WHERE, line, "ticket-bad")
    try:
        member = MemberNumber.parse(fields["insurer_number"], fields.get("symbol", ""), fields["number"], fields["branch"])
    except MemberNumberError:
        return Rejected(_WHERE, line, "member-number-bad")
    if ticket in seen:
        return None if seen[ticket] == member else Rejected(_WHERE, line, "ticket-repeated")
    seen[ticket] = member
    return Accepted(_WHERE, line, TicketRow(ticket, member))


IMPORTER = Importer("tickets-csv", sniff, read)
