"""Subject lists: a proof holds for its host, id, root and size, and a root tells nothing of its list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.names import HOSTS, HostName
from protocol.subjects import Subject, SubjectList, SubjectProof, SubjectProofRefused
from pydantic import ValidationError

lists = st.dictionaries(
    st.sampled_from(HOSTS), st.sets(st.binary(min_size=16, max_size=32), min_size=1, max_size=12), min_size=1, max_size=5
)


def holds(proof: SubjectProof, root: bytes, count: int, host: HostName, subject: bytes) -> bool:
    try:
        proof.check(root, count, host, subject)
    except SubjectProofRefused:
        return False
    return True


@given(lists)
def test_everybody_on_the_list_has_a_proof(subjects: dict[HostName, set[bytes]]) -> None:
    """Each proof, after its way over the wire, holds for its own subject at its own host, and at no other."""
    listed = SubjectList.make(subjects)
    found = []
    for host, ids in subjects.items():
        for one in ids:
            proof = SubjectProof.model_validate_json(listed.proof(host, one).model_dump_json())
            found.append(holds(proof, listed.root, listed.size, host, one))
            found += [not holds(proof, listed.root, listed.size, other, one) for other in HOSTS if other != host]
            found.append(not holds(proof, listed.root, listed.size, host, one + b"x"))

    assert all(found)
    assert listed.size == sum(map(len, subjects.values()))


@given(lists)
def test_opened_entries_give_the_same_root(subjects: dict[HostName, set[bytes]]) -> None:
    """An officer who is shown the entries, in whatever order, computes the root that is to be signed."""
    listed = SubjectList.make(subjects)
    again = SubjectList.of(reversed(listed.entries))

    assert (again.root, again.size, again.entries) == (listed.root, listed.size, listed.entries)


@given(lists, st.binary(min_size=16, max_size=32))
def test_nobody_else_has_one(subjects: dict[HostName, set[bytes]], stranger: bytes) -> None:
    """There is no proof for somebody else, and a neighbour's proof does not serve."""
    listed = SubjectList.make(subjects)
    served = [
        holds(listed.proof(host, one), listed.root, listed.size, host, stranger)
        for host, ids in subjects.items()
        for one in ids
        if stranger not in ids
    ]

    assert not any(served)


def test_the_same_people_twice_share_nothing() -> None:
    """Two lists of the same subjects have different roots and salts: nobody recognises one in the other."""
    subjects: dict[HostName, list[bytes]] = {"keyvault": [bytes(16)], "identity": [bytes(16)]}
    first, second = SubjectList.make(subjects), SubjectList.make(subjects)
    salts = {one.salt for listed in (first, second) for one in listed.entries}

    assert (first.root != second.root, len(salts)) == (True, 4)


def test_leaves_are_sorted() -> None:
    """Entries stand in the order of their leaves, bytewise."""
    listed = SubjectList.make({"keyvault": [bytes([n]) * 16 for n in range(20)]})
    leaves = [one.leaf for one in listed.entries]

    assert leaves == sorted(leaves)


def test_another_count_is_another_list() -> None:
    """A proof is for a list of so many."""
    listed = SubjectList.make({"keyvault": [b"a" * 16, b"b" * 16, b"c" * 16]})
    proof = listed.proof("keyvault", b"a" * 16)

    assert not holds(proof, listed.root, 8, "keyvault", b"a" * 16)


@pytest.mark.parametrize(
    "entries",
    [[], [Subject("keyvault", bytes(16), bytes(16)), Subject("keyvault", bytes(16), b"1" * 16)]],
    ids=["nobody", "somebody-twice"],
)
def test_impossible_lists(entries: list[Subject]) -> None:
    """A list has entries, and each subject once: a second salt would count one person as two."""
    with pytest.raises(ValueError, match="subject"):
        SubjectList.of(entries)

    assert SubjectList.of([Subject("keyvault", bytes(16), bytes(16))]).size == 1


@pytest.mark.parametrize(
    "change",
    [{"index": -1}, {"index": True}, {"index": "0"}, {"salt": ""}, {"path": [""]}, {"path": ["A" * 43] * 32}, {"extra": 1}],
)
def test_odd_proofs_are_no_proofs(change: dict[str, object]) -> None:
    """Each member has one form."""
    with pytest.raises(ValidationError):
        SubjectProof.model_validate({"salt": "A" * 22, "index": 0, "path": [], **change})

    assert SubjectProof.model_validate({"salt": "A" * 22, "index": 0, "path": []}).index == 0
