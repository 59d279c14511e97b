"""What is derived from a root: HKDF-Expand by HMAC alone, so that the root may be anywhere."""

import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from protocol.authority_keys import SPLIT_USES, AuthorityKeys, RootUnknown
from protocol.roots import RawRoot, expand
from protocol.signing import SignatureRefused, SigningKey, verify

REF, SALT = bytes(16), bytes(32)


class Elsewhere:
    """A root that shows nothing but what it computes, and counts how often it is asked."""

    def __init__(self, root: bytes) -> None:
        self._root = RawRoot(root)
        self.asked = 0

    def mac(self, message: bytes, /) -> bytes:
        self.asked += 1
        return self._root.mac(message)


def test_rfc_5869() -> None:
    """The pseudorandom key of the RFC's first test case gives the first block of its output."""
    prk = bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    okm = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"

    assert expand(RawRoot(prk), bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")).hex() == okm


def test_as_the_library_does() -> None:
    """Any root and info give what HKDF-Expand of the library gives."""
    root, info = os.urandom(32), os.urandom(100)

    assert expand(RawRoot(root), info) == HKDFExpand(algorithm=hashes.SHA256(), length=32, info=info).derive(root)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_size_of_a_root(size: int) -> None:
    """A root is 32 bytes, so that it needs no extraction."""
    with pytest.raises(ValueError, match="32 bytes"):
        RawRoot(bytes(size))

    assert len(RawRoot(bytes(32)).mac(b"")) == 32


def test_a_root_elsewhere_is_asked_once_for_lasting_keys() -> None:
    """Everything that outlives a call is derived once; a share is one operation each time."""
    raw = os.urandom(32)
    root = Elsewhere(raw)
    keys, same = AuthorityKeys("gateway", root, SigningKey(bytes(32))), AuthorityKeys("gateway", raw, bytes(32))
    for _ in range(3):
        assert (keys.public(), keys.verifier_key, keys.derived("a")) == (same.public(), same.verifier_key, same.derived("a"))
    lasting = root.asked
    shares = [keys.share(SALT, REF, version) for version in range(5)]

    # Each evaluation key and each key of split seals, and the two asked for by name.
    assert lasting == len(keys.public().voprf) + len(SPLIT_USES) + 2
    assert shares == [same.share(SALT, REF, version) for version in range(5)]
    assert root.asked == lasting + 5


def test_generations() -> None:
    """A later root gives other shares, and changes nothing else."""
    keys = AuthorityKeys("gateway", bytes(32), bytes(32), {2: bytes([2]) * 32, 4: bytes([4]) * 32})
    first = AuthorityKeys("gateway", bytes(32), bytes(32))

    assert (keys.generations, keys.newest, first.newest) == ((1, 2, 4), 4, 1)
    assert (keys.public(), keys.verifier_key) == (first.public(), first.verifier_key)
    assert keys.share(SALT, REF, 0) == first.share(SALT, REF, 0)
    assert len({keys.share(SALT, REF, 0, generation) for generation in keys.generations}) == 3


def test_a_missing_generation_gives_no_share() -> None:
    """A salt whose root is not there is told so, and gets no share of another root."""
    keys = AuthorityKeys("gateway", bytes(32), bytes(32), {3: bytes([3]) * 32})
    with pytest.raises(RootUnknown):
        keys.share(SALT, REF, 0, 2)
    with pytest.raises(RootUnknown):
        keys.root_check(2)
    with pytest.raises(ValueError, match="2 and up"):
        AuthorityKeys("gateway", bytes(32), bytes(32), {1: bytes(32)})

    assert keys.root_check(1) != keys.root_check(3)


def test_either_signing_key_counts() -> None:
    """While a signing key is replaced, signatures of the present and of the next one verify, and those of no other."""
    present, following, other = (AuthorityKeys("gateway", bytes(32), bytes([n]) * 32) for n in (1, 2, 3))
    pinned = present.public().model_copy(update={"signing_next": following.signing.public_bytes})
    elsewhere = AuthorityKeys("gateway", bytes([9]) * 32, bytes([1]) * 32)
    for signer in (present, following):
        verify(pinned.signing_keys, signer.signing.sign(b"message"), b"message")
    for refused, signer in ((pinned.signing_keys, other), (present.public().signing_keys, following), ((), present)):
        with pytest.raises(SignatureRefused):
            verify(refused, signer.signing.sign(b"message"), b"message")

    assert pinned.signing_keys == (present.signing.public_bytes, following.signing.public_bytes)
    assert [pinned.pins(keys.public()) for keys in (present, following, other, elsewhere)] == [True, True, False, False]
    assert present.public().pins(following.public()) is False
