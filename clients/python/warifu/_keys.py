"""The two key pairs of a session. They live in memory only."""

from dataclasses import dataclass, field

from joserfc.jwk import ECKey
from protocol.jose import generate_p256, thumbprint
from protocol.sealing import XWingPrivateKey


@dataclass(frozen=True, repr=False)
class SessionKeys:
    """A fresh DPoP key (ES256) and a fresh X-Wing key, to which authorities seal their answers."""

    dpop: ECKey = field(default_factory=generate_p256)
    hpke: XWingPrivateKey = field(default_factory=XWingPrivateKey.generate)

    @property
    def jkt(self) -> bytes:
        """Thumbprint of the DPoP key."""
        return thumbprint(self.dpop)
