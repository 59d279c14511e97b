"""Seals and backups of one database take turns: a backup sees one instant, and would find tables empty that a seal made since."""

from typing import Any

import asyncpg

PATIENCE_S = 600


class OutOfTurn(Exception):
    """Another seal or backup of this database has been under way for too long; nothing was changed."""


async def take_turn(connection: Any) -> None:
    """Wait until no seal and no backup is under way; outside any transaction. The turn ends with the connection."""
    await connection.execute(f"SET lock_timeout = '{PATIENCE_S}s'")
    try:
        await connection.execute("SELECT pg_advisory_lock(hashtextextended('seal or backup', 0))")
    except asyncpg.LockNotAvailableError:
        raise OutOfTurn(f"another seal or backup has been under way for {PATIENCE_S} s; nothing was changed") from None
    await connection.execute("RESET lock_timeout")
