"""Checkups on their way to anon-data: by member number to a token, the open part as codes, the rest sealed to the mailbox."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from protocol.member import MemberNumber
from protocol.messages.records import Checkup, CheckupsStored, Item, PutItems, StoreCheckups
from protocol.tokens import TokenSeed

from .batches import BATCHES_AT_A_TIME, ROUND_CHECKUPS, batches, cut
from .details import DetailsTooLong, details, seal_details
from .errors import ItemsDiffer, RowsRefused
from .files import Source
from .holders import NobodyHolds, holder_of
from .hosts import encode
from .importers import CheckupRow, GuidanceRow, TicketRow
from .observations import Table
from .report import ImportSummary, Line, Place
from .roster import Roster
from .roster_member import Member
from .run import Run
from .session import Session
from .tokens import token_seeds
from .windows import Window, quotas_of

_PROGRAM = re.compile(r"\d{3}", re.ASCII)
_ITEMS_AT_ONCE = 2000
_EARLIEST, _OLDEST = 1900, 150


@dataclass(frozen=True, repr=False)
class Arrived:
    """A checkup that anon-data does not have yet, or not like this."""

    place: Place
    member: Member
    came_as: MemberNumber
    """The number in the file."""
    checkup: Checkup
    """Without its details."""
    padded: bytes
    content: bytes
    written: str

    @property
    def key(self) -> tuple[str, str]:
        """Examination date and programme: with the member, what makes it the same checkup."""
        return self.checkup.exam_date.isoformat(), self.checkup.program

    @property
    def identity(self) -> tuple[bytes, str, str]:
        """Whose checkup it is, and which."""
        return self.member.refs["keyvault"], *self.key


@dataclass
class Reader:
    """Second half of the files: finds each checkup's member and drops what anon-data has already."""

    roster: Roster
    summary: ImportSummary
    table: Table = field(default_factory=Table)
    tickets: dict[str, MemberNumber] = field(default_factory=dict)
    """Whose the insurer's tickets are, from the tables of tickets in this command."""
    seen: dict[tuple[bytes, str, str], tuple[str, bytes, Place]] = field(default_factory=dict)
    """Of what this command has read the version that counts: when it was written, its content, where it stands."""
    guidance: list[tuple[Place, GuidanceRow]] = field(default_factory=list)
    """Reports of guidance that stood beside checkups."""

    def learn(self, source: Source) -> None:
        """Note whose the tickets of a table are; one that another table gave to somebody else is whose it was."""
        for place, row in source.read(TicketRow, self.summary.lines):
            if self.tickets.setdefault(row.ticket, row.member) != row.member:
                self.summary.lines.append(Line.of(place, "ticket-repeated"))

    def read(self, source: Source) -> Iterator[Arrived]:
        """Yield a file's new and changed checkups; of one that is there twice the later version comes last."""
        for place, row in source.read(CheckupRow, self.summary.lines, self.guidance):
            try:
                arrived = self._arrived(place, row)
            except _Refused as refusal:
                self.summary.lines.append(Line.of(place, refusal.code))
                continue
            except _PassedOver:
                self.summary.checkups_superseded += 1
                continue
            if arrived is None:
                self.summary.checkups_unchanged += 1
            else:
                yield arrived

    def _arrived(self, place: Place, row: CheckupRow) -> Arrived | None:
        if not _PROGRAM.fullmatch(row.program_code):
            raise _Refused("program-bad")
        age = age_at_year_end(row.birth_date, row.fiscal_year)
        if not (row.fiscal_year >= _EARLIEST and 0 <= age <= _OLDEST):
            raise _Refused("dates-disordered")
        member, came_as = self._member(row)
        said, kept_out = self.table.split(row)
        try:
            padded = details(row, kept_out)
        except DetailsTooLong as error:
            raise _Refused("details-too-long") from error
        checkup = Checkup(
            exam_date=row.exam_date,
            fiscal_year=row.fiscal_year,
            program=row.program_code,
            age=age,
            observations=said,
        )
        content = self.roster.content(encode(checkup) + padded)
        written = row.written.isoformat() if row.written else ""
        arrived = Arrived(place, member, came_as, checkup, padded, content, written)
        return arrived if self._is_news(arrived) else None

    def _is_news(self, one: Arrived) -> bool:
        """Say whether anon-data lacks this version; _Refused or _PassedOver where a later one counts.

        Within a command the later one counts, whatever the order: of two that were written on one day, or nobody knows when, always
        the same one of both. From command to command what does not say when it was written is taken to be later.
        """
        earlier = self.seen.get(one.identity)
        if earlier is not None and (one.written, one.content) <= earlier[:2]:
            raise _Refused("checkup-repeated")
        known = self.roster.written(one.member.anchor, *one.key) if one.written else ""
        if earlier is None and one.written < known:
            raise _PassedOver
        self.seen[one.identity] = (one.written, one.content, one.place)
        if earlier is not None:
            self.summary.lines.append(Line.of(earlier[2], "checkup-repeated"))
            return True
        if self.roster.checkup(one.member.anchor, *one.key) != one.content:
            return True
        if one.written > known:
            self.roster.note_written(one.member.anchor, *one.key, one.written)
        return False

    def _member(self, row: CheckupRow) -> tuple[Member, MemberNumber]:
        """Return whose checkup it is, and the number under which it came, with the branch that the file may lack."""
        if not row.number:
            return self._holder(row)
        try:
            return holder_of(self.roster, row)
        except NobodyHolds as error:
            raise _Refused(error.code) from error

    def _holder(self, row: CheckupRow) -> tuple[Member, MemberNumber]:
        """Return whose the ticket is. Birth date and sex must be theirs: a mistyped ticket is somebody else's."""
        card = self.tickets.get(row.ticket or "")
        if card is None:
            raise _Refused("ticket-unknown")
        member = self.roster.find(card)
        if member is None:
            raise _Refused("not-enrolled")
        if (member.birth_date, member.sex) != (row.birth_date.isoformat(), row.sex):
            raise _Refused("ticket-differs")
        return member, card


class _PassedOver(Exception):
    """anon-data has a version that was written later."""


class _Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def age_at_year_end(birth: date, fiscal_year: int) -> int:
    """Return the full years on 31 March, the last day of a Japanese fiscal year."""
    return fiscal_year + 1 - birth.year - ((birth.month, birth.day) > (3, 31))


def reader_of(roster: Roster, summary: ImportSummary, sources: Sequence[Source]) -> Reader:
    """Return a reader that knows the command's tables of tickets, in whatever order the files were given."""
    reader = Reader(roster, summary)
    for source in sources:
        if source.holds_tickets:
            reader.learn(source)
    return reader


async def ingest_all(run: Run, sources: Sequence[Source]) -> list[tuple[Place, GuidanceRow]]:
    """Send every new or changed checkup, a round at a time; return the reports of guidance that stood beside them."""
    reader = reader_of(run.roster, run.summary, sources)
    sent: dict[str, Item] = {}
    arrived: dict[tuple[bytes, str, str], Arrived] = {}
    for source in sources:
        if source.holds_tickets:
            continue
        rows = reader.read(source)
        while piece := await asyncio.to_thread(_take, rows, ROUND_CHECKUPS - len(arrived)):
            # A later version takes the place of one that waits in the same round.
            arrived |= {one.identity: one for one in piece}
            if len(arrived) >= ROUND_CHECKUPS:
                await _round(run, list(arrived.values()), reader.table.items, sent)
                arrived = {}
    if arrived:
        await _round(run, list(arrived.values()), reader.table.items, sent)
    return reader.guidance


def _take(rows: Iterator[Arrived], count: int) -> list[Arrived]:
    return list(islice(rows, count))


async def _round(run: Run, arrived: list[Arrived], items: dict[str, Item], sent: dict[str, Item]) -> None:
    members = {one.member.refs["keyvault"]: one.member for one in arrived}
    windows = await run.session.windows("ingest", quotas_of("ingest", members=len(members), checkups=len(arrived)))
    stage = run.stage("token seeds for checkups", len(members))
    inputs = [one.anchor.x for one in members.values()]
    seeds = await token_seeds(run.session, windows.named, inputs, stores=("anon-data",), done=stage.add)
    by_member = {ref: one["anon-data"] for ref, one in zip(members, seeds, strict=True)}
    await _put_items(run.session, windows.pseudonymous, items, sent)
    stage = run.stage("checkups", len(arrived))
    for together in cut(batches(arrived, lambda one: by_member[one.member.refs["keyvault"]].token), BATCHES_AT_A_TIME):
        sent_all = await asyncio.gather(
            *(_send(run, windows.pseudonymous, batch, by_member) for batch in together), return_exceptions=True
        )
        # Only when none is under way any more: what was stored is noted.
        if failed := next((one for one in sent_all if one is not None), None):
            raise failed
        stage.add(sum(map(len, together)))


async def _put_items(session: Session, window: Window, items: dict[str, Item], sent: dict[str, Item]) -> None:
    """Make the code table's entries known that these checkups use and that were not sent before in this import."""
    fresh = sorted(items.keys() - sent.keys())
    for codes in cut(fresh, _ITEMS_AT_ONCE):
        body = encode(PutItems(items=tuple(items[code] for code in codes)))
        try:
            await session.hosts.tell("anon-data", window, "/items", body, method="PUT")
        except RowsRefused as error:
            raise ItemsDiffer([codes[at] for at in error.rows if at in range(len(codes))]) from error
    sent.update({code: items[code] for code in fresh})


async def _send(run: Run, window: Window, batch: list[Arrived], seeds: dict[bytes, TokenSeed]) -> None:
    body = await asyncio.to_thread(_body, batch, seeds)
    stored = await run.session.hosts.call("anon-data", window, "/checkups", body, CheckupsStored)
    unknown = set(stored.unknown)
    run.summary.lines += [Line.of(one.place, "mailbox-unknown") for at, one in enumerate(batch) if at in unknown]
    run.summary.checkups_inserted += stored.inserted
    run.summary.checkups_replaced += stored.replaced
    run.summary.checkups_unchanged += stored.unchanged
    kept = [one for at, one in enumerate(batch) if at not in unknown]
    run.roster.put_origins((one.member.anchor, *one.key, one.content, one.came_as, one.written) for one in kept)


def _body(batch: list[Arrived], seeds: dict[bytes, TokenSeed]) -> bytes:
    rows = []
    for one in batch:
        seed = seeds[one.member.refs["keyvault"]]
        checkup = one.checkup.model_copy(update={"details": seal_details(one.padded, seed, *one.key)})
        rows.append((seed.token, checkup))
    return encode(StoreCheckups.of(rows))
