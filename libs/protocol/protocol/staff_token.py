"""The gateway's word to one store that somebody of the staff is signed in, and in which roles.

An access token of the project's own form: ``base64url(JSON) "." base64url(signature)``. The gateway signs it with its pinned
Ed25519 key, as authorities sign all that others rely on, so a store knows the key from ``deployment.json`` and asks the gateway
nothing. It names no member, and is of no form that an authority or a relying party accepts.
"""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from . import strict_json
from .encoding import EncodingError, b64u, lp, unb64u
from .messages.base import Bytes16, Bytes32
from .signing import PublicKeys, SignatureRefused, Signer, verify
from .staff import Role, StaffRefused

LIFETIME = 300
_LARGEST = 4096
_NAME = "staff-token"


class StaffToken(BaseModel):
    """What one store learns of a staff sign-in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    iss: str
    aud: str
    """Origin of the one store that may accept it."""
    sub: Bytes32
    """Pairwise: another one for each store."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    client_id: str
    jkt: Bytes32
    """Thumbprint of the DPoP key (RFC 9449 section 6)."""
    iat: StrictInt
    exp: StrictInt
    jti: Bytes16

    def encode(self, signer: Signer) -> str:
        """Return the signed token."""
        return signed(_NAME, json.dumps(self.model_dump(mode="json"), separators=(",", ":")).encode(), signer)

    @classmethod
    def decode(cls, token: str, keys: PublicKeys, issuer: str, audience: str, now: int) -> "StaffToken":
        """Verify a token for ``audience``, or raise :class:`protocol.staff.StaffRefused`."""
        raw = verified(_NAME, token, keys)
        try:
            found = cls.model_validate(strict_json.loads_object(raw))
        except ValueError:
            raise StaffRefused("a malformed staff token") from None
        if (found.iss, found.aud) != (issuer, audience):
            raise StaffRefused("a staff token of another issuer or for another audience")
        if not now < found.exp <= found.iat + LIFETIME:
            raise StaffRefused("a staff token that is expired, or lives too long")
        return found


def subject_of(token: str) -> bytes:
    """Return whom a token names, unverified: for the client that it was issued to."""
    try:
        return StaffToken.model_validate(strict_json.loads_object(_parts(token)[0])).sub
    except ValueError:
        raise StaffRefused("a malformed staff token") from None


def signed(name: str, raw: bytes, signer: Signer) -> str:
    """Return what the gateway says to a store about staff, signed under a name."""
    return f"{b64u(raw)}.{b64u(signer.sign(lp(name, raw)))}"


def verified(name: str, token: str, keys: PublicKeys) -> bytes:
    """Return the bytes that the gateway signed under a name, or raise :class:`protocol.staff.StaffRefused`."""
    raw, signature = _parts(token)
    try:
        verify(keys, signature, lp(name, raw))
    except SignatureRefused as error:
        raise StaffRefused("a word about staff that does not verify") from error
    return raw


def _parts(token: str) -> tuple[bytes, bytes]:
    first, dot, second = token.partition(".")
    if not dot or len(token) > _LARGEST:
        raise StaffRefused("not a staff token")
    try:
        return unb64u(first), unb64u(second, 64)
    except EncodingError:
        raise StaffRefused("not a staff token") from None
