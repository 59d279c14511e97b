"""The fixed inputs that several files share."""

from protocol.authority_keys import AuthorityKeys
from protocol.encoding import sha256
from protocol.jose import p256_from_scalar, thumbprint
from protocol.names import AUTHORITIES
from protocol.sealing import XWingPrivateKey

NOW = 1_800_000_000
ORIGINS = [f"http://localhost:{port}" for port in range(8101, 8106)]


def fixed(label: str, size: int = 32) -> bytes:
    """Return a fixed input."""
    return sha256(b"warifu vector ", label.encode())[:size]


KEYS = {host: AuthorityKeys(host, fixed(f"root {host}"), fixed(f"signing {host}")) for host in AUTHORITIES}
REFS = {host: fixed(f"ref {host}", 16) for host in AUTHORITIES}
SESSION = XWingPrivateKey(fixed("session"))
DPOP = p256_from_scalar(fixed("dpop"))
JKT = thumbprint(DPOP)
MEMBER_KEY = fixed("member key")
