"""Windows in the release log."""

from chassis.database import Transaction

from authority.store import log_queue


async def opened(tx: Transaction, manifest_hash: bytes) -> None:
    """Log a window in the transaction that opens it."""
    await log_queue.add(tx, "window", manifest_hash)
