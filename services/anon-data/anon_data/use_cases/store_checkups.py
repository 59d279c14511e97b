"""The registrar puts checkups into mailboxes."""

import asyncio
from collections import Counter
from datetime import date

from chassis.database import Database
from mailboxes.order import require_sorted, require_unique
from mailboxes.store import batches, mailboxes
from protocol.messages.records import CheckupsStored
from windows import RegistrarCall, spend

from anon_data.code_table import KnownCodes
from anon_data.fates import Stored, fate
from anon_data.import_body import import_body
from anon_data.import_rows import import_rows
from anon_data.store import checkups, former_versions


async def store_checkups(db: Database, known_codes: KnownCodes, caller: RegistrarCall, today: date) -> CheckupsStored:
    """Leave every checkup of the batch stored as it was sent; name rows whose token has no mailbox.

    A checkup with other content (header, results, whether there are details) is replaced as a whole. With equal content it
    counts as unchanged, and only its details are written, where their bytes differ: they are sealed at random, so nobody
    here can tell details sealed anew from changed ones, and keeping the former could lose a change. The registrar, who can
    tell, sends only what changed. The same bytes again write nothing.

    Whatever is written over is kept as a former version, details sealed anew too: of two that say the same the member's device,
    which opens both, shows one.
    """
    # In threads: some 2 us for each of 20,000 results, while an earlier batch's go on into the database and members are answered.
    sent = await asyncio.to_thread(import_body, caller.body)
    require_sorted([token for token, _, _ in sent.rows])
    async with db.statements("read-items") as tx:
        codes = await known_codes.current(tx)
    batch = await asyncio.to_thread(import_rows, sent, codes)
    require_unique([row.key for row in batch])
    async with db.transaction("store-checkups") as tx:
        await spend(tx, caller, "checkup", len(batch))
        await batches.hold(tx)
        open_ = await mailboxes.known(tx, [row.key[0] for row in batch])
        stored = await checkups.stored(tx, [row.key for row in batch])
        fates = [(row, fate(Stored(row.content, row.details_hash), stored.get(row.key))) for row in batch if row.key[0] in open_]
        over = [row.key for row, what in fates if what in {"replaced", "resealed"}]
        if over:
            await former_versions.keep_checkups(tx, over, today)
            await checkups.delete_checkups(tx, over)
        if changed := [row.key for row, what in fates if what == "replaced"]:
            await checkups.delete_observations(tx, changed)
        # In the order of tokens, whatever becomes of a row.
        await checkups.insert(
            tx,
            [row.header for row, what in fates if what != "same"],
            [row.results for row, what in fates if what in {"inserted", "replaced"}],
        )
    count = Counter(what for _, what in fates)
    return CheckupsStored(
        inserted=count["inserted"],
        replaced=count["replaced"],
        unchanged=count["resealed"] + count["same"],
        unknown=tuple(at for at, row in enumerate(batch) if row.key[0] not in open_),
    )
