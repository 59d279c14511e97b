"""What an app implements so that members use passkeys: the platform's own authenticator API (Web Authentication Level 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, repr=False)
class Credential:
    """A credential that an authenticator has made."""

    id: bytes
    """16 to 1,023 bytes."""
    public_key: bytes
    """COSE_Key (RFC 9052 section 7), as in the attested credential data (section 6.5.1)."""


@dataclass(frozen=True, repr=False)
class Assertion:
    """What an authenticator signed (section 5.2.2)."""

    credential_id: bytes
    authenticator_data: bytes
    client_data: bytes
    """``clientDataJSON`` as it was signed."""
    signature: bytes


class Authenticator(Protocol):
    """The platform's passkeys. Both calls verify the user: by face, finger or the device's own PIN."""

    async def create(self, rp_id: str, origin: str, *, challenge: bytes, user_handle: bytes, name: str) -> Credential:
        """Make a discoverable credential for the relying party ``rp_id``, algorithm ES256 (-7), attestation ``none``.

        ``name`` is what the person reads when choosing among credentials. ``user_handle`` is random for each credential.
        """
        ...

    async def get(self, rp_id: str, origin: str, *, challenge: bytes, allow: Sequence[bytes]) -> Assertion:
        """Let the person choose a credential, any where ``allow`` is empty, and sign the challenge with it, for ``origin``."""
        ...
