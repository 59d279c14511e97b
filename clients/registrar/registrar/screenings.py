"""Who took part in cancer screenings, on the way to anon-data: member, fiscal year and screening are all there is.

Of lines about one member, year and screening the last counts, whether it says so or takes it back; so does a later file.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.encoding import lp
from protocol.messages.screenings import ScreeningRow, Screenings, ScreeningsStored, ScreeningsWithdrawn

from . import importers
from .batches import ROUND_CHECKUPS, batches, cut
from .files import Source
from .hosts import encode
from .report import ImportSummary, Line, Place
from .roster import Roster
from .roster_member import Member
from .run import Run
from .sent import Kind, Note
from .tokens import token_seeds
from .windows import Window, quotas_of

_KIND: Kind = "screening"


@dataclass(frozen=True, repr=False)
class Arrived:
    """What anon-data does not have yet, or has and must not have."""

    place: Place
    identity: bytes
    member: Member
    note: Note
    cancelled: bool

    def row(self, token: bytes) -> ScreeningRow:
        """Return what names it at anon-data."""
        return screening_row(token, self.note.key)


def screening_row(token: bytes, key: tuple[str, ...]) -> ScreeningRow:
    """Return the row of a note's key."""
    return ScreeningRow.model_validate({"token": token, "fiscal_year": int(key[0]), "kind": key[1]})


def read_screenings(roster: Roster, sources: Sequence[Source], summary: ImportSummary) -> list[Arrived]:
    """Return what anon-data must be told, by the last line of each."""
    last: dict[bytes, Arrived] = {}
    for source in sources:
        for place, row in source.read(importers.ScreeningRow, summary.lines):
            member = roster.find(row.member)
            if member is None:
                summary.lines.append(Line.of(place, "not-enrolled"))
                continue
            key = (str(row.fiscal_year), row.kind)
            note = Note(_KIND, key, ("", "", ""), roster.content(lp(*key)), member.anchor, row.member)
            identity = lp("screening", member.anchor.x, *key)
            last[identity] = Arrived(place, identity, member, note, row.cancelled)
    changes = [one for one in last.values() if one.cancelled == (roster.sent.get(_KIND, one.identity) is not None)]
    summary.screenings_unchanged += len(last) - len(changes)
    return changes


def rehearse_screenings(roster: Roster, sources: Sequence[Source], summary: ImportSummary) -> None:
    """Count what an import would do with the tables."""
    changes = read_screenings(roster, sources, summary)
    summary.screenings_withdrawn += sum(one.cancelled for one in changes)
    summary.screenings_inserted += sum(not one.cancelled for one in changes)


async def ingest_screenings(run: Run, sources: Sequence[Source]) -> None:
    """Send every row that is new or taken back, a round at a time."""
    for piece in cut(await asyncio.to_thread(read_screenings, run.roster, sources, run.summary), ROUND_CHECKUPS):
        await _round(run, piece)


async def _round(run: Run, changes: Sequence[Arrived]) -> None:
    members = {one.member.refs["keyvault"]: one.member for one in changes}
    gone, fresh = [one for one in changes if one.cancelled], [one for one in changes if not one.cancelled]
    windows = await run.session.windows(
        "ingest", quotas_of("ingest", members=len(members), screenings=len(fresh), withdrawn=len(gone))
    )
    stage = run.stage("token seeds for screenings", len(members))
    inputs = [one.anchor.x for one in members.values()]
    found = await token_seeds(run.session, windows.named, inputs, stores=("anon-data",), done=stage.add)
    tokens = {ref: one["anon-data"].token for ref, one in zip(members, found, strict=True)}
    await withdraw(run, windows.pseudonymous, [one.row(tokens[one.member.refs["keyvault"]]) for one in gone])
    for one in gone:
        run.roster.sent.forget(one.member.anchor, _KIND, [one.note.key])
    run.summary.screenings_withdrawn += len(gone)
    for batch in batches(fresh, lambda one: tokens[one.member.refs["keyvault"]]):
        await _send(run, windows.pseudonymous, batch, [one.row(tokens[one.member.refs["keyvault"]]) for one in batch])


async def _send(run: Run, window: Window, batch: Sequence[Arrived], rows: Sequence[ScreeningRow]) -> None:
    stored = await run.session.hosts.call(
        "anon-data", window, "/screenings", encode(Screenings(rows=tuple(rows))), ScreeningsStored
    )
    unknown = set(stored.unknown)
    run.summary.lines += [Line.of(one.place, "mailbox-unknown") for at, one in enumerate(batch) if at in unknown]
    run.summary.screenings_inserted += stored.inserted
    run.summary.screenings_unchanged += stored.unchanged
    run.roster.sent.put((one.identity, one.note) for at, one in enumerate(batch) if at not in unknown)


async def withdraw(run: Run, window: Window, rows: Sequence[ScreeningRow]) -> None:
    """Take rows out of mailboxes."""
    for batch in batches(rows, lambda row: row.token):
        body = encode(Screenings(rows=tuple(batch)))
        await run.session.hosts.call("anon-data", window, "/screenings/withdrawals", body, ScreeningsWithdrawn)
