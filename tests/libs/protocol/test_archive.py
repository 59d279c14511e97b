"""The key of what a member takes along."""

import pytest
from protocol.archive import archive_key, sign_archive, verify_archive
from protocol.signing import SignatureRefused

SEED, MANIFEST = bytes(32), b'{"v":1}'


def test_a_signature_verifies() -> None:
    """One member's archives are signed by one key."""
    key = archive_key(SEED)
    verify_archive(archive_key(SEED).public_bytes, sign_archive(key, MANIFEST), MANIFEST)

    assert key.public_bytes != archive_key(bytes([1]) * 32).public_bytes


@pytest.mark.parametrize(("seed", "manifest"), [(bytes([1]) * 32, MANIFEST), (SEED, b'{"v":2}')], ids=["member", "manifest"])
def test_a_signature_is_of_nothing_else(seed: bytes, manifest: bytes) -> None:
    """Neither another member's key nor other bytes."""
    signature = sign_archive(archive_key(SEED), MANIFEST)
    with pytest.raises(SignatureRefused):
        verify_archive(archive_key(seed).public_bytes, signature, manifest)
