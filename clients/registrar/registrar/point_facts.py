"""What rules of points ask for and only the insurer knows: told to programs by fiscal year, never by day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from protocol.member import MemberNumber, MemberNumberError
from protocol.messages.point_rules import FactKind, PointFact, PointFacts, PointFactsStored
from pydantic import TypeAdapter, ValidationError

from .batches import batches
from .errors import RegistrarError
from .hosts import encode
from .importers.own_table import OwnTable
from .importers.report import Rejected
from .roster_member import Member
from .run import Desk, running
from .tokens import seeds_of
from .windows import quotas_of

_KIND: TypeAdapter[FactKind] = TypeAdapter(FactKind)
_TABLE = OwnTable(
    "point-facts",
    {"保険者番号": "insurer_number", "記号": "symbol", "番号": "number", "枝番": "branch", "事実": "kind"},
    ("number", "branch", "kind"),
)


@dataclass(frozen=True)
class Told:
    """What became of a table."""

    changed: int
    unchanged: int
    unknown: int
    """Lines of nobody whom the roster knows, or whose mailbox programs has not."""


def read_facts(path: Path, insurer: str) -> frozenset[tuple[MemberNumber, FactKind]]:
    """Read who did what: ``番号``, ``枝番``, ``事実``. Raises RegistrarError with the line, and nothing of it."""
    return frozenset(_lines(path, insurer))


async def tell_facts(desk: Desk, fiscal_year: int, table: Path, *, withdraw: bool = False) -> Told:
    """Tell programs the facts of a table, or take them back; the same again changes nothing."""
    listed = read_facts(table, desk.deployment.insurer)
    async with running(desk) as run:
        known: Mapping[MemberNumber, Member] = {number: member for member in run.roster.members() for number in member.numbers}
        found = {(known[number].anchor, kind): known[number] for number, kind in listed if number in known}
        members = {member.anchor: member for member in found.values()}
        seeds = dict(zip(members, await seeds_of(run, list(members.values()), stores=("programs",)), strict=True))
        rows = [PointFact(token=seeds[anchor]["programs"].token, kind=kind, fiscal_year=fiscal_year) for anchor, kind in found]
        quotas = quotas_of("ingest", withdrawn=len(rows)) if withdraw else quotas_of("ingest", facts=len(rows))
        window = (await run.session.windows("ingest", quotas)).pseudonymous
        path = "/point-facts/withdrawals" if withdraw else "/point-facts"
        stage, answers = run.stage("facts", len(rows)), list[PointFactsStored]()
        for batch in batches(rows, lambda row: row.token):
            body = encode(PointFacts(rows=tuple(batch)))
            answers.append(await run.session.hosts.call("programs", window, path, body, PointFactsStored))
            stage.add(len(batch))
    missing = len({number for number, _ in listed} - known.keys())
    return Told(
        sum(one.changed for one in answers),
        sum(one.unchanged for one in answers),
        missing + sum(len(one.unknown) for one in answers),
    )


def _lines(path: Path, insurer: str) -> Iterator[tuple[MemberNumber, FactKind]]:
    for outcome in _TABLE.lines(path):
        if isinstance(outcome, Rejected):
            raise RegistrarError(f"{path}: line {outcome.line}: {outcome.code}")
        line, cells = outcome
        try:
            number = MemberNumber.parse(cells["insurer_number"] or insurer, cells["symbol"], cells["number"], cells["branch"])
        except MemberNumberError:
            raise RegistrarError(f"{path}: line {line}: member-number-bad") from None
        try:
            yield number, _KIND.validate_python(cells["kind"].strip())
        except ValidationError:
            raise RegistrarError(f"{path}: line {line}: a fact is one of {', '.join(get_args(FactKind))}") from None
