"""The answer to a release: sealed to the session's key, signed by the authority."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .deployment import B64
from .encoding import lp
from .names import AuthorityName
from .sealing import OpenError, XWingPrivateKey, seal_xwing
from .signing import PublicKeys, Signer, verify

Counted = Annotated[int, Field(ge=0, lt=2**63)]
"""A version or a time: what stands in an info is not negative."""


class VersionedShare(BaseModel):
    """One authority's share for one key version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Counted
    share: B64


class VersionedBundle(BaseModel):
    """A sealed bundle as the keyvault stores it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Counted
    bundle: B64


class SealedRecord(BaseModel):
    """The personal record as identity stores it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Counted
    record: B64


class Part(BaseModel):
    """What one authority gives: the current share and, while a rotation is under way, the pending one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shares: tuple[VersionedShare, ...]
    bundles: tuple[VersionedBundle, ...] = ()
    """From the keyvault only."""
    record: SealedRecord | None = None
    """From identity only."""
    updates: tuple[B64, ...] = ()
    """From identity only: what the insurer says about the record since, in order (:mod:`protocol.messages.profiles`)."""
    renew: bool = False
    """Whether the current share is of an older root, so that the device should rotate to the next version."""


class SealedPart(BaseModel):
    """A part on its way: opens with the session's private key only, and only for the session it was made for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: AuthorityName
    ref: B64
    sid: B64
    v: Counted
    """Current key version of this member at this authority."""
    exp: Counted
    """Seconds since the epoch after which the session's answers may not be read again."""
    sealed: B64
    signature: B64
    """Ed25519 by the authority's pinned key over the sealed object and its info."""

    def _info(self, jkt: bytes) -> bytes:
        return lp("release", self.host, self.ref, self.sid, self.v, jkt, self.exp)

    @classmethod
    def make(
        cls,
        part: Part,
        *,
        host: AuthorityName,
        ref: bytes,
        sid: bytes,
        v: int,
        exp: int,
        jkt: bytes,
        session_public: bytes,
        signing: Signer,
    ) -> "SealedPart":
        """Seal ``part`` to the session's X-Wing public key and sign it."""
        info = lp("release", host, ref, sid, v, jkt, exp)
        sealed = seal_xwing(session_public, part.model_dump_json(exclude_none=True).encode(), info)
        signature = signing.sign(lp("sealed-part", sealed, info))
        return cls.model_construct(host=host, ref=ref, sid=sid, v=v, exp=exp, sealed=sealed, signature=signature)

    def open(self, private: XWingPrivateKey, jkt: bytes, signing_public: PublicKeys) -> Part:
        """Check the signature under the pinned keys and open the part.

        Raises ``SignatureRefused`` or ``OpenError``.
        """
        info = self._info(jkt)
        verify(signing_public, self.signature, lp("sealed-part", self.sealed, info))
        plaintext = private.open(self.sealed, info)
        try:
            return Part.model_validate_json(plaintext)
        except ValueError:
            # The chain is cut: a validation error quotes the share.
            raise OpenError("the part holds something else") from None
