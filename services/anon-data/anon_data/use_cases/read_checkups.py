"""A device reads its member's checkups."""

from chassis.database import Database
from mailboxes.readers import Reader

from anon_data.code_table import KnownCodes
from anon_data.rendering import checkups_json
from anon_data.store import checkups


async def read_checkups(db: Database, known_codes: KnownCodes, reader: Reader) -> bytes:
    """Return all checkups, the newest first, with the code table entries they use, as JSON."""
    async with db.statements("read-checkups") as tx:
        rows = await checkups.of_reader(tx, reader.signed)
        if rows is None:
            rows = await checkups.of_token(tx, await reader.otherwise(tx))
        codes = await known_codes.at(tx, rows[0]["generation"] if rows else 0)
    return checkups_json(rows, codes)
