"""Ways to sign in: what the registrar enrols, what a member adds, and how a member lists, confirms and removes them.

A *verifier* is what a member proves control of. It has one id at all three authorities, by which a device recognises it; where it
is found by its proof, each authority knows it by a keyed hash of its own. Times are seconds since 1970.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from protocol.deployment import B64
from protocol.encoding import lp, sha256
from protocol.names import AUTHORITIES, AuthorityName
from protocol.strict_json import loads_object

from .base import Bytes16, Bytes32, Bytes64, Message
from .release import Evidence

VerifierKind = Literal["oidc", "passkey", "letter", "card"]

Time = Annotated[int, Field(ge=0, lt=2**53)]
"""Seconds since 1970."""

LABEL_BYTES = 160
"""A sealed label: all have one length, so that none says more than that it is there."""


class _Enrolled(Message):
    """What the registrar can say of any verifier."""

    id: Bytes16
    guardian_until: Time | None = None
    """Set for a guardian of a minor: from then on the verifier, and what was added with it, is refused."""


class OidcVerifier(_Enrolled):
    """A subject at a group provider. The host stores only its keyed hash."""

    kind: Literal["oidc"] = "oidc"
    issuer: str
    value: str


class LetterVerifier(_Enrolled):
    """The code of a printed letter, as one authority knows it (:mod:`protocol.code`). Single use."""

    kind: Literal["letter"] = "letter"
    handle: Bytes32
    public_key: Bytes32
    """Ed25519."""
    expires: Time


EnrolledVerifier = Annotated[OidcVerifier | LetterVerifier, Field(discriminator="kind")]


class PasskeyVerifier(Message):
    """A WebAuthn credential (Web Authentication Level 3), made on the portal's origin with user verification."""

    kind: Literal["passkey"] = "passkey"
    credential_id: Annotated[B64, Field(min_length=16, max_length=1023)]
    public_key: Annotated[B64, Field(max_length=1024)]
    """COSE_Key (RFC 9052 section 7)."""


class CardVerifier(Message):
    """A code that the member keeps as a card with a PIN, as one authority knows it (:mod:`protocol.code`). Reusable."""

    kind: Literal["card"] = "card"
    handle: Bytes32
    public_key: Bytes32
    """Ed25519."""


class Addition(Message):
    """A verifier that a member adds. Every host is sent its own: a card has another handle and key at each."""

    action: Literal["add"] = "add"
    id: Bytes16
    verifier: Annotated[PasskeyVerifier | CardVerifier, Field(discriminator="kind")]
    label: Annotated[B64, Field(min_length=LABEL_BYTES, max_length=LABEL_BYTES)]
    """What the member calls it, sealed under a key that only the member's devices have."""


class Removal(Message):
    """A verifier that a member removes."""

    action: Literal["remove"] = "remove"
    id: Bytes16


class Cancellation(Message):
    """A recovery that a member cancels before it takes effect."""

    action: Literal["cancel-recovery"] = "cancel-recovery"
    id: Bytes16


Change = Annotated[Addition | Removal | Cancellation, Field(discriminator="action")]

_CHANGE: TypeAdapter[Addition | Removal | Cancellation] = TypeAdapter(Change)


def parse_change(raw: bytes) -> Addition | Removal | Cancellation:
    """Return the change that these JSON bytes say, or raise ``ValueError``, which quotes nothing."""
    try:
        return _CHANGE.validate_python(loads_object(raw))
    except ValueError:
        raise ValueError("not a change of verifiers") from None


def change_body(hashes: dict[AuthorityName, bytes]) -> bytes:
    """Return what a statement about a change names as its body: the hashes of what each of the three is told."""
    return lp("change", *(hashes[host] for host in AUTHORITIES))


class AuthorisedChange(Message):
    """``POST /verifiers/changes``: a change, and the member's own word for exactly this change at all three authorities.

    The statement's purpose is the change's action, its ``body`` the SHA-256 of :func:`change_body`. It is proved with a verifier
    that the member has already. The same change again is answered again, whatever became of its evidence.
    """

    statement: B64
    evidence: Annotated[Evidence, Field(discriminator="kind")]
    change: B64
    """JSON bytes of an addition, a removal or a cancellation, hashed as sent."""
    others: dict[AuthorityName, Bytes32]
    """SHA-256 of what the other two are told."""

    def hashes(self, host: AuthorityName) -> dict[AuthorityName, bytes]:
        """Return the hashes of what each is told, of which this host's own is computed."""
        return {**self.others, host: sha256(self.change)}


class VerifierStored(Message):
    """``POST /verifiers/{id}/receipt``: an authority's word to this session that it stores a verifier."""

    id: Bytes16
    receipt: Bytes64
    """Ed25519 over :func:`stored_message`."""


class VerifierChanged(Message):
    """The change was made, now or before."""

    stored: VerifierStored | None = None
    """After an addition."""


def stored_message(host: AuthorityName, jkt: bytes, verifier: bytes) -> bytes:
    """Return what an authority signs for a session about a verifier it stores."""
    return lp("verifier-stored", host, jkt, verifier)


class ConfirmVerifier(Message):
    """``POST /verifiers/{id}/confirmation``: all three store it. From then on it counts as a way in, and letters are used up."""

    receipts: dict[AuthorityName, Bytes64]


class Verifier(Message):
    """A verifier as its member sees it."""

    id: Bytes16
    kind: VerifierKind
    confirmed: bool
    """Whether all three authorities store it, as this one knows."""
    label: B64 | None = None
    not_before: Time | None = None
    """Set for a recovery: when it takes effect, unless it is cancelled before."""
    expires: Time | None = None
    guardian_until: Time | None = None


class Verifiers(Message):
    """``GET /verifiers``: all verifiers of the member, in the order of their ids."""

    verifiers: tuple[Verifier, ...]
