"""Roster units at programs: who walks with whom, by opaque ids, never fewer than ten.

A unit is a path (site, department, section). One of fewer than ten members joins its parent; where what is left over there is
still too few, the smallest other unit of that parent joins too, so that no remainder tells who it is made of.
"""

import csv
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from protocol.encoding import b64u, lp
from protocol.member import MemberNumber, MemberNumberError
from protocol.messages.contests import FEWEST, CommitRoster, PutRoster, RosterCommitted, RosterKept, RosterRow

from .batches import batches
from .errors import RegistrarError
from .hosts import encode
from .importers.own_table import OwnTable
from .importers.report import Rejected
from .roster import Roster
from .roster_member import Member
from .run import Desk, Run, running
from .tokens import seeds_of
from .windows import quotas_of

Place = tuple[str, ...]
"""Names from the site down; empty: the whole insurer."""
K = TypeVar("K", bound=Hashable)

_SEPARATOR = "/"
_TABLE = OwnTable(
    "units",
    {"保険者番号": "insurer_number", "記号": "symbol", "番号": "number", "枝番": "branch", "所属": "unit"},
    ("number", "branch", "unit"),
)


@dataclass(frozen=True)
class Unit:
    """A unit as it was published."""

    id: bytes
    path: Place
    members: int


@dataclass(frozen=True)
class Published:
    """What became of a roster."""

    units: tuple[Unit, ...]
    changed: int
    """Members who are in another unit than before, or in none."""
    unknown: int
    """Members without a mailbox at programs."""


def merged(paths: Mapping[K, Place]) -> Mapping[K, Place]:
    """Return everybody's unit, so that none has fewer than ten; nobody where there are fewer than ten in all."""
    found = dict(paths)
    if len(found) < FEWEST:
        return {}
    for depth in range(max(map(len, found.values()), default=0), 0, -1):
        sizes = Counter(path for path in found.values() if len(path) == depth)
        small = {path for path, size in sizes.items() if size < FEWEST}
        found = {key: path[:-1] if path in small else path for key, path in found.items()}
        for parent in {path[:-1] for path in small}:
            found = _filled(found, parent, [path for path in sizes if path not in small and path[:-1] == parent])
    return _filled(found, (), list(set(found.values()) - {()}))


def _filled(found: dict[K, Place], parent: Place, others: list[Place]) -> dict[K, Place]:
    """Return the units with the smallest of the others joined to what is left over at their parent, until that is large enough."""
    while others and 0 < (sizes := Counter(found.values()))[parent] < FEWEST:
        others.remove(smallest := min(others, key=lambda path: (sizes[path], path)))
        found = {key: parent if path == smallest else path for key, path in found.items()}
    return found


def unit_id(roster: Roster, path: Place) -> bytes:
    """Return what programs knows a unit by: the same for the same path, and nothing to whoever lacks the roster's key."""
    return roster.content(lp("roster-unit", *path))[:16]


def read_units(path: Path, insurer: str) -> Mapping[MemberNumber, Place]:
    """Read who is where: ``番号``, ``枝番``, ``所属`` (names from the site down, separated by ``/``). Raises RegistrarError."""
    return dict(_lines(path, insurer))


async def publish_units(desk: Desk, since: date, table: Path | None) -> Published:
    """Tell programs the units that hold from a day on: of the table, or without one the sites of the insured."""
    listed = None if table is None else read_units(table, desk.deployment.insurer)
    async with running(desk) as run:
        members = {member.anchor: member for member in run.roster.members() if _takes_part(member, since)}
        places = merged({anchor: path for anchor, member in members.items() if (path := _path(member, listed)) is not None})
        if not places:
            raise RegistrarError("fewer than ten members have a unit")
        ids = {path: unit_id(run.roster, path) for path in places.values()}
        placed = [(members[anchor], ids[path]) for anchor, path in places.items()]
        committed, unknown = await _send(run, since, placed)
    sizes = Counter(places.values())
    return Published(tuple(Unit(ids[path], path, sizes[path]) for path in sorted(sizes)), committed.changed, unknown)


def write_names(published: Published, path: Path) -> None:
    """Write ids, names and sizes for the manager of contests, who gives units their names at programs."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("unit", "name", "members"))
        rows.writerows((b64u(unit.id), " ".join(unit.path), unit.members) for unit in published.units)


async def _send(run: Run, since: date, placed: Sequence[tuple[Member, bytes]]) -> tuple[RosterCommitted, int]:
    seeds = await seeds_of(run, [member for member, _ in placed], stores=("programs",))
    rows = [RosterRow(token=one["programs"].token, unit=unit) for one, (_, unit) in zip(seeds, placed, strict=True)]
    window = (await run.session.windows("enrol", quotas_of("enrol", rostered=len(rows)))).pseudonymous
    stage, unknown = run.stage("roster units", len(rows)), 0
    for number, batch in enumerate(batches(rows, lambda row: row.token)):
        body = encode(PutRoster(since=since, rows=tuple(batch), first=number == 0))
        kept = await run.session.hosts.call("programs", window, "/roster", body, RosterKept, method="PUT")
        unknown += len(kept.unknown)
        stage.add(len(batch))
    body = encode(CommitRoster(since=since, members=len(rows) - unknown))
    return await run.session.hosts.call("programs", window, "/roster/commits", body, RosterCommitted), unknown


def _takes_part(member: Member, since: date) -> bool:
    return member.status == "enrolled" and (member.lost is None or member.lost > since) and not member.told.suspended


def _path(member: Member, listed: Mapping[MemberNumber, Place] | None) -> Place | None:
    if listed is None:
        return (member.site,) if member.relation == "insured" else None
    return next((listed[number] for number in member.numbers if number in listed), None)


def _lines(path: Path, insurer: str) -> Iterator[tuple[MemberNumber, Place]]:
    seen: set[MemberNumber] = set()
    for outcome in _TABLE.lines(path):
        if isinstance(outcome, Rejected):
            raise RegistrarError(f"{path}: line {outcome.line}: {outcome.code}")
        line, cells = outcome
        try:
            number = MemberNumber.parse(cells["insurer_number"] or insurer, cells["symbol"], cells["number"], cells["branch"])
        except MemberNumberError:
            raise RegistrarError(f"{path}: line {line}: member-number-bad") from None
        names = tuple(name.strip() for name in cells["unit"].split(_SEPARATOR) if name.strip())
        if not names or number in seen:
            raise RegistrarError(f"{path}: line {line}: {'member-repeated' if names else 'unit-missing'}")
        seen.add(number)
        yield number, names
