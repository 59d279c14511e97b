"""The bundle: everything a member's device needs to read, sealed under the member key and kept at the keyvault.

On the wire and at rest: a key commitment (32 bytes), then a sealed object around the JSON padded to 8,192 bytes.
"""

import hmac
from typing import Self

from pydantic import BaseModel, ConfigDict

from .deployment import B64
from .derive import hkdf
from .encoding import lp, pad, unpad
from .names import STORES, StoreName
from .sealing import OpenError, seal, unseal
from .tokens import TokenSeed

PADDED_BYTES = 8192
SEALED_BYTES = 32 + 2 + 12 + PADDED_BYTES + 16


class Bundle(BaseModel):
    """What a bundle holds. Version 0 is made by the registrar, every later one by the member's device."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: int
    record_key: B64
    """AES-256 key of the personal record at identity."""
    seeds: dict[StoreName, B64]
    """Token seed for each store."""
    readers: dict[StoreName, tuple[B64, ...]] = {}
    """P-256 private scalars (32 bytes) of the reader keys for each store, the newest first; empty in version 0."""
    mailbox: B64 | None = None
    """Seed of the member's own X-Wing mailbox key; ``None`` in version 0."""
    log: B64 | None = None
    """Seed of the keys, one for each authority, to which they seal the member's log entries; ``None`` in version 0."""

    def seed(self, store: StoreName) -> TokenSeed:
        """Return the token seed for one store."""
        return TokenSeed(store, self.seeds[store])

    def seal(self, member_key: bytes, ref_keyvault: bytes) -> bytes:
        """Return the sealed bundle, always :data:`SEALED_BYTES` long."""
        plaintext = pad(self.model_dump_json(exclude_none=True).encode(), PADDED_BYTES)
        key, commitment = _keys(member_key)
        return commitment + seal(key, plaintext, _associated(ref_keyvault, self.v))

    @classmethod
    def open(cls, sealed: bytes, member_key: bytes, ref_keyvault: bytes, version: int) -> Self:
        """Open a sealed bundle; raise :class:`protocol.sealing.OpenError` when it is another member's, version's or key's.

        The commitment is checked first: AES-GCM alone is not key-committing, so one ciphertext could be made to open
        under two keys.
        """
        key, commitment = _keys(member_key)
        if not hmac.compare_digest(sealed[:32], commitment):
            raise OpenError("the bundle is committed to another key")
        plaintext = unseal(key, sealed[32:], _associated(ref_keyvault, version))
        try:
            bundle = cls.model_validate_json(unpad(plaintext))
        except ValueError:
            # The chain is cut: a validation error quotes the keys.
            raise OpenError("the bundle holds something else") from None
        if bundle.v != version or set(bundle.seeds) != set(STORES):
            raise OpenError("the bundle is of another version")
        return bundle


def _keys(member_key: bytes) -> tuple[bytes, bytes]:
    return hkdf(member_key, lp("bundle")), hkdf(member_key, lp("bundle-commit"))


def _associated(ref_keyvault: bytes, version: int) -> bytes:
    return lp("row", "keyvault", "bundle", ref_keyvault, "sealed", version)
