"""Receipts on their way to anon-data as medical claims: of each receipt the newest version, to whom it belongs.

All files of a command are read twice. The first reading finds each receipt's holder, its newest version, and which codes are
common; the second sends what anon-data does not have like this. So neither the order of the files, nor how they are split, nor
what stands in them twice changes what is stored.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice

from protocol.encoding import lp
from protocol.member import MemberNumber
from protocol.messages.medical_claims import (
    ClaimRow,
    ClaimsStored,
    ClaimsWithdrawn,
    MedicalClaim,
    StoreClaims,
    WithdrawClaims,
    WithdrawnClaim,
)
from protocol.tokens import TokenSeed

from .batches import ROUND_CLAIMS, batches
from .claim_classes import Commonness
from .claim_content import claim_details, claim_of, codes_of, seal_claim
from .files import Source
from .holders import NobodyHolds, holder_of
from .hosts import encode
from .importers import ReceiptRow
from .importers.receipt_rows import Cancellation, ReceiptKey
from .report import ImportSummary, Line, Place
from .roster import Roster
from .roster_member import Member
from .run import Run
from .sent import Kind, Note, Rank
from .tokens import token_seeds
from .windows import Window, quotas_of

_KIND: Kind = "medical-claim"
_MOST_POINTS = 2**31
_MOST_BYTES = 12 << 20
"""Of one call's body; hosts take 16 MiB."""


@dataclass(frozen=True, repr=False)
class Arrived:
    """A claim that anon-data does not have yet, or not like this, or not with its holder."""

    place: Place
    identity: bytes
    member: Member
    claim: MedicalClaim
    """Without its details."""
    padded: bytes
    note: Note
    former: Member | None
    """Who has it there until now, where that is somebody else."""


@dataclass(frozen=True, repr=False)
class Cancelled:
    """A claim that is none any more."""

    identity: bytes
    note: Note
    holder: Member | None
    """Who has it there until now."""


@dataclass(frozen=True)
class _Newest:
    rank: Rank
    source: int
    at: int
    """Which of its source's receipts it is; of a cancellation which line."""


@dataclass
class Claims:
    """The receipts of one command."""

    roster: Roster
    summary: ImportSummary
    sources: Sequence[Source]
    _newest: dict[bytes, _Newest] = field(default_factory=dict)
    _common: AbstractSet[str] = frozenset()

    def survey(self) -> None:
        """Read everything once: which version of each receipt is the newest, and which codes are common."""
        counting = Commonness(self.roster.sent.common())
        for source in self.sources:
            self._survey(source, counting)
        self._common = counting.settle()

    @property
    def common(self) -> AbstractSet[str]:
        """Codes and classes that may be said openly."""
        return self._common

    def _survey(self, source: Source, counting: Commonness) -> None:
        if source.holds_cancellations:
            for at, (_, cancelled) in enumerate(source.read(Cancellation, self.summary.lines)):
                self._note(_identity(cancelled.key), _Newest((cancelled.cancelled.isoformat(), "1", ""), source.number, at))
            return
        for at, (place, row) in enumerate(source.read(ReceiptRow, self.summary.lines)):
            self.summary.receipts_read += 1
            if row.points >= _MOST_POINTS:
                self.summary.lines.append(Line.of(place, "claim-too-large"))
                continue
            try:
                member, _ = self._holder(row)
            except NobodyHolds as error:
                self.summary.lines.append(Line.of(place, error.code))
                continue
            counting.count(member.refs["keyvault"], codes_of(row))
            self._note(_identity(row.key), _Newest(_rank(row), source.number, at))

    def _note(self, identity: bytes, found: _Newest) -> None:
        known = self._newest.get(identity)
        if known is None or known.rank < found.rank:
            self._newest[identity] = found
        if known is not None:
            self.summary.claims_superseded += 1

    def arrivals(self) -> Iterator[Arrived | Cancelled]:
        """Yield what anon-data must be told, in a second reading."""
        for source in self.sources:
            if source.holds_cancellations:
                for at, (_, cancelled) in enumerate(source.read(Cancellation, [])):
                    identity = _identity(cancelled.key)
                    if self._is_newest(identity, source, at) and (gone := self._cancelled(identity)):
                        yield gone
                continue
            for at, (place, row) in enumerate(source.read(ReceiptRow, [])):
                identity = _identity(row.key)
                if self._is_newest(identity, source, at) and (arrived := self._arrived(place, identity, row)):
                    yield arrived

    def _is_newest(self, identity: bytes, source: Source, at: int) -> bool:
        found = self._newest.get(identity)
        return found is not None and (found.source, found.at) == (source.number, at)

    def _cancelled(self, identity: bytes) -> Cancelled | None:
        rank = self._newest[identity].rank
        known = self.roster.sent.get(_KIND, identity)
        if known is not None and known.rank >= rank:
            self.summary.claims_superseded += 1
            return None
        return Cancelled(identity, Note(_KIND, (), rank, b"", None, None), self._member(known))

    def _arrived(self, place: Place, identity: bytes, row: ReceiptRow) -> Arrived | None:
        rank = self._newest[identity].rank
        known = self.roster.sent.get(_KIND, identity)
        if known is not None and known.rank > rank:
            self.summary.claims_superseded += 1
            return None
        member, came_as = self._holder(row)
        name = self.roster.sent.name(_KIND, identity)
        claim = claim_of(row, name, self._common)
        padded = claim_details(row)
        if padded is None:
            self.summary.lines.append(Line.of(place, "details-too-long"))
            return None
        content = self.roster.content(encode(claim) + padded)
        if known is not None and (known.content, known.anchor) == (content, member.anchor):
            self.summary.claims_unchanged += 1
            return None
        former = self._member(known)
        note = Note(_KIND, (name.hex(),), rank, content, member.anchor, came_as)
        moved = former is not None and former.anchor != member.anchor
        return Arrived(place, identity, member, claim, padded, note, former if moved else None)

    def _holder(self, row: ReceiptRow) -> tuple[Member, MemberNumber]:
        member, came_as = holder_of(self.roster, row)
        if (member.birth_date, member.sex) != (row.birth_date.isoformat(), row.sex):
            raise NobodyHolds("receipt-differs")
        return member, came_as

    def _member(self, known: Note | None) -> Member | None:
        return self.roster.find(known.anchor) if known and known.anchor else None


def _identity(key: ReceiptKey) -> bytes:
    month = key.billing_month.isoformat() if key.billing_month else ""
    return lp("receipt", key.kind, key.search_number or "", key.institution or "", month, str(key.receipt_number or ""))


def _rank(row: ReceiptRow) -> Rank:
    return row.billing_month.isoformat(), "0", row.digest.hex()


def rehearse_claims(roster: Roster, sources: Sequence[Source], summary: ImportSummary) -> None:
    """Count what an import would do with the receipts."""
    claims = Claims(roster, summary, sources)
    claims.survey()
    for one in claims.arrivals():
        known = roster.sent.get(_KIND, one.identity)
        if isinstance(one, Cancelled):
            summary.claims_withdrawn += one.holder is not None
        elif known is not None and known.anchor is not None:
            summary.claims_replaced += 1
        else:
            summary.claims_inserted += 1


async def ingest_claims(run: Run, sources: Sequence[Source]) -> None:
    """Send the newest version of every receipt that anon-data does not have like this, a round at a time."""
    if not sources:
        return
    claims = Claims(run.roster, run.summary, sources)
    await asyncio.to_thread(claims.survey)
    run.roster.sent.put_common(claims.common)
    arrivals = claims.arrivals()
    while piece := await asyncio.to_thread(_take, arrivals):
        await _round(run, piece)


def _take(arrivals: Iterator[Arrived | Cancelled]) -> list[Arrived | Cancelled]:
    return list(islice(arrivals, ROUND_CLAIMS))


async def _round(run: Run, piece: Sequence[Arrived | Cancelled]) -> None:
    arrived = [one for one in piece if isinstance(one, Arrived)]
    cancelled = [one for one in piece if isinstance(one, Cancelled)]
    # A claim that moves is taken out of the wrong mailbox before it is put into the right one.
    ended = [(one.holder, one.identity) for one in cancelled if one.holder]
    moved = [(one.former, one.identity) for one in arrived if one.former]
    people = [one.member for one in arrived] + [holder for holder, _ in (*ended, *moved)]
    members = {one.refs["keyvault"]: one for one in people}
    if members:
        quotas = quotas_of("ingest", members=len(members), claims=len(arrived), withdrawn=len(ended) + len(moved))
        windows = await run.session.windows("ingest", quotas)
        stage = run.stage("token seeds for claims", len(members))
        inputs = [one.anchor.x for one in members.values()]
        found = await token_seeds(run.session, windows.named, inputs, stores=("anon-data",), done=stage.add)
        seeds = {ref: one["anon-data"] for ref, one in zip(members, found, strict=True)}
        rows = [*_withdrawn(run, ended, seeds, cancelled=True), *_withdrawn(run, moved, seeds, cancelled=False)]
        await withdraw(run, windows.pseudonymous, rows)
        stage = run.stage("claims", len(arrived))
        for batch in batches(arrived, lambda one: seeds[one.member.refs["keyvault"]].token):
            await _send(run, windows.pseudonymous, batch, seeds)
            stage.add(len(batch))
    run.roster.sent.put((one.identity, one.note) for one in cancelled)
    run.summary.claims_withdrawn += sum(one.holder is not None for one in cancelled)


def _withdrawn(
    run: Run, gone: Iterable[tuple[Member, bytes]], seeds: Mapping[bytes, TokenSeed], *, cancelled: bool
) -> Iterator[WithdrawnClaim]:
    for one, identity in gone:
        name = run.roster.sent.name(_KIND, identity)
        yield WithdrawnClaim(token=seeds[one.refs["keyvault"]].token, claim=name, cancelled=cancelled)


async def withdraw(run: Run, window: Window, rows: Sequence[WithdrawnClaim]) -> None:
    """Take claims out of mailboxes."""
    for batch in batches(rows, lambda row: row.token):
        body = encode(WithdrawClaims(rows=tuple(batch)))
        await run.session.hosts.call("anon-data", window, "/medical-claims/withdrawals", body, ClaimsWithdrawn)


async def _send(run: Run, window: Window, batch: list[Arrived], seeds: Mapping[bytes, TokenSeed]) -> None:
    body = await asyncio.to_thread(_body, batch, seeds)
    if len(body) > _MOST_BYTES and len(batch) > 1:
        half = len(batch) // 2
        await _send(run, window, batch[:half], seeds)
        await _send(run, window, batch[half:], seeds)
        return
    stored = await run.session.hosts.call("anon-data", window, "/medical-claims", body, ClaimsStored)
    unknown = set(stored.unknown)
    run.summary.lines += [Line.of(one.place, "mailbox-unknown") for at, one in enumerate(batch) if at in unknown]
    run.summary.claims_inserted += stored.inserted
    run.summary.claims_replaced += stored.replaced
    run.summary.claims_unchanged += stored.unchanged
    run.roster.sent.put((one.identity, one.note) for at, one in enumerate(batch) if at not in unknown)


def _body(batch: Sequence[Arrived], seeds: Mapping[bytes, TokenSeed]) -> bytes:
    rows = []
    for one in batch:
        seed = seeds[one.member.refs["keyvault"]]
        claim = one.claim.model_copy(update={"details": seal_claim(one.padded, seed, one.claim)})
        rows.append(ClaimRow(token=seed.token, claim=claim))
    return encode(StoreClaims(rows=tuple(rows)))
