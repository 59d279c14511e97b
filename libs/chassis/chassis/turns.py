"""Seals, backups and whatever else reads one moment for long take turns: they would find tables empty that a seal made since."""

from typing import Any

import asyncpg

PATIENCE_S = 4 * 3600
"""A snapshot of 100,000 members is read for ten seconds, a backup lasts longer, and there are larger insurers and slower disks."""
_TURN = "hashtextextended('turn', 0)"


class OutOfTurn(Exception):
    """Another seal, backup or long reading of this database has been under way for too long; nothing was changed."""


async def take_turn(connection: Any) -> None:
    """Wait until nobody else has their turn; outside any transaction. It ends with the connection, or with `leave_turn`."""
    await connection.execute(f"SET lock_timeout = '{PATIENCE_S}s'")
    try:
        await connection.execute(f"SELECT pg_advisory_lock({_TURN})")
    except asyncpg.LockNotAvailableError:
        raise OutOfTurn(f"another seal or backup has been under way for {PATIENCE_S} s; nothing was changed") from None
    await connection.execute("RESET lock_timeout")


async def leave_turn(connection: Any) -> None:
    """Let the next one have their turn."""
    if not connection.is_closed():
        await connection.execute(f"SELECT pg_advisory_unlock({_TURN})")
