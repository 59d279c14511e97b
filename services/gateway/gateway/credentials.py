"""What confidential applications prove themselves with: hashes of secrets, public keys."""

import hmac
import json
from dataclasses import dataclass, field

from chassis.config import ConfigError, read_secret
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key
from protocol.encoding import sha256

from gateway.clients import Client

ALGORITHMS = ("ES256", "PS256", "Ed25519")
"""Of client assertions (FAPI 2.0 Security Profile section 5.4.1)."""
SECRET_BYTES = 32
_FEWEST_RSA_BITS = 2048


@dataclass(frozen=True)
class Credentials:
    """One application's. A plain hash is enough: secrets are 256 random bits that `clients secret` made, none are chosen."""

    secret_hashes: tuple[bytes, ...] = ()
    keys: KeySet = field(default_factory=lambda: KeySet([]))

    def has_secret(self, secret: str) -> bool:
        """Whether this is one of its secrets; all are compared, in the same time."""
        hashed = sha256(secret.encode())
        return bool(sum(hmac.compare_digest(hashed, known) for known in self.secret_hashes))


NOBODY = Credentials((bytes(32),))
"""Of an application that does not exist: refusing it takes as long as refusing a wrong secret."""


def read(client: Client) -> Credentials:
    """Read an application's files; raises ConfigError."""
    hashes = tuple(read_secret(file) for file in client.secret_hash_files)
    for file, value in zip(client.secret_hash_files, hashes, strict=True):
        if len(value) != SECRET_BYTES:
            raise ConfigError(f"{file}: should be a SHA-256 value in base64url, as `clients secret` prints it")
    if client.keys_file is None:
        return Credentials(hashes)
    wrong = f"{client.keys_file}: should be a JWK set of public keys, each with a kid of its own, for ES256, PS256 or Ed25519"
    try:
        keys = [import_key(jwk) for jwk in json.loads(client.keys_file.read_text(encoding="utf-8"))["keys"]]
    except (OSError, ValueError, KeyError, TypeError, JoseError):
        raise ConfigError(wrong) from None
    kids = [key.kid for key in keys]
    if not keys or not all(_sound(key) for key in keys) or None in kids or len(set(kids)) != len(kids):
        raise ConfigError(wrong)
    return Credentials(hashes, KeySet(keys))


def _sound(key: Key) -> bool:
    if isinstance(key, OKPKey):
        return not key.is_private and key.curve_name == "Ed25519"
    if isinstance(key, ECKey):
        return not key.is_private and key.curve_name == "P-256"
    return isinstance(key, RSAKey) and not key.is_private and key.raw_value.key_size >= _FEWEST_RSA_BITS
