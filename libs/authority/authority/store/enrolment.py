"""Accounts and first salts of many members at once."""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.shares import SALT_BYTES
from sqlalchemy.dialects.postgresql import insert

from authority.store.accounts import Salt
from authority.store.tables import MANY_BYTES, account, p_root, salt
from authority.store.unnested import unnested

_refs = sa.bindparam("refs", type_=MANY_BYTES)
_salts = sa.bindparam("salts", type_=MANY_BYTES)
_zero = sa.literal_column("0", sa.Integer)


_new = unnested({"ref": _refs})
_salted = unnested({"ref": _refs, "salt": _salts})

ACCOUNTS = statement(
    insert(account)
    .from_select(["ref", "version", "ever_released"], sa.select(_new.c.ref, _zero, sa.false()))
    .on_conflict_do_nothing(index_elements=[account.c.ref])
)
SALTS = statement(
    insert(salt)
    .from_select(["ref", "version", "salt", "root"], sa.select(_salted.c.ref, _zero, _salted.c.salt, p_root("generation")))
    .on_conflict_do_nothing(index_elements=[salt.c.ref, salt.c.version])
)
FIRST_SALTS = statement(sa.select(salt.c.ref, salt.c.salt, salt.c.root).where(salt.c.ref == sa.any_(_refs), salt.c.version == 0))


async def insert_accounts(tx: Transaction, refs: Sequence[bytes], root: int) -> None:
    """Insert the references that are new, each with a salt for version 0 and a generation of roots; ``refs`` are sorted."""
    await ACCOUNTS.execute(tx, refs=list(refs))
    await SALTS.execute(tx, refs=list(refs), salts=[secrets.token_bytes(SALT_BYTES) for _ in refs], generation=root)


async def first_salts(tx: Transaction, refs: Sequence[bytes]) -> dict[bytes, Salt]:
    """Return the salt of version 0 by reference."""
    return {row["ref"]: Salt(row["salt"], row["root"]) for row in await FIRST_SALTS.all(tx, refs=list(refs))}
