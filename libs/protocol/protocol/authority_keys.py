"""All keys of one authority, from its root and its signing key."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from voprf.ristretto import Evaluator

from . import oprf, shares
from .deployment import AuthorityPublic
from .encoding import lp
from .names import AuthorityName
from .roots import RawRoot, Root, expand
from .search import FIELDS, FIRST_EPOCH, search_use
from .signing import Signer, SigningKey
from .tokens import USE_MEMBER

SPLIT_USES = ("number", "open")
"""Uses of the split seal: ``number`` is the member number beside each mailbox, ``open`` the key of a record at identity."""


FIRST_GENERATION = 1
"""Of roots: the one from which all else than shares stays derived."""


class RootUnknown(Exception):
    """A share's root is not among those of this authority."""


class AuthorityKeys:
    """The keys of one authority: everything is derived from its root, but the signing key, which is another secret.

    Root and signing key are at hand (32 bytes each) or kept elsewhere, such as in a token. What is derived for the life of the
    root is derived once and then kept here; each share is derived anew. ``later_roots`` are those of later generations by
    number, 2 and up, and give shares alone.
    """

    def __init__(
        self,
        host: AuthorityName,
        root: Root | bytes,
        signing: Signer | bytes,
        later_roots: Mapping[int, Root | bytes] = MappingProxyType({}),
    ) -> None:
        if any(generation <= FIRST_GENERATION for generation in later_roots):
            raise ValueError("later roots are of generation 2 and up")
        self.host = host
        self._root = _root(root)
        self._roots = {FIRST_GENERATION: self._root, **{number: _root(later) for number, later in later_roots.items()}}
        self.signing: Signer = SigningKey(signing) if isinstance(signing, bytes) else signing
        self._derived: dict[bytes, bytes] = {}
        self._evaluators: dict[str, Evaluator] = {}

    @property
    def generations(self) -> tuple[int, ...]:
        """The generations of roots that are at hand, in order."""
        return tuple(sorted(self._roots))

    @property
    def newest(self) -> int:
        """The generation from which new shares are derived."""
        return max(self._roots)

    def share(self, salt: bytes, ref: bytes, version: int, generation: int = FIRST_GENERATION) -> bytes:
        """Return the share of one member and version, whose salt names a generation of roots; raises `RootUnknown`."""
        return shares.share(self._of(generation), salt, self.host, ref, version)

    def root_check(self, generation: int) -> bytes:
        """Return 32 bytes by which a generation's root is known again; raises `RootUnknown`."""
        return expand(self._of(generation), lp("root-check", self.host, generation))

    def evaluator(self, use: str) -> Evaluator:
        """Return the VOPRF evaluator of one use."""
        if use not in self._evaluators:
            self._evaluators[use] = oprf.evaluator(self._root, use)
        return self._evaluators[use]

    def unseal_key(self, use: str) -> X25519PrivateKey:
        """Return the key that opens this authority's part of a split seal of one use."""
        return X25519PrivateKey.from_private_bytes(self._key(lp("unseal", use)))

    @property
    def verifier_key(self) -> bytes:
        """The HMAC key under which verifiers are found."""
        return self._key(lp("verifier-key"))

    def derived(self, name: str) -> bytes:
        """Return a 32-byte key for a job of this host alone, such as its pairwise session identifiers."""
        return self._key(lp("host-key", name))

    def public(self, search_epochs: Iterable[int] = (FIRST_EPOCH,)) -> AuthorityPublic:
        """Return what the registrar and the members pin, with the search keys of these epochs."""
        uses = (USE_MEMBER, *(search_use(field, epoch) for epoch in search_epochs for field in FIELDS))
        return AuthorityPublic(
            signing=self.signing.public_bytes,
            voprf={use: self.evaluator(use).public_key.serialize() for use in uses},
            unseal={use: self.unseal_key(use).public_key().public_bytes_raw() for use in SPLIT_USES},
        )

    def _key(self, info: bytes) -> bytes:
        if info not in self._derived:
            self._derived[info] = expand(self._root, info)
        return self._derived[info]

    def _of(self, generation: int) -> Root:
        try:
            return self._roots[generation]
        except KeyError:
            raise RootUnknown(f"there is no root of generation {generation}") from None


def _root(root: Root | bytes) -> Root:
    return RawRoot(root) if isinstance(root, bytes) else root
