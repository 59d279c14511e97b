"""ID tokens that come back: as ``id_token_hint``, expired or not (OpenID Connect RP-Initiated Logout 1.0 section 2)."""

from dataclasses import dataclass
from typing import Any

from protocol import jose
from protocol.encoding import EncodingError, unb64u
from protocol.jose import TokenRefused

from gateway.context import Gateway


@dataclass(frozen=True)
class Hint:
    """What an ID token of ours says."""

    client_id: str
    sub: str
    sid: bytes


def read(gateway: Gateway, token: str) -> Hint | None:
    """Return what an ID token says that was signed here, at any time; None for everything else."""
    try:
        claims = _verified(gateway, token)
        client_id, sub = claims.get("aud"), claims.get("sub")
        if claims.get("iss") != gateway.issuer or not isinstance(client_id, str) or not isinstance(sub, str):
            return None
        return Hint(client_id, sub, unb64u(str(claims.get("sid")), 16))
    except (TokenRefused, EncodingError):
        return None


def _verified(gateway: Gateway, token: str) -> dict[str, Any]:
    # Each algorithm with its own keys: none is verified with a key of the other.
    if gateway.rsa_keys is not None and jose.peek_header(token).get("alg") == jose.RS256:
        return jose.verify(token, gateway.rsa_keys.key_set, "jwt", (jose.RS256,))
    return jose.verify(token, gateway.token_keys.key_set, "jwt")
