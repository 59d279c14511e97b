"""From a member number's blind evaluation to the opaque tokens of the two stores."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from .derive import hkdf
from .encoding import lp
from .names import StoreName
from .sealing import XWingPrivateKey
from .signing import SigningKey, verify

TOKEN_BYTES = 32
USE_MEMBER: Final = "member"


@dataclass(frozen=True)
class TokenSeed:
    """The seed of one member at one store. Stored nowhere but in the member's bundle."""

    store: StoreName
    seed: bytes

    @classmethod
    def from_evaluation(cls, y: bytes, store: StoreName) -> "TokenSeed":
        """Derive the seed for ``store`` from ``y = F_member(x)``."""
        return cls(store, hkdf(y, lp("seed", store)))

    @cached_property
    def token(self) -> bytes:
        """The opaque token: 32 bytes, the only name the store has for this member."""
        return hkdf(self.seed, lp("token"))

    @cached_property
    def claim_key(self) -> SigningKey:
        """The Ed25519 key with which a device claims the mailbox at its first login."""
        return SigningKey(hkdf(self.seed, lp("claim")))

    @cached_property
    def mailbox_key(self) -> XWingPrivateKey:
        """The X-Wing key to which the registrar seals identifying details."""
        return XWingPrivateKey(hkdf(self.seed, lp("mailbox")))


def claim_message(store: StoreName, token: bytes, reader_jkt: bytes) -> bytes:
    """Return what the claim key signs to hand a mailbox to the reader key of that thumbprint."""
    return lp("claim", store, token, reader_jkt)


def verify_claim(claim_public: bytes, signature: bytes, store: StoreName, token: bytes, reader_jkt: bytes) -> None:
    """Raise :class:`protocol.signing.SignatureRefused` unless the claim key gave this reader the mailbox."""
    verify(claim_public, signature, claim_message(store, token, reader_jkt))
