"""The personal record: what identity stores as ciphertext and only the member's device reads."""

from pydantic import BaseModel, ConfigDict

from .encoding import lp, pad, unpad
from .sealing import OpenError, seal, unseal

PADDED_BYTES = 2048
SEALED_BYTES = 2 + 12 + PADDED_BYTES + 16


class Profile(BaseModel):
    """A member's personal data as the insurer has it. Dates are ISO 8601, telephone numbers as written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    member_number: str
    """Insurer, symbol, number and branch as printed on the card, joined by ``:``."""
    name: str
    kana: str
    birth_date: str
    sex: str
    """``male`` or ``female`` (HL7 administrative gender)."""
    relation: str
    """``insured`` or ``dependant``."""
    postcode: str = ""
    address: str = ""
    telephone: str = ""
    email: str = ""
    site: str = ""
    department: str = ""


def _associated(ref_identity: bytes, version: int) -> bytes:
    return lp("row", "identity", "record", ref_identity, "sealed", version)


def seal_profile(profile: Profile, record_key: bytes, ref_identity: bytes, version: int) -> bytes:
    """Return the sealed record, always :data:`SEALED_BYTES` long."""
    plaintext = pad(profile.model_dump_json().encode(), PADDED_BYTES)
    return seal(record_key, plaintext, _associated(ref_identity, version))


def open_profile(sealed: bytes, record_key: bytes, ref_identity: bytes, version: int) -> Profile:
    """Open a sealed record, or raise :class:`protocol.sealing.OpenError`."""
    plaintext = unseal(record_key, sealed, _associated(ref_identity, version))
    try:
        return Profile.model_validate_json(unpad(plaintext))
    except ValueError:
        # The chain is cut: a validation error quotes the record.
        raise OpenError("the record holds something else") from None
