"""``merkle.json``."""

from protocol import merkle

from make_vectors.cases import Case, Stored

LEAVES = tuple(
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
)


def build(_stored: Stored) -> Case:
    """Show the roots of growing trees over eight leaves, the path of each leaf, and the consistency path from each smaller tree."""
    return {
        "leaves": [one.hex() for one in LEAVES],
        "empty": merkle.EMPTY_ROOT.hex(),
        "cases": [_tree(size) for size in range(1, 9)],
    }


def _tree(size: int) -> Case:
    leaves = LEAVES[:size]
    inclusion = [[step.hex() for step in merkle.inclusion_path(leaves, index)] for index in range(size)]
    consistency = [[step.hex() for step in merkle.consistency_path(leaves, first)] for first in range(1, size + 1)]
    return {"size": size, "root": merkle.root(leaves).hex(), "inclusion": inclusion, "consistency": consistency}
