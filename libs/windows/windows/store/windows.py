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
    sa.Column("subjects", sa.LargeBinary, nullable=True),
    sa.Column("subject_count", sa.Integer, nullable=True),
    sa.Column("closed", sa.Boolean, nullable=False, server_default=sa.false()),
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
    .values(
        {
            column.name: sa.bindparam(column.name, type_=column.type)
            for column in registrar_window.columns
            if column.name != "closed"
        }
    )
    .on_conflict_do_nothing()
)
INSERT_QUOTA = statement(
    insert(window_quota).values(
        window_id=_id, use=sa.bindparam("name"), quota=sa.bindparam("quota", type_=sa.BigInteger), used=sa.literal_column("0")
    )
)
FIND = statement(
    sa.select(
        _window.purpose,
        _window.request_jkt,
        _window.hpke,
        _window.manifest_hash,
        _window.expires,
        _window.subjects,
        _window.subject_count,
        _window.closed,
    ).where(_window.id == _id)
)
OPEN = statement(
    sa.select(_window.id, _window.purpose, _window.expires, _window.closed, _quota.use, _quota.quota, _quota.used)
    .select_from(registrar_window.outerjoin(window_quota, _quota.window_id == _window.id))
    .where(_window.expires > sa.bindparam("now", type_=sa.BigInteger))
    .order_by(_window.expires, _window.id, _quota.use)
)
CLOSE = statement(sa.update(registrar_window).where(_window.id == _id).values(closed=sa.true()))
REMAINING = statement(sa.select(_quota.use, _quota.quota - _quota.used).where(_quota.window_id == _id).order_by(_quota.use))
SPEND = statement(
    sa.update(window_quota)
    .where(
        _quota.window_id == _id,
        _quota.use == sa.bindparam("name"),
        _quota.used + _n <= _quota.quota,
        sa.exists().where(_window.id == _quota.window_id, _window.closed.is_(False)),
    )
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
    subjects: bytes | None
    subject_count: int | None
    closed: bool


@dataclass(frozen=True)
class OpenWindow:
    """A window whose time is not over, and of each use how many are allowed and how many were spent."""

    id: bytes
    purpose: Purpose
    expires: int
    closed: bool
    quotas: dict[str, tuple[int, int]]


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
        subjects=manifest.subjects,
        subject_count=manifest.subject_count,
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
    return Window(
        cast("Purpose", row["purpose"]),
        row["request_jkt"],
        row["hpke"],
        row["manifest_hash"],
        row["expires"],
        row["subjects"],
        row["subject_count"],
        row["closed"],
    )


async def open_windows(tx: Transaction, now: int) -> list[OpenWindow]:
    """Return the windows whose time is not over, closed ones among them; those that end first come first."""
    found: dict[bytes, OpenWindow] = {}
    for row in await OPEN.all(tx, now=now):
        window = found.setdefault(
            row["id"], OpenWindow(row["id"], cast("Purpose", row["purpose"]), row["expires"], row["closed"], {})
        )
        if row["use"] is not None:
            window.quotas[row["use"]] = (row["quota"], row["used"])
    return list(found.values())


async def close_window(tx: Transaction, window_id: bytes) -> bool:
    """Close a window for good; return False when none of this id is known."""
    return bool(await CLOSE.execute(tx, window_id=window_id))


async def remaining(tx: Transaction, window_id: bytes) -> dict[str, int]:
    """Return what is left of each quota."""
    return {row[0]: row[1] for row in await REMAINING.all(tx, window_id=window_id)}


async def spend(tx: Transaction, window_id: bytes, use: str, n: int) -> bool:
    """Count ``n`` as used, in one statement; return False, counting nothing, when less is left or the window was closed."""
    return bool(await SPEND.execute(tx, window_id=window_id, name=use, n=n))


async def delete_windows(tx: Transaction, before: int) -> int:
    """Delete windows that ended before this time."""
    return await PURGE.execute(tx, before=before)
