"""A WebAuthn authenticator in software: discoverable ES256 credentials of a user who is always there."""

import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from local import passkeys


@dataclass(frozen=True)
class NewCredential:
    """What a registration gives."""

    credential_id: bytes
    public_key: bytes
    """COSE_Key."""
    point: bytes
    """The same key as an uncompressed point (SEC 1 section 2.3.3)."""


@dataclass(frozen=True)
class Assertion:
    """What a sign-in gives."""

    credential_id: bytes
    authenticator_data: bytes
    client_data: bytes
    signature: bytes
    user_handle: bytes


@dataclass
class SoftwareAuthenticator:
    """Somebody's phone. The flags are for tests of what is refused."""

    verifies_user: bool = True
    cross_origin: bool = False
    credentials: dict[bytes, tuple[str, bytes, ec.EllipticCurvePrivateKey]] = field(default_factory=dict, repr=False)
    """Relying party, user handle and key by credential id, the newest last."""

    def credential(self, rp_id: str, user_handle: bytes = b"") -> NewCredential:
        """Make a credential."""
        key = ec.generate_private_key(ec.SECP256R1())
        credential_id = os.urandom(32)
        self.credentials[credential_id] = (rp_id, user_handle, key)
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return NewCredential(credential_id, passkeys.cose_key(key), point)

    def assertion(self, rp_id: str, origin: str, challenge: bytes, credential_id: bytes | None = None) -> Assertion:
        """Sign a challenge with one of the relying party's credentials, the newest unless it is named; LookupError without one."""
        known = [found for found, (rp, _, _) in self.credentials.items() if rp == rp_id]
        chosen = credential_id or (known[-1] if known else b"")
        if chosen not in known:
            raise LookupError("no credential of this relying party")
        _, user_handle, key = self.credentials[chosen]
        made = passkeys.assertion(
            chosen, key, rp_id, origin, challenge, verified=self.verifies_user, cross_origin=self.cross_origin
        )
        return Assertion(chosen, made.authenticator_data, made.client_data, made.signature, user_handle)
