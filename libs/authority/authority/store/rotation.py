"""The pending salt: inserted once, never replaced."""

import secrets

from chassis.database import Transaction, statement
from protocol.shares import SALT_BYTES
from sqlalchemy.dialects.postgresql import insert

from authority.store.tables import p_bytes, p_root, p_version, salt

PENDING = statement(
    insert(salt)
    .values(ref=p_bytes("member"), version=p_version("pending"), salt=p_bytes("fresh"), root=p_root("generation"))
    .on_conflict_do_nothing(index_elements=[salt.c.ref, salt.c.version])
)


async def insert_pending(tx: Transaction, ref: bytes, version: int, root: int) -> None:
    """Give a version a salt for a generation of roots, unless it has one."""
    await PENDING.execute(tx, member=ref, pending=version, fresh=secrets.token_bytes(SALT_BYTES), generation=root)
