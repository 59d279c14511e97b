"""All keys of one authority, from its two secrets."""

from functools import cached_property, lru_cache

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from voprf.ristretto import Evaluator

from . import oprf, shares
from .deployment import AuthorityPublic
from .derive import hkdf
from .encoding import lp
from .names import AuthorityName
from .signing import SigningKey
from .tokens import USE_MEMBER

SPLIT_USES = ("number",)
"""Uses of the split seal: ``number`` is the member number beside each mailbox."""

VOPRF_USES = (USE_MEMBER,)


class AuthorityKeys:
    """The keys of one authority: everything is derived from its 32-byte root, but the signing key, which has its own seed."""

    def __init__(self, host: AuthorityName, root: bytes, signing_seed: bytes) -> None:
        self.host = host
        self._root = root
        self.signing = SigningKey(signing_seed)

    def share(self, salt: bytes, ref: bytes, version: int) -> bytes:
        """Return the share of one member and version."""
        return shares.share(self._root, salt, self.host, ref, version)

    def evaluator(self, use: str) -> Evaluator:
        """Return the VOPRF evaluator of one use."""
        return _evaluator(self._root, use)

    def unseal_key(self, use: str) -> X25519PrivateKey:
        """Return the key that opens this authority's part of a split seal of one use."""
        return X25519PrivateKey.from_private_bytes(hkdf(self._root, lp("unseal", use)))

    @cached_property
    def oidc_key(self) -> bytes:
        """The HMAC key of ``oidc`` verifiers."""
        return hkdf(self._root, lp("oidc-key"))

    def derived(self, name: str) -> bytes:
        """Return a 32-byte key for a job of this host alone, such as its pairwise session identifiers."""
        return hkdf(self._root, lp("host-key", name))

    def public(self) -> AuthorityPublic:
        """Return what the registrar and the members pin."""
        return AuthorityPublic(
            signing=self.signing.public_bytes,
            voprf={use: self.evaluator(use).public_key.serialize() for use in VOPRF_USES},
            unseal={use: self.unseal_key(use).public_key().public_bytes_raw() for use in SPLIT_USES},
        )


@lru_cache(maxsize=32)
def _evaluator(root: bytes, use: str) -> Evaluator:
    return oprf.evaluator(root, use)
