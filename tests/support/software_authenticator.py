"""A WebAuthn authenticator in software: discoverable ES256 credentials of a user who is always there.

Web Authentication Level 3: sections 5.8.1 (client data), 6.1 (authenticator data), 6.3.3 (assertions); RFC 9052 for keys.
"""

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from protocol.encoding import b64u

_PRESENT, _VERIFIED = 0x01, 0x04
_NO_COUNTER = bytes(4)


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
        point = key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        return NewCredential(credential_id, cbor2.dumps(cose), b"\x04" + cose[-2] + cose[-3])  # type: ignore[operator]  # bytes

    def assertion(self, rp_id: str, origin: str, challenge: bytes, credential_id: bytes | None = None) -> Assertion:
        """Sign a challenge with one of the relying party's credentials, the newest unless it is named; LookupError without one."""
        known = [found for found, (rp, _, _) in self.credentials.items() if rp == rp_id]
        chosen = credential_id or (known[-1] if known else b"")
        if chosen not in known:
            raise LookupError("no credential of this relying party")
        _, user_handle, key = self.credentials[chosen]
        said = {"type": "webauthn.get", "challenge": b64u(challenge), "origin": origin, "crossOrigin": self.cross_origin}
        client_data = json.dumps(said, separators=(",", ":")).encode()
        flags = _PRESENT | (_VERIFIED if self.verifies_user else 0)
        data = sha256(rp_id.encode()).digest() + bytes((flags,)) + _NO_COUNTER
        signature = key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return Assertion(chosen, data, client_data, signature, user_handle)
