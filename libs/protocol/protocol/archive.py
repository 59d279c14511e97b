"""What a member takes along, signed by a key of the member's that no host has ever seen half of.

It follows from the seed of the member's own mailbox key, which every later bundle carries over, so two archives of one member show
the same key. A reader key would not do: the store knows it by its thumbprint, so an archive would name its member's mailbox.
"""

from .derive import hkdf
from .encoding import lp
from .signing import SigningKey, verify


def archive_key(mailbox_seed: bytes) -> SigningKey:
    """Return the key that signs; ``mailbox_seed`` is the seed of the member's own mailbox key, 32 bytes, from the bundle."""
    return SigningKey(hkdf(mailbox_seed, lp("archive-key")))


def sign_archive(key: SigningKey, manifest: bytes) -> bytes:
    """Return the signature of a manifest's bytes."""
    return key.sign(lp("archive", manifest))


def verify_archive(public: bytes, signature: bytes, manifest: bytes) -> None:
    """Raise :class:`protocol.signing.SignatureRefused` unless the signature is this key's of these bytes."""
    verify(public, signature, lp("archive", manifest))
