"""How a personal record changes after the first login, when only the member's devices hold its key.

The member seals a wish to the insurer; the registrar shows it to a person and seals what becomes of it, like everything else that
the insurer has to say about the record, to the member. The member's next session puts it into the record. Identity sees sizes.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from protocol.deployment import B64
from protocol.encoding import lp, pad, unpad
from protocol.sealing import XWING_OVERHEAD, OpenError, XWingPrivateKey, seal_xwing

from .base import BATCH_ROWS, Bytes16, Bytes32, Message

PADDED_BYTES = 2048
SEALED_BYTES = PADDED_BYTES + XWING_OVERHEAD

SealedNote = Annotated[B64, Field(min_length=SEALED_BYTES, max_length=SEALED_BYTES)]


class ProfileFields(BaseModel):
    """Some fields of :class:`protocol.record.Profile`; ``None`` leaves one as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    member_number: str | None = None
    name: str | None = None
    kana: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    relation: str | None = None
    postcode: str | None = None
    address: str | None = None
    telephone: str | None = None
    email: str | None = None
    site: str | None = None
    department: str | None = None

    def seal(self, public: bytes, info: bytes) -> bytes:
        """Return the fields sealed to an X-Wing key, always :data:`SEALED_BYTES` long."""
        return seal_xwing(public, pad(self.model_dump_json(exclude_none=True).encode(), PADDED_BYTES), info)

    @classmethod
    def open(cls, sealed: bytes, key: XWingPrivateKey, info: bytes) -> "ProfileFields":
        """Open what :meth:`seal` made, or raise :class:`protocol.sealing.OpenError`."""
        try:
            return cls.model_validate_json(unpad(key.open(sealed, info)))
        except ValueError:
            # The chain is cut: a validation error quotes the person.
            raise OpenError("a note about a profile holds something else") from None


WISHED = frozenset({"postcode", "address", "telephone", "email"})
"""Fields that a member may ask to change; all others follow from the insurer's own files."""


def wish_info(ref_identity: bytes) -> bytes:
    """Return the HPKE info of a member's wish, sealed to the insurer's key."""
    return lp("profile-wish", ref_identity)


def update_info(ref_identity: bytes) -> bytes:
    """Return the HPKE info of the insurer's update, sealed to the mailbox key that the member has at anon-data."""
    return lp("profile-update", ref_identity)


class PutWish(Message):
    """``PUT /profile/wish``: what the member wants changed; the newest one stands until the registrar settles it."""

    sealed: SealedNote


class Wish(Message):
    """A wish on its way to the registrar."""

    ref: Bytes16
    sealed: SealedNote


class CollectWishes(Message):
    """``POST /profile/wishes`` (window ``ingest``; spends quota ``profile``, one a wish returned)."""

    after: Bytes16 | None = None
    """The last reference of the page before."""
    most: Annotated[int, Field(ge=1, le=BATCH_ROWS)] = BATCH_ROWS


class Wishes(Message):
    """Wishes in the order of their references; fewer than asked for are the last."""

    wishes: tuple[Wish, ...]


class Update(Message):
    """What the insurer says about one member's record."""

    ref: Bytes16
    sealed: SealedNote
    whole: bool
    """Whether it says every field, and so takes the place of all that waits; a partial one waits beside it and is put in later."""
    settles: Bytes32 | None = None
    """SHA-256 of the sealed wish that this answers; a newer wish stays."""


class PutUpdates(Message):
    """``POST /profile/updates``: rows sorted by ``ref``.

    Window ``enrol``, quota ``update``, or window ``ingest``, quota ``profile``; one a row.
    """

    rows: Annotated[tuple[Update, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class PutRecord(Message):
    """``PUT /record``: the record with all updates put in, sealed anew by the member's device."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    """The version after the stored one."""
    record: B64
    settles: Annotated[tuple[Bytes32, ...], Field(min_length=1, max_length=2)]
    """SHA-256 of each sealed update that is put in."""
