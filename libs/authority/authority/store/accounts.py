"""Accounts and salts."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement

from authority.store.tables import account, p_bytes, p_version, salt

_refs = sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary))

LOCK = statement(sa.select(account.c.version).where(account.c.ref == p_bytes("member")).with_for_update())
SALTS = statement(
    sa.select(salt.c.version, salt.c.salt, salt.c.root).where(salt.c.ref == p_bytes("member")).order_by(salt.c.version)
)
LOCK_MANY = statement(
    sa.select(account.c.ref, account.c.ever_released)
    .where(account.c.ref == sa.any_(_refs))
    .order_by(account.c.ref)
    .with_for_update()
)
COMMIT = statement(
    sa.update(account)
    .where(account.c.ref == p_bytes("member"), account.c.version == p_version("committed") - 1)
    .values(version=p_version("committed"))
)
DROP_SALTS = statement(sa.delete(salt).where(salt.c.ref == p_bytes("member"), salt.c.version < p_version("committed")))


@dataclass(frozen=True)
class Salt:
    """What a share is derived from, beside a root."""

    value: bytes
    root: int
    """Generation of that root."""


@dataclass(frozen=True)
class Salts:
    """The current version of a member, its salt, and the pending one while a rotation is under way."""

    current: int
    by_version: dict[int, Salt]

    @property
    def pending(self) -> int | None:
        """The version being rotated to, if any."""
        return self.current + 1 if self.current + 1 in self.by_version else None


async def lock(tx: Transaction, ref: bytes) -> Salts | None:
    """Return a member's salts and keep them as they are until the transaction ends."""
    current = await LOCK.scalar(tx, member=ref)
    return None if current is None else await salts(tx, ref, current)


async def salts(tx: Transaction, ref: bytes, current: int) -> Salts:
    """Return a member's salts of the current version and after."""
    rows = await SALTS.all(tx, member=ref)
    return Salts(current, {row["version"]: Salt(row["salt"], row["root"]) for row in rows})


async def lock_many(tx: Transaction, refs: Sequence[bytes]) -> dict[bytes, bool]:
    """Return which of these references are there and whether each was ever released, and keep that so."""
    return {row["ref"]: row["ever_released"] for row in await LOCK_MANY.all(tx, refs=list(refs))}


async def commit_version(tx: Transaction, ref: bytes, version: int) -> None:
    """Make a version the current one and delete the salts before it."""
    await COMMIT.execute(tx, member=ref, committed=version)
    await DROP_SALTS.execute(tx, member=ref, committed=version)
