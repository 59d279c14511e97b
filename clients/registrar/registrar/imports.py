"""One import: the files of one command, from recognition to the last host."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
from protocol.deployment import Deployment
from protocol.encoding import sha256

from . import window_store
from .checkups import Reader, ingest_all
from .enrol import enrol_all
from .errors import RegistrarError
from .files import Source, recognise
from .home import Home
from .hosts import Hosts
from .officer_lists import OfficerChain
from .officers import load_officers
from .plan import make_plan
from .progress import Progress, silent
from .report import ImportSummary
from .roster import Roster
from .run import Run
from .session import Session

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
) -> ImportSummary:
    """Import eligibility tables and checkup archives, in whatever order they are given.

    With two officers' key files the import opens the windows it needs, with the quotas it needs; without, it uses those
    opened beforehand. It may be killed at any point: the same command finishes it, and a second time it changes nothing.
    Raises :class:`registrar.errors.RegistrarError` when a host refuses; what was done until then stays done, and stands in
    ``summary`` if one was given.
    """
    begun = time.monotonic()
    opened = Home.load(home)
    _check_key(opened, deployment)
    summary = summary or ImportSummary()
    summary.files = len(files)
    with opened.locked(), closing(opened.roster()) as roster:
        sources = await asyncio.to_thread(recognise, files)
        listed = OfficerChain.load(home, deployment).current
        signing = load_officers(officers, listed) if officers else ()
        async with Hosts(deployment, mounts) as hosts:
            session = Session(deployment, hosts, opened.windows, signing, listed=listed)
            try:
                await _run(Run(session, roster, summary, progress or silent), sources)
            finally:
                summary.windows_opened = len(session.opened)
                window_store.forget(opened.windows, session.opened)
        await asyncio.to_thread(_journal, roster, sources, summary)
    summary.seconds = time.monotonic() - begun
    return summary


def rehearse_files(home: Path, files: Sequence[Path]) -> ImportSummary:
    """Say what an import would do: no host is called and nothing is written."""
    summary = ImportSummary(files=len(files), dry_run=True)
    opened = Home.load(home)
    with closing(opened.roster()) as kept, closing(kept.copy_in_memory(opened.roster_key)) as roster:
        sources = recognise(files)
        plan = make_plan(_people_files(sources), roster, summary)
        summary.members_enrolled, summary.members_updated = len(plan.rounds) - plan.updates, plan.updates
        summary.members_regrouped = len(plan.regroup)
        reader = Reader(roster, summary)
        for source in _other_files(sources):
            for arrived in reader.read(source):
                known = roster.checkup(arrived.member.anchor, *arrived.key) is not None
                summary.checkups_replaced += known
                summary.checkups_inserted += not known
    return summary


async def _run(run: Run, sources: Sequence[Source]) -> None:
    people = _people_files(sources)
    plan = await asyncio.to_thread(make_plan, people, run.roster, run.summary)
    await enrol_all(run, people, plan)
    await ingest_all(run, _other_files(sources))


def _people_files(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.holds_people]


def _other_files(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if not source.holds_people]


def _check_key(home: Home, deployment: Deployment) -> None:
    if home.insurer.public_bytes != deployment.insurer_key:
        raise RegistrarError("this home's insurer key is not the one in the deployment's file: wrong --home or --deployment")


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
