"""The registrar puts medical claims into mailboxes, and takes back those that were cancelled or are somebody else's."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from chassis.database import Database
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches, mailboxes
from protocol.messages.medical_claims import ClaimRow, ClaimsStored, ClaimsWithdrawn, WithdrawnClaim
from windows import RegistrarCall, spend

from anon_data.claim_rows import claim_rows
from anon_data.fates import fate
from anon_data.store import former_versions, medical_claims


async def store_medical_claims(db: Database, caller: RegistrarCall, rows: Sequence[ClaimRow], today: date) -> ClaimsStored:
    """Leave every claim of the batch stored as it was sent; name rows whose token has no mailbox.

    As with checkups: other content replaces the whole claim, of equal content only the details are written where their bytes
    differ, and the same bytes again write nothing. What is written over is kept as a former version.
    """
    require_sorted([row.token for row in rows])
    batch = claim_rows(rows)
    async with db.transaction("store-medical-claims") as tx:
        await spend(tx, caller, "medical-claim", len(batch))
        await batches.hold(tx)
        open_ = await mailboxes.known(tx, [row.key[0] for row in batch])
        stored = await medical_claims.stored(tx, [row.key for row in batch])
        fates = [(row, fate(row.sent, stored.get(row.key))) for row in batch if row.key[0] in open_]
        over = [row.key for row, what in fates if what in {"replaced", "resealed"}]
        if over:
            await former_versions.keep_claims(tx, over, today, cancelled=False)
            await medical_claims.delete(tx, over)
        if changed := [row.key for row, what in fates if what == "replaced"]:
            await medical_claims.delete_lines(tx, changed)
        anew = [row for row, what in fates if what in {"inserted", "replaced"}]
        # In the order of tokens, whatever becomes of a row.
        await medical_claims.insert(
            tx,
            [row.header for row, what in fates if what != "same"],
            [line for row in anew for line in row.diagnoses],
            [line for row in anew for line in row.drugs],
        )
    count = Counter(what for _, what in fates)
    return ClaimsStored(
        inserted=count["inserted"],
        replaced=count["replaced"],
        unchanged=count["resealed"] + count["same"],
        unknown=tuple(at for at, row in enumerate(batch) if row.key[0] not in open_),
    )


async def withdraw_medical_claims(
    db: Database, caller: RegistrarCall, rows: Sequence[WithdrawnClaim], today: date
) -> ClaimsWithdrawn:
    """Remove these claims with their lines, and say how many were there.

    A cancelled one stays as a former version; of one in the wrong mailbox every version goes.
    """
    require_sorted([row.token for row in rows])
    keys = [(row.token, row.claim) for row in rows]
    require_unique(keys)
    async with db.transaction("withdraw-medical-claims") as tx:
        await spend(tx, caller, "withdraw", len(rows))
        await batches.hold(tx)
        if cancelled := [key for key, row in zip(keys, rows, strict=True) if row.cancelled]:
            await former_versions.keep_claims(tx, cancelled, today, cancelled=True)
        if foreign := [key for key, row in zip(keys, rows, strict=True) if not row.cancelled]:
            await former_versions.forget_claims(tx, foreign)
        await medical_claims.delete_lines(tx, keys)
        withdrawn = await medical_claims.delete(tx, keys)
    return ClaimsWithdrawn(withdrawn=withdrawn, absent=len(rows) - withdrawn)
