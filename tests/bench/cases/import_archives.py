"""Importing archives end to end: XML documents read, members found, tokens evaluated blindly, details sealed, results stored.

The peer does what cannot be left out before that: it takes each document out of the archive and lets lxml parse it.
"""

import os
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from registrar.imports import import_files

from bench.case import Case
from bench.cpu import cpu_seconds
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.rounds import alternate

HOST = "anon-data"
_COUNT = "SELECT count(*) FROM observation"
_FORGET = [f"DELETE FROM {table} WHERE exam_date < '2024-04-01'" for table in ("observation", "checkup")]


@dataclass(frozen=True)
class _Read:
    """What one archive came to: results that were stored, none at the peer's."""

    seconds: float
    results: int = 0


async def run(bench: Bench) -> list[Figure]:
    """Import one archive a round, each of another year."""
    system, deployment = await bench.system(), await bench.deployment()
    archives = bench.kept_back
    officers = sorted(system.layout.officers.glob("*.key"))
    pids = {**system.pids(), "registrar": os.getpid()}
    before = _spent(pids)

    async with bench.owner(HOST) as connection:

        async def our_turn(number: int) -> _Read:
            stored, begun = await connection.fetchval(_COUNT), time.perf_counter()
            summary = await import_files(system.layout.registrar, deployment, [archives[number]], officers)
            seconds = time.perf_counter() - begun
            if summary.lines or not summary.checkups_inserted:
                raise BenchError("not every checkup of an archive was new")
            return _Read(seconds, await connection.fetchval(_COUNT) - stored)

        async def peer_turn(number: int) -> _Read:
            begun = time.perf_counter()
            _parse(archives[number])
            return _Read(time.perf_counter() - begun)

        try:
            ours, peer = await alternate(len(archives) - 1, our_turn, peer_turn)
        finally:
            # Members' pages are as long as before.
            await connection.execute("; ".join(_FORGET))
    spent = {name: seconds - before[name] for name, seconds in _spent(pids).items()}
    shares = ", ".join(
        f"{name} {spent[name]:.1f} s" for name in sorted(spent, key=spent.__getitem__, reverse=True) if spent[name] > 0.05
    )
    bench.say(f"{sum(one.results for one in ours):,} results in {sum(one.seconds for one in ours):.1f} s; processor time: {shares}")
    return [
        compared(
            "import of archives",
            "rows/s",
            [one.results / one.seconds for one in ours],
            [one.results / parsed.seconds for one, parsed in zip(ours, peer, strict=True)],
        )
    ]


def _parse(archive: Path) -> None:
    with zipfile.ZipFile(archive) as members:
        for name in members.namelist():
            if name.endswith(".xml"):
                etree.fromstring(members.read(name))


def _spent(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: cpu_seconds(pid) for name, pid in pids.items()}


CASE = Case("import-archives", "the registrar imports archives of XML documents", run)
