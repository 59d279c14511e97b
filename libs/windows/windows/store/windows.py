"""Windows and quotas in SQL."""

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.encoding import sha256
from protocol.manifest import Manifest, Purpose
from sqlalchemy.dialects.postgresql import insert

metadata = sa.MetaData()

registrar_window = sa.Table(
    "registrar_window",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("request_jkt", sa.LargeBinary, nullable=False),
    sa.Column("hpke", sa.LargeBinary, nullable=False),
    sa.Column("manifest_hash", sa.LargeBinary, nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False),
)

window_quota = sa.Table(
    "window_quota",
    metadata,
    sa.Column("window_id", sa.LargeBinary, sa.ForeignKey("registrar_window.id"), primary_key=True),
    sa.Column("use", sa.Text, primary_key=True),
    sa.Column("quota", sa.BigInteger, nullable=False),
    sa.Column("used", sa.BigInteger, nullable=False),
)

_window, _quota = registrar_window.c, window_quota.c
_id = sa.bindparam("window_id", type_=sa.LargeBinary)
_n = sa.bindparam("n", type_=sa.BigInteger)

INSERT = statement(
    insert(registrar_window)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in registrar_window.columns})
    .on_conflict_do_nothing()
)
INSERT_QUOTA = statement(
    insert(window_quota).values(
        window_id=_id, use=sa.bindparam("name"), quota=sa.bindparam("quota", type_=sa.BigInteger), used=sa.literal_column("0")
    )
)
FIND = statement(
    sa.select(_window.purpose, _window.request_jkt, _window.hpke, _window.manifest_hash, _window.expires).where(_window.id == _id)
)
REMAINING = statement(sa.select(_quota.use, _quota.quota - _quota.used).where(_quota.window_id == _id).order_by(_quota.use))
SPEND = statement(
    sa.update(window_quota)
    .where(_quota.window_id == _id, _quota.use == sa.bindparam("name"), _quota.used + _n <= _quota.quota)
    .values(used=_quota.used + _n)
)
PURGE = statement(sa.delete(registrar_window).where(_window.expires < sa.bindparam("before", type_=sa.BigInteger)))


@dataclass(frozen=True)
class Window:
    """An opened window."""

    purpose: Purpose
    request_jkt: bytes
    hpke: bytes
    manifest_hash: bytes
    expires: int


async def insert_window(tx: Transaction, manifest: Manifest, raw: bytes) -> bool:
    """Store a window and its quotas; return False, storing nothing, when one of this id is there."""
    inserted = await INSERT.execute(
        tx,
        id=manifest.id,
        purpose=manifest.purpose,
        request_jkt=manifest.request_jkt,
        hpke=manifest.hpke,
        manifest_hash=sha256(raw),
        expires=manifest.expires,
    )
    if inserted:
        quotas = sorted(manifest.quotas.items())
        await INSERT_QUOTA.many(tx, [{"window_id": manifest.id, "name": name, "quota": quota} for name, quota in quotas])
    return bool(inserted)


async def find_window(tx: Transaction, window_id: bytes) -> Window | None:
    """Return the window of this id."""
    row = await FIND.one_or_none(tx, window_id=window_id)
    if row is None:
        return None
    return Window(cast("Purpose", row["purpose"]), row["request_jkt"], row["hpke"], row["manifest_hash"], row["expires"])


async def remaining(tx: Transaction, window_id: bytes) -> dict[str, int]:
    """Return what is left of each quota."""
    return {row[0]: row[1] for row in await REMAINING.all(tx, window_id=window_id)}


async def spend(tx: Transaction, window_id: bytes, use: str, n: int) -> bool:
    """Count ``n`` as used, in one statement; return False, counting nothing, when less is left."""
    return bool(await SPEND.execute(tx, window_id=window_id, name=use, n=n))


async def delete_windows(tx: Transaction, before: int) -> int:
    """Delete windows that ended before this time."""
    return await PURGE.execute(tx, before=before)
