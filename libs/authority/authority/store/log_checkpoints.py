"""Checkpoints of this log with their cosignatures, and what this authority cosigned of the others."""

from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.names import AuthorityName
from sqlalchemy.dialects.postgresql import insert

from authority.store.log_tables import log_checkpoint, log_cosignature, log_witness
from authority.store.tables import p_bytes

_c, _co, _w = log_checkpoint.c, log_cosignature.c, log_witness.c
_size = sa.bindparam("at", type_=sa.BigInteger)
_host = sa.bindparam("whose", type_=sa.Text)
_number = sa.bindparam("which", type_=sa.Integer)
_newer = insert(log_witness).values(host=_host, number=_number, size=_size, root=p_bytes("hash"))

ADD = statement(
    insert(log_checkpoint)
    .values(number=_number, size=_size, root=p_bytes("hash"), signature=p_bytes("signed"))
    .on_conflict_do_nothing(index_elements=[_c.size])
)
NEWEST = statement(sa.select(_c.size, _c.root, _c.signature).where(_c.number == _number).order_by(_c.size.desc()).limit(1))
FIND = statement(sa.select(_c.size, _c.root, _c.signature).where(_c.number == _number, _c.size == _size))
COSIGNED = statement(sa.select(_co.host, _co.signature).where(_co.size == _size).order_by(_co.host))
COSIGN = statement(
    insert(log_cosignature)
    .values(size=_size, host=_host, signature=p_bytes("signed"))
    .on_conflict_do_update(index_elements=[_co.size, _co.host], set_={"signature": p_bytes("signed")})
)
_newest = sa.select(sa.func.max(_c.size)).scalar_subquery()
_newest_cosigned = sa.select(sa.func.max(_co.size)).scalar_subquery()
PURGE = statement(
    sa.delete(log_checkpoint).where(_c.size < _newest, sa.or_(_newest_cosigned.is_(None), _c.size != _newest_cosigned))
)
WITNESSED = statement(sa.select(_w.number, _w.size, _w.root).where(_w.host == _host))
WITNESS = statement(
    _newer.on_conflict_do_update(
        index_elements=[_w.host],
        set_={name: _newer.excluded[name] for name in ("number", "size", "root")},
        where=sa.and_(
            _w.number == sa.bindparam("which_before", type_=sa.Integer),
            _w.size == sa.bindparam("before", type_=sa.BigInteger),
            _w.root == p_bytes("hash_before"),
        ),
    )
)


@dataclass(frozen=True)
class Signed:
    """A checkpoint of this authority's log."""

    number: int
    """Which of its logs."""
    size: int
    root: bytes
    signature: bytes


@dataclass(frozen=True)
class Witnessed:
    """What was cosigned last of another authority; at first its empty log."""

    number: int
    """Which of its logs."""
    size: int
    root: bytes


async def add(tx: Transaction, signed: Signed) -> None:
    """Store a checkpoint, unless there is one of this size."""
    await ADD.execute(tx, which=signed.number, at=signed.size, hash=signed.root, signed=signed.signature)


async def newest(tx: Transaction, number: int) -> Signed | None:
    """Return the newest checkpoint of a log."""
    row = await NEWEST.one_or_none(tx, which=number)
    return None if row is None else Signed(number, row["size"], row["root"], row["signature"])


async def find(tx: Transaction, number: int, size: int) -> Signed | None:
    """Return the checkpoint of a log of a size, where it was not deleted."""
    row = await FIND.one_or_none(tx, which=number, at=size)
    return None if row is None else Signed(number, row["size"], row["root"], row["signature"])


async def cosignatures(tx: Transaction, size: int) -> dict[str, bytes]:
    """Return a checkpoint's cosignatures by host."""
    return {row["host"]: row["signature"] for row in await COSIGNED.all(tx, at=size)}


async def cosign(tx: Transaction, size: int, host: AuthorityName, signature: bytes) -> None:
    """Store a cosignature of a checkpoint."""
    await COSIGN.execute(tx, at=size, whose=host, signed=signature)


async def purge(tx: Transaction) -> None:
    """Delete all checkpoints but the newest one and the newest one that was cosigned."""
    await PURGE.execute(tx)


async def witnessed(tx: Transaction, host: AuthorityName) -> Witnessed | None:
    """Return what was cosigned last of another authority's log."""
    row = await WITNESSED.one_or_none(tx, whose=host)
    return None if row is None else Witnessed(row["number"], row["size"], row["root"])


async def witness(tx: Transaction, host: AuthorityName, before: Witnessed, now: Witnessed) -> bool:
    """Remember what is cosigned now; return False where it was something else than ``before`` meanwhile."""
    known = {"which_before": before.number, "before": before.size, "hash_before": before.root}
    return bool(await WITNESS.execute(tx, whose=host, which=now.number, at=now.size, hash=now.root, **known))
