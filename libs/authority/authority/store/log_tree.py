"""Leaves and complete subtrees of the log."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.merkle import Place, leaf_hash
from protocol.release_log import Kind, kind_of, leaf, number_of

from authority.store.log_tables import log_leaf, log_node
from authority.store.tables import MANY_BYTES
from authority.store.unnested import unnested

_NUMBERS = sa.ARRAY(sa.BigInteger)
_SMALL = sa.ARRAY(sa.SmallInteger)
_levels, _numbers = sa.bindparam("levels", type_=_SMALL), sa.bindparam("numbers", type_=_NUMBERS)
_new_leaves = unnested(
    {
        "position": _numbers,
        "kind": sa.bindparam("kinds", type_=_SMALL),
        "commitment": sa.bindparam("commitments", type_=MANY_BYTES),
    }
)
_new_nodes = unnested({"level": _levels, "number": _numbers, "hash": sa.bindparam("hashes", type_=MANY_BYTES)})
_wanted = unnested({"level": _levels, "number": _numbers})
_c = log_leaf.c

ADD_LEAVES = statement(sa.insert(log_leaf).from_select(["position", "kind", "commitment"], sa.select(_new_leaves)))
ADD_NODES = statement(sa.insert(log_node).from_select(["level", "number", "hash"], sa.select(_new_nodes)))
SIZE = statement(sa.select(sa.func.max(_c.position) + 1))
LEAVES = statement(
    sa.select(_c.kind, _c.commitment)
    .where(_c.position >= sa.bindparam("begin", type_=sa.BigInteger), _c.position < sa.bindparam("end", type_=sa.BigInteger))
    .order_by(_c.position)
)
SOME_LEAVES = statement(sa.select(_c.position, _c.kind, _c.commitment).where(_c.position == sa.any_(_numbers)))
NODES = statement(
    sa.select(log_node.c.level, log_node.c.number, log_node.c.hash).join(
        _wanted, sa.and_(log_node.c.level == _wanted.c.level, log_node.c.number == _wanted.c.number)
    )
)

Leaf = tuple[Kind, bytes]
"""Kind and commitment."""


async def size(tx: Transaction) -> int:
    """Return how many leaves there are."""
    return await SIZE.scalar(tx) or 0


async def append(tx: Transaction, at: int, leaves: Sequence[Leaf], nodes: Mapping[Place, bytes]) -> None:
    """Store leaves from a place on, and the complete subtrees that they make."""
    numbers = list(range(at, at + len(leaves)))
    await ADD_LEAVES.execute(
        tx, numbers=numbers, kinds=[number_of(kind) for kind, _ in leaves], commitments=[commitment for _, commitment in leaves]
    )
    above = {place: found for place, found in nodes.items() if place[0] > 0}
    await ADD_NODES.execute(
        tx, levels=[level for level, _ in above], numbers=[number for _, number in above], hashes=list(above.values())
    )


async def leaves(tx: Transaction, begin: int, end: int) -> list[Leaf]:
    """Return the leaves from one place up to another."""
    return [(kind_of(row["kind"]), row["commitment"]) for row in await LEAVES.all(tx, begin=begin, end=end)]


async def hashes(tx: Transaction, places: Sequence[Place]) -> dict[Place, bytes]:
    """Return the hashes of complete subtrees."""
    low = [number for level, number in places if level == 0]
    high = [place for place in places if place[0] > 0]
    found: dict[Place, bytes] = {}
    if low:
        for row in await SOME_LEAVES.all(tx, numbers=low):
            found[0, row["position"]] = leaf_hash(leaf(kind_of(row["kind"]), row["commitment"]))
    if high:
        for row in await NODES.all(tx, levels=[level for level, _ in high], numbers=[number for _, number in high]):
            found[row["level"], row["number"]] = row["hash"]
    return found
