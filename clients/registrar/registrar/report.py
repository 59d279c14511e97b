"""What an import came to: counts, and the lines that were not taken. Never a person's data."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from rich.table import Table

from .importers import CODES, Rejected

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "record-too-long": "name, address and the like are together too long for the sealed record",
        "not-enrolled": "nobody with this member number is in the roster; import the eligibility file first",
        "member-ambiguous": "the file lacks the branch number, and several members of this card fit",
        "ticket-unknown": "the file knows people by the insurer's ticket, and no table of tickets of this command has this one",
        "ticket-differs": "whoever the ticket was issued for has another birth date or sex",
        "guidance-repeated": "the same member, day and stage of guidance came earlier in this import, which was kept",
        "receipt-differs": "whoever has this member number has another birth date or sex than the receipt says",
        "claim-too-large": "the receipt has more points than anything could cost",
        "prices-none": "no line of the tables of prices can be used, so the prices stay as they were",
        "program-bad": "the programme code is not made of three digits",
        "checkup-repeated": "the same member, day and programme is in this import twice; the later version counts",
        "details-too-long": "what identifies does not fit the largest size of the sealed details",
        "mailbox-unknown": "anon-data has no mailbox for this member; run the import of the eligibility file again",
        "mailbox-differs": "a store has a mailbox with other keys for this member",
        "already-released": "the member has signed in: only a recovery gives them another way in",
        "verifier-taken": "this work id belongs to another member already",
        "number-superseded": "the person has another number since; the newer number's row counts",
        "previous-differs": "whoever had the previous number has another birth date or sex: they are two people",
        "splitting": "two people who were taken for one are being split: run warifu-registrar events split again first",
        "retention-over": "the membership ended longer ago than records are kept, so the person is not enrolled",
        "erased": "the person was erased, and is not enrolled again",
        "erased-number": "this is the number of somebody who was erased; whoever has it now needs another one",
        "wish-unknown": "nobody in the roster has the reference of this wish",
        "wish-unreadable": "the wish does not open with the insurer's key; it was settled without a change",
        "wish-forbidden": "the wish names fields that only the insurer's files change; it was settled without a change",
        "wish-unfit": "a wished value has not the form, or the length, of its field; it was settled without a change",
        "guardian-unknown": "a child under age has no guardian in the roster to whom a letter could go",
        "guardian-over": "who was this child's guardian still has a way in: run warifu-registrar events run first",
        "characters-missing": "the letters' fonts cannot show how this member, or the address, is spelt",
        "letter-too-long": "a name or an address is too long for a letter",
        "address-missing": "none of the given files has this member's address",
        "reference-unknown": "a host does not know a reference that it should; run the import again",
    }
)
"""Codes of this tool, besides those of the importers."""

NOTES = frozenset({"number-superseded", "retention-over", "erased"})
"""Codes after which nothing is lost."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: which file of the command (from 1) and where in it, a code, its sentence."""

    file: str
    line: int | None
    code: str
    reason: str

    @classmethod
    def of(cls, place: "Place", code: str) -> "Line":
        """Return a line for a code of this tool or of the importers."""
        return cls(place.file, place.line, code, REASONS[code] if code in REASONS else CODES[code].reason)

    @classmethod
    def from_importer(cls, number: int, rejected: Rejected) -> "Line":
        """Return a line for what an importer reported in the file of that number."""
        return cls(f"{number}:{rejected.file}", rejected.line, rejected.code, rejected.reason)

    @property
    def note(self) -> bool:
        """Whether nothing was lost."""
        return self.code in NOTES or (self.code in CODES and CODES[self.code].scope == "note")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stood: the file's number in the command and the importer's word for the place, never a file name."""

    file: str
    line: int | None


@dataclass(repr=False)
class ImportSummary:
    """What an import came to, counted as it goes."""

    files: int = 0
    members_enrolled: int = 0
    members_updated: int = 0
    members_regrouped: int = 0
    members_noted: int = 0
    """Of whom only the roster learned something: an end of membership, a new work id after the first login."""
    updates_sent: int = 0
    members_unchanged: int = 0
    checkups_inserted: int = 0
    checkups_replaced: int = 0
    checkups_unchanged: int = 0
    checkups_superseded: int = 0
    """Versions that were passed over, because anon-data has one that was written later."""
    receipts_read: int = 0
    claims_inserted: int = 0
    claims_replaced: int = 0
    claims_unchanged: int = 0
    claims_withdrawn: int = 0
    """Taken back because they were cancelled."""
    claims_superseded: int = 0
    """Versions that were passed over, because there is a newer one or the same one twice."""
    guidance_inserted: int = 0
    guidance_replaced: int = 0
    guidance_unchanged: int = 0
    screenings_inserted: int = 0
    screenings_withdrawn: int = 0
    """Taken back by a line that says so."""
    screenings_unchanged: int = 0
    prices_read: int = 0
    without_a_way_in: int = 0
    """Enrolled members who can sign in by nothing that the workstation knows of."""
    events_due: int = 0
    windows_opened: int = 0
    windows_left_open_at: Collection[str] = ()
    """Hosts that could not be told that the windows are closed."""
    seconds: float = 0
    dry_run: bool = False
    lines: list[Line] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Lines after which something is missing."""
        return sum(not line.note for line in self.lines)

    @property
    def changed(self) -> int:
        """How many members, checkups, claims, reports of guidance and screenings were written at a host."""
        members = self.members_enrolled + self.members_updated + self.members_regrouped
        claims = self.claims_inserted + self.claims_replaced + self.claims_withdrawn
        guidance = self.guidance_inserted + self.guidance_replaced
        screenings = self.screenings_inserted + self.screenings_withdrawn
        return members + self.checkups_inserted + self.checkups_replaced + claims + guidance + screenings

    def __str__(self) -> str:
        """Return the counts that are not zero, in one line."""
        return ", ".join(f"{count} {name}" for name, count in self.counts().items() if count) or "nothing to do"

    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        return {
            "members enrolled": self.members_enrolled,
            "members updated": self.members_updated,
            "members regrouped": self.members_regrouped,
            "members noted": self.members_noted,
            "members unchanged": self.members_unchanged,
            "updates to members": self.updates_sent,
            "checkups stored": self.checkups_inserted,
            "checkups replaced": self.checkups_replaced,
            "checkups unchanged": self.checkups_unchanged,
            "receipts read": self.receipts_read,
            "claims stored": self.claims_inserted,
            "claims replaced": self.claims_replaced,
            "claims unchanged": self.claims_unchanged,
            "claims withdrawn": self.claims_withdrawn,
            "older versions": self.claims_superseded + self.checkups_superseded,
            "guidance stored": self.guidance_inserted,
            "guidance replaced": self.guidance_replaced,
            "guidance unchanged": self.guidance_unchanged,
            "screenings stored": self.screenings_inserted,
            "screenings taken back": self.screenings_withdrawn,
            "screenings unchanged": self.screenings_unchanged,
            "prices read": self.prices_read,
            "lines rejected": self.rejected,
            "notes": len(self.lines) - self.rejected,
        }


def write_lines(path: Path, lines: Iterable[Line]) -> None:
    """Write the rejected lines as CSV: file, line, code, reason."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "line", "code", "reason"))
        writer.writerows((one.file, one.line or "", one.code, one.reason) for one in lines)


def keep_lines(path: Path, summary: ImportSummary, *, ended: bool) -> None:
    """Leave the report of the last import: none when it came to its end and had nothing to report.

    An import that ended early without a word leaves the report that was there.
    """
    if summary.lines:
        write_lines(path, summary.lines)
    elif ended:
        path.unlink(missing_ok=True)


def tables(summary: ImportSummary) -> list[Table]:
    """Return the summary for a terminal: the counts, and how often each code was reported."""
    counts = Table("what", "count", title="would be done" if summary.dry_run else "done")
    for name, count in summary.counts().items():
        counts.add_row(name, str(count))
    found = [counts]
    if summary.lines:
        codes = Table("code", "count", "reason", title="reported lines")
        reasons = {line.code: CODES[line.code].reason if line.code in CODES else line.reason for line in summary.lines}
        for code, count in Counter(line.code for line in summary.lines).most_common():
            codes.add_row(code, str(count), reasons[code])
        found.append(codes)
    return found


def ahead(summary: ImportSummary) -> list[str]:
    """Return what the import leaves to do, as sentences with the command that does it."""
    sentences = []
    if summary.without_a_way_in:
        command = "warifu-registrar letters print --everyone-without-a-way-in --from TABLE -o FILE.pdf --officer A --officer B"
        sentences.append(f"{summary.without_a_way_in} members have no way to sign in; print their letters: {command}")
    if summary.events_due:
        sentences.append(f"{summary.events_due} events are due: warifu-registrar events due, then events run")
    if summary.windows_left_open_at:
        hosts = ", ".join(sorted(summary.windows_left_open_at))
        sentences.append(f"windows stay open until their time ends, without their keys, at: {hosts}")
    return sentences
