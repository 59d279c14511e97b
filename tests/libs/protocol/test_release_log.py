"""Leaves and entries of the release log."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.release_log import (
    KINDS,
    SLOT_BYTES,
    SLOTS,
    SLOTS_BYTES,
    Entry,
    Event,
    LogKey,
    LogKeyRefused,
    log_public,
    seal_entry,
    unused_slots,
)
from protocol.sealing import OpenError

REF = bytes(range(16))
KEY = LogKey(bytes(32), "keyvault", REF)
UNUSED = unused_slots()
entries = st.builds(
    Entry,
    st.sampled_from(KINDS),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**62),
    st.binary(min_size=16, max_size=16),
)


@given(st.lists(entries, max_size=5), st.data())
def test_entries_among_unused_slots(listed: list[Entry], data: st.DataObject) -> None:
    """Whatever stands in however many slots, the member reads exactly that, in the order of the slots."""
    slots = [UNUSED[at : at + SLOT_BYTES] for at in range(0, 5 * SLOT_BYTES, SLOT_BYTES)]
    places = data.draw(st.permutations(range(5)).map(lambda order: sorted(order[: len(listed)])))
    for place, entry in zip(places, listed, strict=True):
        slots[place] = seal_entry(log_public(KEY.public_bytes), entry.packed(), "keyvault", REF)

    assert KEY.entries(b"".join(slots)) == listed
    assert {len(slot) for slot in slots} == {SLOT_BYTES}


def test_an_entry_belongs_to_one_member_and_host() -> None:
    """A slot that is moved to another member, or to another authority, opens nothing."""
    entry = Entry("release", bytes(32), 1, 2, bytes(16))
    sealed = seal_entry(log_public(KEY.public_bytes), entry.packed(), "keyvault", REF)
    others = [
        LogKey(bytes(32), "keyvault", os.urandom(16)),
        LogKey(bytes(32), "identity", REF),
        LogKey(os.urandom(32), "keyvault", REF),
    ]

    assert [other.entries(sealed) for other in others] == [[], [], []]
    assert KEY.entries(sealed) == [entry]


def test_an_entry_opens_its_leaf_alone() -> None:
    """Every part of an entry, the member and the host are committed to."""
    entry = Entry("release", bytes(32), 1, 2, bytes(16))
    found = {
        entry.leaf("keyvault", REF),
        entry.leaf("identity", REF),
        entry.leaf("keyvault", bytes(16)),
        Entry("rotation", bytes(32), 1, 2, bytes(16)).leaf("keyvault", REF),
        Entry("release", bytes(31) + b"1", 1, 2, bytes(16)).leaf("keyvault", REF),
        Entry("release", bytes(32), 2, 2, bytes(16)).leaf("keyvault", REF),
        Entry("release", bytes(32), 1, 2, bytes(15) + b"1").leaf("keyvault", REF),
    }

    assert len(found) == 7
    assert entry.leaf("keyvault", REF)[-32:] == Event("release", REF, bytes(32), 1).commitment("keyvault", bytes(16))


def test_unused_slots_are_as_long_as_used_ones() -> None:
    """There are 64, each different."""
    slots = unused_slots()

    assert len(slots) == SLOTS_BYTES
    assert len({slots[at : at + SLOT_BYTES] for at in range(0, SLOTS_BYTES, SLOT_BYTES)}) == SLOTS


@pytest.mark.parametrize("data", [b"", bytes(62), b"\x02" + bytes(61), b"\x01\x08" + bytes(60)])
def test_refused_entry(data: bytes) -> None:
    """Other bytes are no entry."""
    with pytest.raises(OpenError):
        Entry.unpacked(data)


@pytest.mark.parametrize("version", [0, 2])
def test_an_entry_of_another_version(version: int) -> None:
    """An entry that is whole but of another version is not read as one of this."""
    packed = Entry("release", bytes(32), 1, 2, bytes(16)).packed()
    sealed = seal_entry(log_public(KEY.public_bytes), bytes([version]) + packed[1:], "keyvault", REF)

    assert KEY.entries(sealed) == []
    with pytest.raises(OpenError, match="another version"):
        Entry.unpacked(bytes([version]) + packed[1:])


@pytest.mark.parametrize("key", [b"", bytes(32), bytes(31)])
def test_refused_key(key: bytes) -> None:
    """Nothing is sealed to a point of low order, or to what is no point."""
    with pytest.raises(LogKeyRefused):
        log_public(key)
