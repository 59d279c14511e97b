"""What a member's device says to the three authorities. Every call carries the gateway's token for that host and a DPoP proof."""

from typing import Literal

from protocol.deployment import B64

from .base import Bytes32, Bytes64, Message, XWingPublic


class OidcEvidence(Message):
    """An ID token of the group's provider for the evidence client, with the statement's hash as nonce."""

    kind: Literal["oidc"] = "oidc"
    id_token: str


Evidence = OidcEvidence
"""Any kind of evidence; a discriminated union over ``kind`` once there are several."""


class Release(Message):
    """``POST /release``: answered with :class:`protocol.release.SealedPart`.

    The same statement from the same session is answered again; another statement in the same session is refused.
    """

    statement: B64
    evidence: Evidence
    hpke: XWingPublic
    """The session's X-Wing public key, whose hash the statement holds."""


class Rotate(Message):
    """``POST /rotation``: ask for the pending share of version ``v``; answered with :class:`protocol.release.SealedPart`."""

    v: int


class PutBundle(Message):
    """``PUT /bundles/{v}`` at the keyvault: insert only; the same bytes again are fine."""

    bundle: B64


class BundleReceipt(Message):
    """``POST /bundles/{v}/receipt``: the keyvault's word to this session that it stores this bundle."""

    v: int
    bundle_hash: Bytes32
    receipt: Bytes64


class Commit(BundleReceipt):
    """``POST /rotation/commit``: make the pending share the current one and delete the salt before it."""
