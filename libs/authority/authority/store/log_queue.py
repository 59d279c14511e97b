"""What was done and is not in the log yet."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.release_log import KINDS, Kind, kind_of, number_of

from authority.store.log_tables import log_checkpoint, log_leaf, log_queue
from authority.store.tables import MANY_BYTES, p_bytes
from authority.store.unnested import unnested

LOCK = "release-log"
"""Held while the queue is taken into the log, and while a log begins."""
MOST = 2000
"""Taken at once."""

_c = log_queue.c
_kind = sa.bindparam("kind", type_=sa.SmallInteger)
_refs = unnested({"ref": sa.bindparam("refs", type_=MANY_BYTES)})

ADD = statement(sa.insert(log_queue).values(kind=_kind, about=p_bytes("about")))
ADD_MEMBERS = statement(sa.insert(log_queue).from_select(["kind", "ref", "about"], sa.select(_kind, _refs.c.ref, p_bytes("about"))))
TAKE = statement(sa.delete(log_queue).where(_c.id.in_(sa.select(_c.id).limit(MOST))).returning(_c.kind, _c.ref, _c.about))
STATE = statement(
    sa.select(
        sa.exists(sa.select(_c.id)).label("waiting"),
        sa.select(sa.func.max(log_leaf.c.position) + 1).scalar_subquery().label("size"),
        sa.select(sa.func.max(log_checkpoint.c.size))
        .where(log_checkpoint.c.number == sa.bindparam("which", type_=sa.Integer))
        .scalar_subquery()
        .label("signed"),
    )
)


@dataclass(frozen=True)
class Deed:
    """One row."""

    kind: Kind
    ref: bytes | None
    about: bytes


@dataclass(frozen=True)
class State:
    """How far the log is."""

    waiting: bool
    """Whether something is in the queue."""
    size: int
    signed: int
    """Size of the newest checkpoint."""


async def add(tx: Transaction, kind: Kind, about: bytes) -> None:
    """Log something that is about nobody."""
    await ADD.execute(tx, kind=number_of(kind), about=about)


async def add_members(tx: Transaction, kind: Kind, refs: Sequence[bytes | None], about: bytes) -> None:
    """Log something for each of these members."""
    await ADD_MEMBERS.execute(tx, kind=number_of(kind), refs=list(refs), about=about)


async def take(tx: Transaction) -> list[Deed]:
    """Return what is in the queue, and empty it of that."""
    return [Deed(kind_of(row["kind"]), row["ref"], row["about"]) for row in await TAKE.all(tx)]


async def state(tx: Transaction, number: int) -> State:
    """Return how far the log of this number is."""
    (row,) = await STATE.all(tx, which=number)
    return State(row["waiting"], row["size"] or 0, row["signed"] or 0)


RELEASED = KINDS.index("release") + 1
"""What a release's own statement writes as its kind."""
