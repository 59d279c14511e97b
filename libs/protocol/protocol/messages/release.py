"""What a member's device says to the three authorities. Every call carries the gateway's token for that host and a DPoP proof."""

from typing import Annotated, Literal

from pydantic import Field

from protocol.deployment import B64

from .base import Bytes32, Bytes64, Message, XWingPublic


class OidcEvidence(Message):
    """An ID token of the group's provider for the evidence client, with the statement's hash as nonce."""

    kind: Literal["oidc"] = "oidc"
    id_token: str


class PasskeyEvidence(Message):
    """A WebAuthn assertion whose challenge is the statement's hash; one serves all three (Web Authentication Level 3, 5.2.2)."""

    kind: Literal["passkey"] = "passkey"
    credential_id: Annotated[B64, Field(min_length=16, max_length=1023)]
    authenticator_data: Annotated[B64, Field(min_length=37, max_length=4096)]
    client_data: Annotated[B64, Field(max_length=4096)]
    """JSON bytes as the browser signed them."""
    signature: Annotated[B64, Field(max_length=1024)]


class CodeEvidence(Message):
    """A signature by the key of a letter's or card's code. Each authority is sent its own: handle and key differ."""

    kind: Literal["code"] = "code"
    handle: Bytes32
    signature: Bytes64
    """Ed25519 over LP(``code``, h)."""


Evidence = OidcEvidence | PasskeyEvidence | CodeEvidence
"""Any kind of evidence, told apart by ``kind``."""


class Release(Message):
    """``POST /release``: answered with :class:`protocol.release.SealedPart`.

    The same statement from the same session is answered again; another statement in the same session is refused.
    """

    statement: B64
    evidence: Annotated[Evidence, Field(discriminator="kind")]
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

    log_key: Bytes32 | None = None
    """The member's log key for this authority (:class:`protocol.release_log.LogKey`); the first one that it is told stays."""
