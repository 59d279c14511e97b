"""What a member calls a way to sign in: sealed on the member's devices, kept by the authorities, read by the devices alone."""

from .derive import hkdf
from .encoding import EncodingError, lp, pad, unpad
from .messages.verifiers import LABEL_BYTES
from .sealing import AES_GCM_OVERHEAD, OpenError, seal, unseal

PADDED_BYTES = LABEL_BYTES - AES_GCM_OVERHEAD
MOST_BYTES = PADDED_BYTES - 1
"""The longest label, in bytes of UTF-8."""


def seal_label(label: str, mailbox_seed: bytes, verifier_id: bytes) -> bytes:
    """Return the sealed label, always :data:`protocol.messages.verifiers.LABEL_BYTES` long.

    ``mailbox_seed`` is the seed of the member's own mailbox key, 32 bytes, from the bundle. Raises ``EncodingError`` for a label
    longer than :data:`MOST_BYTES`.
    """
    return seal(_key(mailbox_seed), pad(label.encode(), PADDED_BYTES), _associated(verifier_id))


def open_label(sealed: bytes, mailbox_seed: bytes, verifier_id: bytes) -> str:
    """Open what :func:`seal_label` made for this verifier, or raise :class:`protocol.sealing.OpenError`."""
    plaintext = unseal(_key(mailbox_seed), sealed, _associated(verifier_id))
    try:
        return unpad(plaintext).decode()
    except (EncodingError, UnicodeDecodeError):
        # The chain is cut: the error quotes the label.
        raise OpenError("a label holds something else") from None


def _key(mailbox_seed: bytes) -> bytes:
    return hkdf(mailbox_seed, lp("verifier-label"))


def _associated(verifier_id: bytes) -> bytes:
    return lp("verifier-label", verifier_id)
