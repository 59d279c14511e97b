"""The registrar takes checkups back that it had put into the wrong mailbox."""

from collections.abc import Sequence

from chassis.database import Database
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches
from protocol.messages.records import CheckupsWithdrawn, WithdrawnCheckup
from windows import RegistrarCall, spend

from anon_data.store import checkups, former_versions


async def withdraw_checkups(db: Database, caller: RegistrarCall, rows: Sequence[WithdrawnCheckup]) -> CheckupsWithdrawn:
    """Remove these checkups with their results and former versions, and say how many were there."""
    require_sorted([row.token for row in rows])
    keys = [(row.token, row.exam_date, int(row.program)) for row in rows]
    require_unique(keys)
    async with db.transaction("withdraw-checkups") as tx:
        await spend(tx, caller, "withdraw", len(rows))
        await batches.hold(tx)
        await former_versions.forget_checkups(tx, keys)
        await checkups.delete_observations(tx, keys)
        withdrawn = await checkups.delete_checkups(tx, keys)
    return CheckupsWithdrawn(withdrawn=withdrawn, absent=len(rows) - withdrawn)
