"""The registrar closes mailboxes to their members' keys, or opens them again."""

from collections.abc import Sequence

from chassis.database import Database
from protocol.messages.mailbox import Suspension, SuspensionsSet
from protocol.names import StoreName
from windows import RegistrarCall, require_subjects, spend

from mailboxes.order import require_sorted
from mailboxes.store import batches, mailboxes, reader_keys, suspensions


async def set_suspensions(db: Database, caller: RegistrarCall, store: StoreName, rows: Sequence[Suspension]) -> SuspensionsSet:
    """Suspend and lift as the rows say. Once this has returned, no request of a suspended member's key is admitted."""
    tokens = [row.token for row in rows]
    require_sorted(tokens)
    require_subjects(caller, store, [(row.token, row.subject) for row in rows])
    async with db.transaction("set-suspensions") as tx:
        await spend(tx, caller, "suspend", len(rows))
        await batches.share(tx)
        # What a member is writing now ends first.
        await reader_keys.hold_all(tx, tokens)
        known = await mailboxes.known(tx, tokens)
        changed = await suspensions.begin(tx, [row.token for row in rows if row.suspended and row.token in known])
        changed += await suspensions.end(tx, [row.token for row in rows if not row.suspended])
    unknown = tuple(at for at, token in enumerate(tokens) if token not in known)
    return SuspensionsSet(changed=changed, unchanged=len(rows) - len(unknown) - changed, unknown=unknown)
