"""Reports of specific health guidance on their way to anon-data: day, stage and level openly, the results sealed to the mailbox."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from protocol.encoding import lp, pad
from protocol.messages.guidance import (
    Guidance,
    GuidanceLevel,
    GuidanceRow,
    GuidanceStored,
    GuidanceWithdrawn,
    StoreGuidance,
    WithdrawGuidance,
    WithdrawnGuidance,
)
from protocol.sealing import seal_xwing
from protocol.tokens import TokenSeed

from . import importers
from .batches import ROUND_CHECKUPS, batches, cut
from .details import SIZES, DetailsTooLong, observation
from .holders import NobodyHolds, holder_of
from .hosts import encode
from .report import ImportSummary, Line, Place
from .roster import Roster
from .roster_member import Member
from .run import Run
from .sent import Kind, Note
from .tokens import token_seeds
from .windows import Window, quotas_of

_KIND: Kind = "guidance"
_LEVELS: dict[str, GuidanceLevel] = {"1": "intensive", "2": "motivational", "3": "equivalent"}
_LEVEL_LIST = "1.2.392.200119.6.1112"


@dataclass(frozen=True, repr=False)
class Arrived:
    """A report that anon-data does not have yet, or not like this."""

    place: Place
    identity: bytes
    member: Member
    guidance: Guidance
    """Without its details."""
    padded: bytes
    note: Note


@dataclass
class Reader:
    """Finds each report's member and drops what anon-data has already."""

    roster: Roster
    summary: ImportSummary
    seen: set[bytes] = field(default_factory=set)

    def read(self, rows: Iterable[tuple[Place, importers.GuidanceRow]]) -> Iterator[Arrived]:
        """Yield new and changed reports; of two of one member, day and stage in a command the first counts."""
        for place, row in rows:
            try:
                arrived = self._arrived(place, row)
            except NobodyHolds as refusal:
                self.summary.lines.append(Line.of(place, refusal.code))
                continue
            except DetailsTooLong:
                self.summary.lines.append(Line.of(place, "details-too-long"))
                continue
            if arrived is None:
                self.summary.guidance_unchanged += 1
            else:
                yield arrived

    def _arrived(self, place: Place, row: importers.GuidanceRow) -> Arrived | None:
        member, came_as = holder_of(self.roster, row)
        key = (row.day.isoformat(), row.report_code)
        identity = lp("guidance", member.anchor.x, *key)
        if identity in self.seen:
            raise NobodyHolds("guidance-repeated")
        self.seen.add(identity)
        guidance = Guidance(day=row.day, stage=row.report_code, level=_level(row))
        padded = _details(row)
        content = self.roster.content(encode(guidance) + padded)
        known = self.roster.sent.get(_KIND, identity)
        if known is not None and known.content == content:
            return None
        return Arrived(place, identity, member, guidance, padded, Note(_KIND, key, ("", "", ""), content, member.anchor, came_as))


def _level(row: importers.GuidanceRow) -> GuidanceLevel | None:
    """Return the level where exactly one is reported; values are in lists, so the list says which result it is."""
    found = {str(one.value) for one in row.results if one.code_system == _LEVEL_LIST}
    return _LEVELS.get(found.pop()) if len(found) == 1 else None


def _details(row: importers.GuidanceRow) -> bytes:
    content = {
        "v": 1,
        "institution": {"number": row.institution.number, "name": row.institution.name},
        "ticket": row.ticket,
        "results": [observation(one) for one in row.results],
    }
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    size = next((size for size in SIZES if len(raw) < size), None)
    if size is None:
        raise DetailsTooLong
    return pad(raw, size)


def rehearse_guidance(roster: Roster, rows: Sequence[tuple[Place, importers.GuidanceRow]], summary: ImportSummary) -> None:
    """Count what an import would do with the reports."""
    for arrived in Reader(roster, summary).read(rows):
        known = roster.sent.get(_KIND, arrived.identity) is not None
        summary.guidance_replaced += known
        summary.guidance_inserted += not known


async def ingest_guidance(run: Run, rows: Sequence[tuple[Place, importers.GuidanceRow]]) -> None:
    """Send every new or changed report, a round at a time."""
    arrived = await asyncio.to_thread(list, Reader(run.roster, run.summary).read(rows))
    for piece in cut(arrived, ROUND_CHECKUPS):
        await _round(run, piece)


async def _round(run: Run, arrived: Sequence[Arrived]) -> None:
    members = {one.member.refs["keyvault"]: one.member for one in arrived}
    windows = await run.session.windows("ingest", quotas_of("ingest", members=len(members), guidance=len(arrived)))
    stage = run.stage("token seeds for guidance", len(members))
    inputs = [one.anchor.x for one in members.values()]
    found = await token_seeds(run.session, windows.named, inputs, stores=("anon-data",), done=stage.add)
    seeds = {ref: one["anon-data"] for ref, one in zip(members, found, strict=True)}
    for batch in batches(arrived, lambda one: seeds[one.member.refs["keyvault"]].token):
        await _send(run, windows.pseudonymous, batch, seeds)


async def _send(run: Run, window: Window, batch: list[Arrived], seeds: Mapping[bytes, TokenSeed]) -> None:
    rows = []
    for one in batch:
        seed = seeds[one.member.refs["keyvault"]]
        info = lp("guidance-details", seed.token, one.guidance.day.isoformat(), one.guidance.stage)
        sealed = seal_xwing(seed.mailbox_key.public_bytes, one.padded, info)
        rows.append(GuidanceRow(token=seed.token, guidance=one.guidance.model_copy(update={"details": sealed})))
    stored = await run.session.hosts.call("anon-data", window, "/guidance", encode(StoreGuidance(rows=tuple(rows))), GuidanceStored)
    unknown = set(stored.unknown)
    run.summary.lines += [Line.of(one.place, "mailbox-unknown") for at, one in enumerate(batch) if at in unknown]
    run.summary.guidance_inserted += stored.inserted
    run.summary.guidance_replaced += stored.replaced
    run.summary.guidance_unchanged += stored.unchanged
    run.roster.sent.put((one.identity, one.note) for at, one in enumerate(batch) if at not in unknown)


async def withdraw(run: Run, window: Window, rows: Sequence[WithdrawnGuidance]) -> None:
    """Take reports out of mailboxes."""
    for batch in batches(rows, lambda row: row.token):
        body = encode(WithdrawGuidance(rows=tuple(batch)))
        await run.session.hosts.call("anon-data", window, "/guidance/withdrawals", body, GuidanceWithdrawn)
