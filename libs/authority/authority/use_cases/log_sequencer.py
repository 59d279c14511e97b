"""The sequencer: takes what was done from the queue into the log, and signs what the log has become.

A deed is queued by the statement that does it, so nothing is done that will not be logged, and nothing waits for the log. Deeds
of one second are put into the log in an order drawn by lot.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from chassis.app import Worker
from chassis.database import Transaction
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from protocol import merkle
from protocol.checkpoint import Checkpoint, log_name
from protocol.names import AuthorityName
from protocol.release_log import SALT_BYTES, Entry, Event, leaf, seal_entry

from authority.start import Authority
from authority.store import log_checkpoints, log_entries, log_queue, log_tree

PERIOD_S = 1.0
_LOT = random.SystemRandom()
_OF_NOBODY = frozenset({"window", "evaluation", "beginning"})


async def sequence(authority: Authority) -> None:
    """Take everything that is queued, and sign the log if it has grown since it was signed last."""
    while True:
        async with authority.db.statements("look-at-log") as tx:
            state = await log_queue.state(tx, authority.log_number)
        if state.waiting:
            await _take(authority)
        if state.waiting or state.size != state.signed:
            await _sign(authority)
        if not state.waiting:
            return


async def _take(authority: Authority) -> None:
    day = authority.clock.now().astimezone(UTC).date().toordinal() - datetime(1970, 1, 1, tzinfo=UTC).toordinal()
    async with authority.db.transaction("take-into-log") as tx:
        # Processes of one authority take turns.
        await tx.lock(log_queue.LOCK)
        deeds = await log_queue.take(tx)
        if not deeds:
            return
        _LOT.shuffle(deeds)
        size = await log_tree.size(tx)
        events = [Event(deed.kind, deed.ref or b"", deed.about, day) for deed in deeds]
        # What is about nobody has no salt: whoever has the window's manifest may look it up.
        salts = [b"" if event.kind in _OF_NOBODY else _LOT.randbytes(SALT_BYTES) for event in events]
        commitments = [event.commitment(authority.host, salt) for event, salt in zip(events, salts, strict=True)]
        leaves = [(event.kind, commitment) for event, commitment in zip(events, commitments, strict=True)]
        edge = await log_tree.hashes(tx, merkle.edge(size))
        hashes = [merkle.leaf_hash(leaf(kind, commitment)) for kind, commitment in leaves]
        await log_tree.append(tx, size, leaves, merkle.grown(size, edge, hashes))
        entries = [
            (event.ref, Entry(event.kind, event.about, day, at, salt).packed())
            for at, (event, salt) in enumerate(zip(events, salts, strict=True), size)
            if event.ref
        ]
        await _keep(tx, authority.host, entries)


async def _keep(tx: Transaction, host: AuthorityName, entries: Sequence[tuple[bytes, bytes]]) -> None:
    """Seal entries to their members' log keys, and those that waited for a key that is there now."""
    keys = {
        ref: X25519PublicKey.from_public_bytes(key)
        for ref, key in (await log_entries.keys(tx, [ref for ref, _ in entries])).items()
    }
    # Sorted, so that the day's entries do not stand in the order of their leaves.
    sealed = sorted((ref, seal_entry(keys[ref], entry, host, ref)) for ref, entry in entries if ref in keys)
    await log_entries.add_sealed(tx, sealed)
    await log_entries.add_open(tx, sorted((ref, entry) for ref, entry in entries if ref not in keys))
    waited = await log_entries.that_can_be_sealed(tx)
    await log_entries.seal(
        tx, {one.id: seal_entry(X25519PublicKey.from_public_bytes(one.key), one.entry, host, one.ref) for one in waited}
    )


async def _sign(authority: Authority) -> None:
    async with authority.db.transaction("read-log-root", readonly=True) as tx:
        size = await log_tree.size(tx)
        found = await log_tree.hashes(tx, merkle.edge(size))
    checkpoint = Checkpoint(
        log_name(authority.deployment, authority.host), size, merkle.SparseTree(size, found.__getitem__).root(size)
    )
    signature = await authority.with_keys(lambda: checkpoint.sign(authority.keys.signing))
    async with authority.db.statements("store-checkpoint") as tx:
        await log_checkpoints.add(tx, log_checkpoints.Signed(authority.log_number, size, checkpoint.root, signature.raw))


async def _work(state: object) -> None:
    authority: Authority = state.authority  # type: ignore[attr-defined]  # Starlette's State has whatever the start put there
    await sequence(authority)


SEQUENCER = Worker("release-log", PERIOD_S, _work, at_start=True)
"""The worker of every authority."""
