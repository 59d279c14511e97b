"""The registrar puts results of health guidance into mailboxes, and takes back what was put into the wrong one."""

from collections import Counter
from collections.abc import Sequence

from chassis.database import Database
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches, mailboxes
from protocol.encoding import sha256
from protocol.messages.guidance import GuidanceLevel, GuidanceRow, GuidanceStored, GuidanceWithdrawn, WithdrawnGuidance
from windows import RegistrarCall, RowsRefused, spend

from anon_data.fates import Stored, fate
from anon_data.import_rows import DETAILS_MAX
from anon_data.store import guidance

LEVELS: tuple[GuidanceLevel, ...] = ("intensive", "motivational", "equivalent")
"""By their codes, from 1."""


async def store_guidance(db: Database, caller: RegistrarCall, rows: Sequence[GuidanceRow]) -> GuidanceStored:
    """Leave every report of the batch stored as it was sent, as with checkups; name rows whose token has no mailbox."""
    require_sorted([row.token for row in rows])
    keys = [_key(row) for row in rows]
    require_unique(keys)
    if long := [at for at, row in enumerate(rows) if len(row.guidance.details or b"") > DETAILS_MAX]:
        raise RowsRefused(reason="details-size", rows=long)
    async with db.transaction("store-guidance") as tx:
        await spend(tx, caller, "guidance", len(rows))
        await batches.hold(tx)
        open_ = await mailboxes.known(tx, [row.token for row in rows])
        stored = await guidance.stored(tx, keys)
        fates = [(row, fate(_sent(row), stored.get(_key(row)))) for row in rows if row.token in open_]
        if over := [_key(row) for row, what in fates if what in {"replaced", "resealed"}]:
            await guidance.delete(tx, over)
        await guidance.insert(tx, [_record(row) for row, what in fates if what != "same"])
    count = Counter(what for _, what in fates)
    return GuidanceStored(
        inserted=count["inserted"],
        replaced=count["replaced"],
        unchanged=count["resealed"] + count["same"],
        unknown=tuple(at for at, row in enumerate(rows) if row.token not in open_),
    )


async def withdraw_guidance(db: Database, caller: RegistrarCall, rows: Sequence[WithdrawnGuidance]) -> GuidanceWithdrawn:
    """Remove these reports, and say how many were there."""
    require_sorted([row.token for row in rows])
    keys = [(row.token, row.day, int(row.stage)) for row in rows]
    require_unique(keys)
    async with db.transaction("withdraw-guidance") as tx:
        await spend(tx, caller, "withdraw", len(rows))
        await batches.hold(tx)
        withdrawn = await guidance.delete(tx, keys)
    return GuidanceWithdrawn(withdrawn=withdrawn, absent=len(rows) - withdrawn)


def _key(row: GuidanceRow) -> guidance.GuidanceKey:
    return row.token, row.guidance.day, int(row.guidance.stage)


def _sent(row: GuidanceRow) -> Stored:
    said = row.guidance
    plain = said.model_copy(update={"details": None if said.details is None else b""})
    return Stored(sha256(plain.model_dump_json().encode()), None if said.details is None else sha256(said.details))


def _record(row: GuidanceRow) -> guidance.GuidanceRecord:
    said = row.guidance
    level = LEVELS.index(said.level) + 1 if said.level else None
    return said.day, int(said.stage), level, row.token, _sent(row).content, said.details
