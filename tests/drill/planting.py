"""Puts rows into a seized copy, as a careless change to a service would have left them."""

from collections.abc import Sequence

from drill.seizure import HostCopy


async def plant_rows(copy: HostCopy, table: str, column: str, rows: Sequence[tuple[bytes, str]]) -> None:
    """Make ``table`` (id, column) with these rows in this order."""
    values = ", ".join(f"('\\x{identifier.hex()}', '{value}')" for identifier, value in rows)
    await copy.change(f"CREATE TABLE {table} (id bytea, {column})", f"INSERT INTO {table} VALUES {values}")
