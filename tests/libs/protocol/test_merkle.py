"""Hash trees: the reference roots, and proofs that hold for what they are about and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol import merkle
from protocol.merkle import MerkleRefused, verify_consistency, verify_inclusion

# The leaves and roots with which implementations of Certificate Transparency are tested.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

leaf_lists = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def holds_inclusion(*arguments: object) -> bool:
    try:
        verify_inclusion(*arguments)  # type: ignore[arg-type]  # the types of one call
    except MerkleRefused:
        return False
    return True


def holds_consistency(*arguments: object) -> bool:
    try:
        verify_consistency(*arguments)  # type: ignore[arg-type]  # the types of one call
    except MerkleRefused:
        return False
    return True


def by_the_definition(leaves: list[bytes]) -> bytes:
    """The Merkle Tree Hash as RFC 9162 section 2.1.1 defines it."""
    if len(leaves) < 2:
        return merkle.leaf_hash(leaves[0]) if leaves else merkle.EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(by_the_definition(leaves[:split]), by_the_definition(leaves[split:]))


def test_the_reference_roots() -> None:
    """Eight growing trees, and the tree without leaves, which is the hash of nothing."""
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES]
    found = [merkle.root(leaves[:size]).hex() for size in range(1, 9)]

    assert found == ROOTS
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_root_is_as_defined(leaves: list[bytes]) -> None:
    """What is computed level by level is the recursive definition."""
    assert merkle.root(leaves) == by_the_definition(leaves)
    assert merkle.root_of_hashes([merkle.leaf_hash(leaf) for leaf in leaves]) == merkle.root(leaves)


@given(leaf_lists, st.data())
def test_a_leaf_is_shown_to_be_there(leaves: list[bytes], data: st.DataObject) -> None:
    """The path of each leaf holds for its leaf, place and size, and for no other."""
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-1, size + 1).filter(lambda one: one != index))
    root, path = merkle.root(leaves), merkle.inclusion_path(leaves, index)

    assert holds_inclusion(root, leaves[index], index, size, path)
    assert not holds_inclusion(root, leaves[index] + b"x", index, size, path)
    assert not holds_inclusion(merkle.leaf_hash(b"other"), leaves[index], index, size, path)
    assert not holds_inclusion(root, leaves[index], index, size, (*path, bytes(32)))
    assert not (path and holds_inclusion(root, leaves[index], index, size, path[:-1]))
    if not 0 <= other < size or leaves[other] != leaves[index]:
        assert not holds_inclusion(root, leaves[index], other, size, path)


@given(leaf_lists, st.data())
def test_an_inner_node_is_no_leaf(leaves: list[bytes], data: st.DataObject) -> None:
    """Two siblings joined are not accepted as a leaf one level up."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.inclusion_path(leaves, index)
    own = merkle.leaf_hash(leaves[index])
    joined = [] if not path else [own + path[0], path[0] + own]
    accepted = [
        holds_inclusion(merkle.root(leaves), inner, at, size, path[1:])
        for inner in joined
        for size in range(1, len(leaves) + 1)
        for at in range(size)
    ]

    assert not any(accepted)


@given(leaf_lists, st.data())
def test_a_tree_only_grows(leaves: list[bytes], data: st.DataObject) -> None:
    """A consistency path holds for the beginning it is about; not for another root, size or a changed leaf."""
    second = len(leaves)
    first = data.draw(st.integers(1, second))
    old, new, path = merkle.root(leaves[:first]), merkle.root(leaves), merkle.consistency_path(leaves, first)
    changed = merkle.root([leaves[0] + b"x", *leaves[1:first]])

    assert holds_consistency(old, first, new, second, path)
    assert not holds_consistency(changed, first, new, second, path)
    assert not holds_consistency(old, first, changed, second, path)
    assert not holds_consistency(old, first, new, second, (*path, bytes(32)))
    assert not (path and holds_consistency(old, first, new, second, path[:-1]))
    assert not holds_consistency(old, 0, new, second, path)
    assert not holds_consistency(old, second + 1, new, second, path)


def test_a_path_is_for_one_size() -> None:
    """The last of sixteen leaves is not taken for the last of eight: a path that is too long leads nowhere."""
    leaves = [bytes([place]) for place in range(16)]
    root, path = merkle.root(leaves), merkle.inclusion_path(leaves, 15)

    assert holds_inclusion(root, leaves[15], 15, 16, path)
    assert not holds_inclusion(root, leaves[15], 7, 8, path)


@pytest.mark.parametrize("index", [-1, 8])
def test_no_path_for_a_leaf_that_is_not_there(index: int) -> None:
    """Outside of the list there is nothing to prove."""
    with pytest.raises(IndexError):
        merkle.inclusion_path([b""] * 8, index)
    with pytest.raises(IndexError):
        merkle.consistency_path([b""] * 8, index + 1 if index > 0 else 0)

    assert merkle.inclusion_path([b""], 0) == ()


@given(st.lists(st.lists(st.binary(max_size=8), max_size=9), max_size=8), st.data())
def test_a_tree_that_grows_in_batches(batches: list[list[bytes]], data: st.DataObject) -> None:
    """However leaves come, the kept subtrees give the roots and paths of the whole list, and need no leaf but their own."""
    kept: dict[merkle.Place, bytes] = {}
    leaves: list[bytes] = []
    for batch in batches:
        edge = {place: kept[place] for place in merkle.edge(len(leaves))}
        kept.update(merkle.grown(len(leaves), edge, [merkle.leaf_hash(leaf) for leaf in batch]))
        leaves += batch
    size = data.draw(st.integers(0, len(leaves)))
    tree = merkle.SparseTree(size, kept.__getitem__)

    assert tree.root(size) == merkle.root(leaves[:size])
    if size:
        index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
        asked = merkle.places(size, lambda one: (one.inclusion_path(index, size), one.consistency_path(first, size)))
        assert tree.inclusion_path(index, size) == merkle.inclusion_path(leaves[:size], index)
        assert tree.consistency_path(first, size) == merkle.consistency_path(leaves[:size], first)
        assert set(asked) <= set(kept)
        assert len(asked) <= 4 * size.bit_length()
