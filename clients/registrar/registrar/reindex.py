"""Indexing members anew under the search keys of a new epoch.

Both epochs' keys are valid meanwhile: searches go through both, so everybody is found throughout. Words are nowhere but in the
insurer's table; whoever it does not name any more stays under the older keys, and is found no more once these are over.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from protocol.search import words_of

from .batches import ROUND_ROWS, cut
from .errors import RegistrarError
from .importers import Accepted, EligibilityRow, find
from .people import profile
from .roster_member import Member
from .run import Desk, Run, running
from .search_index import Entry, put_index
from .windows import quotas_of


@dataclass
class Reindexed:
    """What became of it."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    left: int = 0
    """Members who are under older keys still, those whom the tables do not name included."""


async def reindex(desk: Desk, tables: Sequence[Path]) -> Reindexed:
    """Index whom these eligibility tables name and who is under older keys; may be killed at any point, and run again."""
    found = Reindexed()
    async with running(desk) as run:
        newest = run.session.deployment.search_epochs[-1]
        for piece in cut(list(_wanted(run, tables, newest).values()), ROUND_ROWS):
            window = (await run.session.windows("ingest", quotas_of("ingest", indexed=len(piece)))).named
            entries = {member.refs["identity"]: Entry(member.refs["identity"], words_of(profile(row))) for member, row in piece}
            refused = await put_index(run.session, window, list(entries.values()), run.stage("search index", len(piece)).add)
            renewed = [member for member, _ in piece if member.refs["identity"] not in refused]
            run.roster.put(replace(member, epoch=newest) for member in renewed)
            found.done += len(renewed)
            found.refused.update(refused.values())
        found.left = sum(member.status == "enrolled" and member.epoch != newest for member in run.roster.members())
    return found


def _wanted(run: Run, tables: Sequence[Path], newest: int) -> dict[bytes, tuple[Member, EligibilityRow]]:
    """Return members who are to be indexed, each with the row of their present number, by reference."""
    found = {}
    for row in _rows(tables):
        member = run.roster.find(row.member)
        if member and member.status == "enrolled" and member.epoch != newest and member.current == row.member:
            found[member.refs["identity"]] = (member, row)
    return found


def _rows(tables: Sequence[Path]) -> Iterable[EligibilityRow]:
    for path in tables:
        importer = find(path)
        if importer is None:
            raise RegistrarError(f"{path} is of no known format")
        for one in importer.read(path):
            if isinstance(one, Accepted) and isinstance(one.row, EligibilityRow):
                yield one.row
