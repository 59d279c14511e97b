"""Whose a record of a file is, where the file knows people by their member number."""

from datetime import date
from typing import Protocol

from protocol.member import MemberNumber, MemberNumberError

from .importers import Sex
from .roster import Roster
from .roster_member import Member


class Numbered(Protocol):
    """What rows about members have alike; the number is as written, the branch may be missing."""

    @property
    def insurer_number(self) -> str: ...  # noqa: D102
    @property
    def symbol(self) -> str: ...  # noqa: D102
    @property
    def number(self) -> str: ...  # noqa: D102
    @property
    def branch(self) -> str | None: ...  # noqa: D102
    @property
    def birth_date(self) -> date: ...  # noqa: D102
    @property
    def sex(self) -> Sex: ...  # noqa: D102


class NobodyHolds(Exception):
    """The roster does not say whose the record is; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def holder_of(roster: Roster, row: Numbered) -> tuple[Member, MemberNumber]:
    """Return whose the record is, and the number under which it came, with the branch that the file may lack."""
    try:
        card = MemberNumber.parse(row.insurer_number, row.symbol, row.number, row.branch or "00")
    except MemberNumberError as error:
        raise NobodyHolds("not-enrolled") from error
    if row.branch:
        member = roster.find(card)
        found = [member] if member else []
    else:
        found = roster.find_card(card, row.birth_date.isoformat(), row.sex)
    if len(found) != 1:
        raise NobodyHolds("member-ambiguous" if found else "not-enrolled")
    return found[0], card if row.branch else found[0].current
