"""The code of a household view: a 128-bit code that one member's device makes and another's reads, with a PIN told apart from it.

Printed it is Bech32m like :mod:`protocol.code`, with the prefix ``wv``. It goes from hand to hand and to no host: anon-data is
shown a handle to find the view by, and the thumbprint of the key that signs the requests.
"""

from functools import cached_property
from typing import ClassVar

from joserfc.jwk import ECKey

from .code import Code
from .derive import hkdf
from .encoding import lp
from .jose import p256_from_scalar

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256 (SP 800-186 section 3.2.1.3)."""


class ViewCode(Code):
    """A code that opens a view and nothing else."""

    prefix: ClassVar[str] = "wv"

    @cached_property
    def handle(self) -> bytes:
        """What anon-data finds the view by: 32 bytes, without the PIN."""
        return hkdf(self._secret, lp("view-handle"))

    def key(self, pin: str) -> ECKey:
        """Return the P-256 key that reads; raise :class:`protocol.code.PinError` for a PIN that is too short.

        The scalar comes from 64 bytes, so that no value is likelier than another (FIPS 186-5 appendix A.2.1).
        """
        material = self.stretched(pin)
        wide = b"".join(hkdf(material, lp("view-key", half)) for half in (1, 2))
        return p256_from_scalar((int.from_bytes(wide, "big") % (_ORDER - 1) + 1).to_bytes(32, "big"))
