"""Sealed objects, bundles, records, parts and split seals."""

import os
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protocol import sealing
from protocol.authority_keys import AuthorityKeys
from protocol.bundle import SEALED_BYTES, Bundle
from protocol.names import AUTHORITIES, STORES
from protocol.record import SEALED_BYTES as RECORD_BYTES
from protocol.record import Profile, open_profile, seal_profile
from protocol.release import Part, SealedPart, VersionedShare
from protocol.sealing import OpenError, XWingPrivateKey
from protocol.shares import member_key
from protocol.signing import SignatureRefused, SigningKey
from protocol.split_seal import SplitSealer, inner_hash, open_split, sealed_part, unseal_part

KEY = XWingPrivateKey(bytes(32))
CURVE = X25519PrivateKey.from_private_bytes(bytes([7]) * 32)
AES = bytes([9]) * 32
OPENERS: dict[str, tuple[bytes, Callable[[bytes, bytes], bytes]]] = {
    "aes": (sealing.seal(AES, b"plain", b"info"), lambda sealed, info: sealing.unseal(AES, sealed, info)),
    "xwing": (sealing.seal_xwing(KEY.public_bytes, b"plain", b"info"), KEY.open),
    "x25519": (
        sealing.seal_x25519(CURVE.public_key(), b"plain", b"info"),
        lambda sealed, info: sealing.open_x25519(CURVE, sealed, info),
    ),
}
BUNDLE = Bundle(v=1, record_key=bytes(32), seeds={store: bytes(32) for store in STORES})
REF = bytes(16)


@pytest.mark.parametrize("name", OPENERS)
def test_a_sealed_object_opens(name: str) -> None:
    """With its key and info an object opens."""
    sealed, opened = OPENERS[name]

    assert opened(sealed, b"info") == b"plain"


@pytest.mark.parametrize("name", OPENERS)
def test_another_info_opens_nothing(name: str) -> None:
    """What an object belongs to is part of it."""
    sealed, opened = OPENERS[name]
    with pytest.raises(OpenError) as caught:
        opened(sealed, b"inf0")

    assert str(caught.value) == "a sealed object does not open"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(OPENERS)), st.data())
def test_damage_is_noticed(name: str, data: st.DataObject) -> None:
    """Any changed bit and any cut end with OpenError and nothing else."""
    sealed, opened = OPENERS[name]
    at = data.draw(st.integers(0, len(sealed) - 1))
    damaged = sealed[:at] if data.draw(st.booleans()) else sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    with pytest.raises(OpenError) as caught:
        opened(damaged, b"info")

    assert isinstance(caught.value, OpenError)


@given(st.binary(max_size=80))
def test_garbage_is_refused(garbage: bytes) -> None:
    """Arbitrary bytes are refused with OpenError by every algorithm."""
    refused = []
    for _, opened in OPENERS.values():
        with pytest.raises(OpenError) as caught:
            opened(garbage, b"info")
        refused.append(type(caught.value))

    assert refused == [OpenError] * 3


def test_an_algorithm_is_not_taken_for_another() -> None:
    """The second byte says what opens an object."""
    with pytest.raises(OpenError) as caught:
        KEY.open(OPENERS["x25519"][0], b"info")

    assert str(caught.value) == "unknown version or algorithm of a sealed object"


def test_sealing_twice_gives_two_objects() -> None:
    """Equal plaintexts do not look equal."""
    assert sealing.seal(AES, b"plain", b"info") != OPENERS["aes"][0]


@pytest.mark.parametrize("size", [0, 1215, 1217])
def test_a_public_key_of_another_size_is_refused(size: int) -> None:
    """An X-Wing public key has 1,216 bytes."""
    with pytest.raises(ValueError, match="1216 bytes") as caught:
        sealing.xwing_public(bytes(size))

    assert type(caught.value) is ValueError


def test_a_bundle_opens_for_its_member_and_version_only() -> None:
    """Another member key, reference or version opens nothing."""
    key = os.urandom(32)
    sealed = BUNDLE.seal(key, REF)
    for wrong in ((os.urandom(32), REF, 1), (key, os.urandom(16), 1), (key, REF, 0)):
        with pytest.raises(OpenError):
            Bundle.open(sealed, *wrong)

    assert (Bundle.open(sealed, key, REF, 1), len(sealed)) == (BUNDLE, SEALED_BYTES)


def test_a_bundle_is_committed_to_its_key() -> None:
    """A bundle whose commitment was exchanged is refused before anything is decrypted."""
    key, other = os.urandom(32), os.urandom(32)
    swapped = BUNDLE.seal(other, REF)[:32] + BUNDLE.seal(key, REF)[32:]
    with pytest.raises(OpenError) as caught:
        Bundle.open(swapped, key, REF, 1)

    assert str(caught.value) == "the bundle is committed to another key"


def test_bundles_have_one_size() -> None:
    """Whatever a bundle holds, its size tells nothing."""
    full = BUNDLE.model_copy(update={"readers": {store: (bytes(32),) * 3 for store in STORES}, "mailbox": bytes(32)})

    assert len(full.seal(bytes(32), REF)) == len(BUNDLE.seal(bytes(32), REF)) == SEALED_BYTES


def test_a_record_opens_for_its_reference_and_version_only() -> None:
    """A record moved to another row or version opens nothing."""
    profile = Profile(
        member_number="1:1:1:00", name="架空 花子", kana="カ", birth_date="1980-04-01", sex="female", relation="insured"
    )
    sealed = seal_profile(profile, AES, REF, 0)
    for wrong in ((AES, os.urandom(16), 0), (AES, REF, 1), (bytes(32), REF, 0)):
        with pytest.raises(OpenError):
            open_profile(sealed, *wrong)

    assert (open_profile(sealed, AES, REF, 0), len(sealed)) == (profile, RECORD_BYTES)


SIGNING = SigningKey(bytes(32))
JKT = bytes([3]) * 32
PART = Part(shares=(VersionedShare(v=0, share=bytes(32)),))
SEALED = SealedPart.make(
    PART, host="keyvault", ref=REF, sid=REF, v=0, exp=1, jkt=JKT, session_public=KEY.public_bytes, signing=SIGNING
)


def test_a_part_opens_for_its_session() -> None:
    """With the session's key and the pinned key a part opens, also after a journey as JSON."""
    assert SealedPart.model_validate_json(SEALED.model_dump_json()).open(KEY, JKT, SIGNING.public_bytes) == PART


@pytest.mark.parametrize(
    "change",
    [
        {"host": "gateway"},
        {"ref": bytes([1]) * 16},
        {"sid": bytes([1]) * 16},
        {"v": 1},
        {"exp": 2},
        {"sealed": b"x"},
        {"signature": bytes(64)},
    ],
)
def test_nothing_around_a_part_can_be_changed(change: dict[str, object]) -> None:
    """Host, reference, session, version and expiry are signed with the sealed object."""
    with pytest.raises(SignatureRefused) as caught:
        SEALED.model_copy(update=change).open(KEY, JKT, SIGNING.public_bytes)

    assert str(caught.value) == "a signature does not verify"


def test_a_part_signed_anew_for_another_session_does_not_open() -> None:
    """Even the authority's own signature does not move a sealed object to another session."""
    moved = SEALED.model_copy(update={"sid": bytes([1]) * 16})
    signed = moved.model_copy(update={"signature": SIGNING.sign(_signed(moved))})
    with pytest.raises(OpenError) as caught:
        signed.open(KEY, JKT, SIGNING.public_bytes)

    assert str(caught.value) == "a sealed object does not open"


def _signed(part: SealedPart) -> bytes:
    from protocol.encoding import lp

    return lp("sealed-part", part.sealed, part._info(JKT))


KEYS = {host: AuthorityKeys(host, os.urandom(32), os.urandom(32)) for host in AUTHORITIES}
INSURER = XWingPrivateKey.generate()
SEALER = SplitSealer("number", INSURER.public_bytes, {host: KEYS[host].public().unseal["number"] for host in AUTHORITIES})
ROW = bytes([5]) * 32


def _parts(blob: bytes) -> dict[str, bytes]:
    return {
        host: unseal_part(KEYS[host].unseal_key("number"), sealed_part(blob, host), "number", inner_hash(blob))
        for host in AUTHORITIES
    }


def test_a_split_seal_opens_with_three_parts_and_the_insurers_key() -> None:
    """All three authorities and the insurer together read the payload."""
    blob = SEALER.seal(b"payload", ROW)

    assert open_split(blob, "number", ROW, _parts(blob), INSURER) == b"payload"  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", AUTHORITIES)
def test_two_authorities_and_the_insurer_read_nothing(missing: str) -> None:
    """Without one of the parts a split seal stays closed."""
    blob = SEALER.seal(b"payload", ROW)
    parts = {**_parts(blob), missing: bytes(32)}
    with pytest.raises(OpenError) as caught:
        open_split(blob, "number", ROW, parts, INSURER)  # type: ignore[arg-type]

    assert str(caught.value) == "a sealed object does not open"


def test_three_authorities_without_the_insurer_read_nothing() -> None:
    """The inner object is sealed to the insurer."""
    blob = SEALER.seal(b"payload", ROW)
    with pytest.raises(OpenError) as caught:
        open_split(blob, "number", ROW, _parts(blob), XWingPrivateKey.generate())  # type: ignore[arg-type]

    assert str(caught.value) == "a sealed object does not open"


@pytest.mark.parametrize("host", AUTHORITIES)
def test_parts_cannot_be_put_beside_another_ciphertext(host: str) -> None:
    """A part of one seal does not open for another: quota spent on one row opens no other."""
    one, other = SEALER.seal(b"one", ROW), SEALER.seal(b"two", ROW)
    with pytest.raises(OpenError) as caught:
        unseal_part(KEYS[host].unseal_key("number"), sealed_part(one, host), "number", inner_hash(other))  # type: ignore[index,arg-type]

    assert str(caught.value) == "a sealed object does not open"


@pytest.mark.parametrize(("use", "row"), [("open", ROW), ("number", bytes(32))])
def test_a_split_seal_belongs_to_its_use_and_row(use: str, row: bytes) -> None:
    """A blob laid beside another row, or taken for another use, does not open."""
    blob = SEALER.seal(b"payload", ROW)
    with pytest.raises(OpenError) as caught:
        open_split(blob, use, row, _parts(blob), INSURER)  # type: ignore[arg-type]

    assert str(caught.value) == "a sealed object does not open"


def test_split_seals_have_one_size() -> None:
    """The payload's length does not show."""
    assert len(SEALER.seal(b"", ROW)) == len(SEALER.seal(bytes(255), ROW))


def test_every_share_counts() -> None:
    """A member key changes with each of the three shares and with the version."""
    shares = {host: os.urandom(32) for host in AUTHORITIES}
    keys = {member_key(shares, 0), member_key(shares, 1), *(member_key({**shares, host: bytes(32)}, 0) for host in AUTHORITIES)}

    assert len(keys) == 5


def test_a_share_depends_on_everything() -> None:
    """Salt, reference, version and host each change the share."""
    keys = KEYS["gateway"]
    shares = {
        keys.share(bytes(32), REF, 0),
        keys.share(JKT, REF, 0),
        keys.share(bytes(32), JKT[:16], 0),
        keys.share(bytes(32), REF, 1),
    }
    same_root = {AuthorityKeys(host, bytes(32), bytes(32)).share(bytes(32), REF, 0) for host in AUTHORITIES}

    assert (len(shares), len(same_root)) == (4, 3)


@pytest.mark.parametrize(
    "point",
    [bytes(32), bytes([1]) + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xed" + b"\xff" * 30 + b"\x7f"],
    ids=["zero", "one", "minus-one", "p"],
)
def test_a_key_with_a_low_order_half_is_no_key(point: bytes) -> None:
    """A key to which nothing could be sealed is refused when it is read."""
    with pytest.raises(ValueError, match="low order") as caught:
        sealing.xwing_public(KEY.public_bytes[:-32] + point)

    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)
