"""The keyvault's receipt for a stored bundle, on which all three authorities commit a new key version."""

from .encoding import lp, sha256
from .signing import PublicKeys, Signer, verify


def receipt_message(jkt: bytes, version: int, bundle_hash: bytes) -> bytes:
    """Return what the keyvault signs: this session's key, the version, SHA-256 of the sealed bundle. It names no reference."""
    return lp("receipt", jkt, version, bundle_hash)


def sign_receipt(signing: Signer, jkt: bytes, version: int, bundle: bytes) -> bytes:
    """Return the keyvault's signature for one session over a bundle it stores."""
    return signing.sign(receipt_message(jkt, version, sha256(bundle)))


def verify_receipt(keyvault_public: PublicKeys, receipt: bytes, jkt: bytes, version: int, bundle_hash: bytes) -> None:
    """Raise ``SignatureRefused`` unless the keyvault says this session's bundle of this version is stored."""
    verify(keyvault_public, receipt, receipt_message(jkt, version, bundle_hash))
