"""The gateway's word to one store that a sign-in of staff is over: its session there ends.

It has the form of a staff token (:mod:`protocol.staff_token`) and the same signer, so a store asks the gateway nothing.
"""

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictInt

from . import strict_json
from .encoding import lp, sha256
from .jose import TokenRefused
from .messages.base import Bytes32
from .signing import PublicKeys, Signer
from .staff import StaffRefused
from .staff_token import signed, verified
from .times import PROOF_LIFETIME, check_fresh

_NAME = "staff-logout"


def session_id(jkt: bytes, subject: bytes) -> bytes:
    """Return what a store knows the session by that a DPoP key and a pairwise subject have there: 32 bytes."""
    return sha256(lp("staff-session", jkt, subject))


class StaffLogout(BaseModel):
    """What a store is told. Told twice is told once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    iss: str
    aud: str
    """Origin of the one store that is told."""
    session: Bytes32
    iat: StrictInt

    def encode(self, signer: Signer) -> str:
        """Return the signed token."""
        return signed(_NAME, json.dumps(self.model_dump(mode="json"), separators=(",", ":")).encode(), signer)

    @classmethod
    def decode(cls, token: str, keys: PublicKeys, issuer: str, audience: str, now: int) -> "StaffLogout":
        """Verify a token for ``audience`` that was made just now, or raise :class:`protocol.staff.StaffRefused`."""
        raw = verified(_NAME, token, keys)
        try:
            found = cls.model_validate(strict_json.loads_object(raw))
            check_fresh(found.iat, now, PROOF_LIFETIME)
        except (ValueError, TokenRefused):
            raise StaffRefused("a malformed staff logout, or one from another time") from None
        if (found.iss, found.aud) != (issuer, audience):
            raise StaffRefused("a staff logout of another issuer or for another audience")
        return found
