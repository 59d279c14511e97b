"""Hash trees (RFC 9162 section 2.1) over a list of leaves: one hash stands for the list, short proofs for one of its leaves.

Leaves and inner nodes are hashed under different prefixes, so an inner node is never taken for a leaf.
"""

from collections.abc import Callable, Mapping, Sequence

from .encoding import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256()

_LEAF, _NODE = b"\x00", b"\x01"


Place = tuple[int, int]
"""A complete subtree: its height, and its number among those of this height, from the left."""


class MerkleRefused(Exception):
    """A proof does not lead from what it is about to the root."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf."""
    return sha256(_LEAF, leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(_NODE, left, right)


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle Tree Hash of the leaves in their order (section 2.1.1)."""
    return Tree(leaves).root(len(leaves))


def root_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaves of which only the hashes are known."""
    return Tree.of_hashes(hashes).root(len(hashes))


def inclusion_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the path from the leaf at ``index`` to the root, the lowest sibling first (section 2.1.3.1)."""
    return Tree(leaves).inclusion_path(index, len(leaves))


def consistency_path(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of the first ``first`` leaves is the beginning of this one (section 2.1.4.1)."""
    return Tree(leaves).consistency_path(first, len(leaves))


class Tree:
    """The hashes of a list of leaves; every complete subtree is hashed once, however many proofs are asked for."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._build([leaf_hash(leaf) for leaf in leaves])

    @classmethod
    def of_hashes(cls, hashes: Sequence[bytes]) -> "Tree":
        """Return the tree over leaves of which only the hashes are known."""
        tree = cls(())
        tree._build(list(hashes))
        return tree

    def _build(self, hashes: list[bytes]) -> None:
        self._levels = [hashes]
        while len(below := self._levels[-1]) > 1:
            self._levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def root(self, size: int) -> bytes:
        """Return the root of the tree of the first ``size`` leaves."""
        return self._hash(0, size) if size else EMPTY_ROOT

    def inclusion_path(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the path of the leaf at ``index`` in the tree of the first ``size`` leaves; raise IndexError outside of it."""
        if not 0 <= index < size <= self.size:
            raise IndexError(index)
        path = []
        begin, end = 0, size
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(begin, middle))
                begin = middle
        return tuple(reversed(path))

    def consistency_path(self, first: int, second: int) -> tuple[bytes, ...]:
        """Return the proof from the tree of ``first`` leaves to that of ``second``; raise IndexError for impossible sizes."""
        if not 0 < first <= second <= self.size:
            raise IndexError(first)
        path = []
        begin, end, whole = 0, second, True
        while first != end:
            middle = begin + _split(end - begin)
            if first <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(begin, middle))
                begin, whole = middle, False
        if not whole:
            path.append(self._hash(begin, end))
        return tuple(reversed(path))

    def _hash(self, begin: int, end: int) -> bytes:
        """Return the hash of a subtree: ``begin`` is a multiple of the power of two that is not smaller than it."""
        size = end - begin
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self._complete(level, begin >> level)
        middle = begin + _split(size)
        return node_hash(self._hash(begin, middle), self._hash(middle, end))

    def _complete(self, level: int, number: int) -> bytes:
        return self._levels[level][number]


class SparseTree(Tree):
    """A tree of ``size`` leaves that looks its complete subtrees up one by one, wherever they are kept."""

    def __init__(self, size: int, lookup: Callable[[Place], bytes]) -> None:
        super().__init__(())
        self._size = size
        self._lookup = lookup

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    def _complete(self, level: int, number: int) -> bytes:
        return self._lookup((level, number))


def places(size: int, work: Callable[[Tree], object]) -> list[Place]:
    """Return the complete subtrees whose hashes some work on a tree of ``size`` leaves asks for."""
    asked: dict[Place, None] = {}

    def lookup(place: Place) -> bytes:
        asked[place] = None
        return EMPTY_ROOT

    work(SparseTree(size, lookup))
    return list(asked)


def edge(size: int) -> list[Place]:
    """Return the complete subtrees of which the tree of ``size`` leaves consists, the largest first."""
    return places(size, lambda tree: tree.root(size))


def grown(size: int, known: Mapping[Place, bytes], hashes: Sequence[bytes]) -> dict[Place, bytes]:
    """Return every complete subtree that these leaves add behind the first ``size``, of which the :func:`edge` is known."""
    made: dict[Place, bytes] = {}
    for leaf, found in enumerate(hashes, size):
        level, number, top = 0, leaf, found
        made[level, number] = top
        while number & 1:
            left = (level, number - 1)
            top = node_hash(made[left] if left in made else known[left], top)
            level, number = level + 1, number >> 1
            made[level, number] = top
    return made


def verify_inclusion(expected: bytes, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> None:
    """Raise :class:`MerkleRefused` unless ``leaf`` is number ``index`` of the ``size`` leaves under this root (section 2.1.3.2)."""
    if not 0 <= index < size:
        raise MerkleRefused("no such leaf")
    at, last, found = index, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            raise MerkleRefused("a path that is too long")
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            at, last = _past_right_edge(at, last)
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last != 0 or found != expected:
        raise MerkleRefused("a path that does not lead to the root")


def verify_consistency(first_root: bytes, first: int, second_root: bytes, second: int, path: Sequence[bytes]) -> None:
    """Raise :class:`MerkleRefused` unless the ``first`` leaves under one root begin the ``second`` under the other (2.1.4.2)."""
    if not 0 < first <= second:
        raise MerkleRefused("no such tree")
    if first == second:
        if path or first_root != second_root:
            raise MerkleRefused("two roots for one tree")
        return
    # A complete first tree is a node of the second one, and is left out of the path.
    pending = [*([first_root] if first & (first - 1) == 0 else []), *path]
    if not pending:
        raise MerkleRefused("a path that is too short")
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = pending[0]
    for sibling in pending[1:]:
        if last == 0:
            raise MerkleRefused("a path that is too long")
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            at, last = _past_right_edge(at, last)
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    if last != 0 or (old, new) != (first_root, second_root):
        raise MerkleRefused("a path that does not lead to both roots")


def _past_right_edge(at: int, last: int) -> tuple[int, int]:
    """Climb from a node without a right sibling to where it is joined from the left."""
    while not at & 1 and at:
        at, last = at >> 1, last >> 1
    return at, last


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1
