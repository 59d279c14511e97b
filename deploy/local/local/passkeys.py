"""Passkeys in a file, for colleagues who do not exist: whoever can read the file is they.

Web Authentication Level 3: sections 5.8.1 (client data), 6.1 (authenticator data), 6.3.3 (assertions); RFC 9052 for keys.
"""

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from protocol.encoding import b64u
from warifu.authenticators import Assertion, Credential

from local.secrets import decode, write_private

_PRESENT, _VERIFIED = 0x01, 0x04
_NO_COUNTER = bytes(4)


class FilePasskeys:
    """Somebody's passkeys; a `warifu.authenticators.Authenticator` whose user is always there. Of several the newest signs."""

    def __init__(self, file: Path) -> None:
        """Read nothing yet; there need not be a file."""
        self._file = file

    async def create(
        self,
        rp_id: str,
        origin: str,  # noqa: ARG002
        *,
        challenge: bytes,  # noqa: ARG002
        user_handle: bytes,  # noqa: ARG002
        name: str,  # noqa: ARG002
    ) -> Credential:
        """Make a passkey and keep it."""
        key, made = ec.generate_private_key(ec.SECP256R1()), os.urandom(32)
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        write_private(self._file, json.dumps([*self._known(), {"id": b64u(made), "rp_id": rp_id, "key": b64u(der)}], indent=1))
        return Credential(made, cose_key(key))

    async def get(self, rp_id: str, origin: str, *, challenge: bytes, allow: Sequence[bytes]) -> Assertion:
        """Sign with one; raise LookupError where there is none."""
        fitting = [one for one in self._known() if one["rp_id"] == rp_id and (not allow or decode(one["id"]) in allow)]
        if not fitting:
            raise LookupError(f"{self._file} has no passkey of {rp_id}")
        key = load_der_private_key(decode(fitting[-1]["key"]), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return assertion(decode(fitting[-1]["id"]), key, rp_id, origin, challenge)

    def _known(self) -> list[Mapping[str, str]]:
        if not self._file.exists():
            return []
        found: list[Mapping[str, str]] = json.loads(self._file.read_text(encoding="utf-8"))
        return found


def cose_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public key as COSE_Key: EC2, ES256, P-256."""
    point = key.public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})


def assertion(
    credential_id: bytes,
    key: ec.EllipticCurvePrivateKey,
    rp_id: str,
    origin: str,
    challenge: bytes,
    *,
    verified: bool = True,
    cross_origin: bool = False,
) -> Assertion:
    """Sign a challenge as a device whose user is there, and was `verified`."""
    said = {"type": "webauthn.get", "challenge": b64u(challenge), "origin": origin, "crossOrigin": cross_origin}
    client_data = json.dumps(said, separators=(",", ":")).encode()
    data = sha256(rp_id.encode()).digest() + bytes((_PRESENT | (_VERIFIED if verified else 0),)) + _NO_COUNTER
    signature = key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
    return Assertion(credential_id, data, client_data, signature)
