"""One import: the files of one command, from recognition to the last host."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
from protocol.deployment import Deployment
from protocol.encoding import sha256

from .checkups import ingest_all, reader_of
from .due import RUN, due, without_a_way_in
from .enrol import enrol_all
from .files import Source, recognise
from .guardians import guardian_of
from .guidance import ingest_guidance, rehearse_guidance
from .home import Home
from .medical_claims import ingest_claims, rehearse_claims
from .plan import make_plan
from .prices import load_prices, read_prices
from .progress import Progress, silent
from .report import ImportSummary
from .roster import Roster
from .rules import load_rules
from .rules import today as japan_today
from .run import Desk, Run, running
from .screenings import ingest_screenings, rehearse_screenings
from .windows import Clock, now_seconds

_CHUNK = 1 << 20


async def import_files(
    home: Path,
    deployment: Deployment,
    files: Sequence[Path],
    officers: Sequence[Path],
    progress: Progress | None = None,
    *,
    summary: ImportSummary | None = None,
    mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    today: date | None = None,
    clock: Clock = now_seconds,
    profiles: Sequence[Path] = (),
) -> ImportSummary:
    """Import eligibility tables, checkups, guidance, receipts, screenings and prices of drugs, in whatever order they are given.

    ``profiles`` describe other senders' tables.
    With two officers' key files the import opens the windows it needs, with the quotas it needs; without, it uses those
    opened beforehand. It may be killed at any point: the same command finishes it, and a second time it changes nothing.
    Raises :class:`registrar.errors.RegistrarError` when a host refuses; what was done until then stays done, and stands in
    ``summary`` if one was given.
    """
    begun = time.monotonic()
    summary = summary or ImportSummary()
    summary.files = len(files)
    desk = Desk(home, deployment, officers, progress or silent, mounts, today, clock)
    async with running(desk, summary) as run:
        sources = await asyncio.to_thread(recognise, files, profiles)
        await _run(run, sources)
        await asyncio.to_thread(_look_ahead, run)
        await asyncio.to_thread(_journal, run.roster, sources, summary)
    summary.seconds = time.monotonic() - begun
    return summary


def rehearse_files(home: Path, files: Sequence[Path], today: date | None = None, profiles: Sequence[Path] = ()) -> ImportSummary:
    """Say what an import would do: no host is called and nothing is written."""
    summary = ImportSummary(files=len(files), dry_run=True)
    opened, rules, day = Home.load(home), load_rules(home), today or japan_today()
    with closing(opened.roster()) as kept, closing(kept.copy_in_memory(opened.roster_key)) as roster:
        sources = recognise(files, profiles)
        plan = make_plan(_people_files(sources), roster, rules, day, summary)
        summary.members_enrolled, summary.members_updated = len(plan.rounds) - plan.updates, plan.updates
        summary.members_regrouped = len(plan.regroup)
        rehearse_claims(roster, _receipt_files(sources), summary)
        read_prices(_price_files(sources), summary)
        rehearse_screenings(roster, _screening_files(sources), summary)
        others = _other_files(sources)
        reader = reader_of(roster, summary, others)
        known: dict[tuple[bytes, str, str], bool] = {}
        for source in (one for one in others if not one.holds_tickets):
            for arrived in reader.read(source):
                known[arrived.identity] = roster.checkup(arrived.member.anchor, *arrived.key) is not None
        summary.checkups_replaced += sum(known.values())
        summary.checkups_inserted += len(known) - sum(known.values())
        rehearse_guidance(roster, reader.guidance, summary)
    return summary


def _look_ahead(run: Run) -> None:
    """Count what this import leaves to do: members without a way in, and events that are due."""
    for member in run.roster.members():
        guardian = guardian_of(member, run.roster)
        run.summary.without_a_way_in += without_a_way_in(member, guardian, run.rules, run.today)
        for event in due(member, guardian, run.rules, run.today):
            run.summary.events_due += event.kind in RUN


async def _run(run: Run, sources: Sequence[Source]) -> None:
    people = _people_files(sources)
    plan = await asyncio.to_thread(make_plan, people, run.roster, run.rules, run.today, run.summary)
    await enrol_all(run, people, plan)
    await ingest_guidance(run, await ingest_all(run, _other_files(sources)))
    await ingest_claims(run, _receipt_files(sources))
    await ingest_screenings(run, _screening_files(sources))
    await load_prices(run, _price_files(sources))


def _people_files(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.holds_people]


def _other_files(sources: Sequence[Source]) -> list[Source]:
    apart = (*_people_files(sources), *_receipt_files(sources), *_price_files(sources), *_screening_files(sources))
    return [source for source in sources if source not in apart]


def _receipt_files(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.holds_receipts]


def _price_files(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.holds_prices]


def _screening_files(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.holds_screenings]


def _journal(roster: Roster, sources: Sequence[Source], summary: ImportSummary) -> None:
    """Note the finished import; counts only."""
    digest = sha256(*(_digest(source.path) for source in sources if source.importer))
    entry = {"day": datetime.now(UTC).date().isoformat(), "files": summary.files, "counts": summary.counts()}
    roster.journal(digest, json.dumps(entry).encode())


def _digest(path: Path) -> bytes:
    parts = []
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            parts.append(sha256(chunk))
    return sha256(*parts)
