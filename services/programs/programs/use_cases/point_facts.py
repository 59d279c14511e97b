"""The registrar says what only the insurer knows."""

from collections.abc import Sequence

from chassis.database import Database
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches, mailboxes
from protocol.messages.point_rules import PointFact, PointFactsStored
from windows import RegistrarCall, spend

from programs.store import point_rules


async def store_facts(db: Database, caller: RegistrarCall, rows: Sequence[PointFact]) -> PointFactsStored:
    """Keep facts of open mailboxes; those that are known change nothing."""
    _check(rows)
    async with db.transaction("store-point-facts") as tx:
        await spend(tx, caller, "fact", len(rows))
        await batches.share(tx)
        known = await mailboxes.known(tx, [row.token for row in rows])
        kept = [row for row in rows if row.token in known]
        changed = await point_rules.keep_facts(tx, kept)
    unknown = tuple(at for at, row in enumerate(rows) if row.token not in known)
    return PointFactsStored(changed=changed, unchanged=len(kept) - changed, unknown=unknown)


async def withdraw_facts(db: Database, caller: RegistrarCall, rows: Sequence[PointFact]) -> PointFactsStored:
    """Forget facts; points that were granted for them stay."""
    _check(rows)
    async with db.transaction("withdraw-point-facts") as tx:
        await spend(tx, caller, "withdraw", len(rows))
        changed = await point_rules.drop_facts(tx, rows)
    return PointFactsStored(changed=changed, unchanged=len(rows) - changed)


def _check(rows: Sequence[PointFact]) -> None:
    require_sorted([row.token for row in rows])
    require_unique([(row.token, row.kind, row.fiscal_year) for row in rows])
