"""Identifiers that differ per audience, so that two of them cannot tell that they speak of one session or one member."""

import hmac

from protocol.authority_keys import AuthorityKeys
from protocol.encoding import b64u, lp
from protocol.names import AuthorityName

SID_BYTES = 16


class Pairwise:
    """Derives identifiers under keys of this host alone."""

    def __init__(self, keys: AuthorityKeys) -> None:
        self._sid_key = keys.derived("pairwise-sid")
        self._sub_key = keys.derived("pairwise-sub")

    def sid(self, session_id: bytes, host: AuthorityName) -> bytes:
        """Return the session id that one authority is told: 16 bytes."""
        return hmac.digest(self._sid_key, lp("sid", host, session_id), "sha256")[:SID_BYTES]

    def subject(self, sector: str, ref: bytes) -> str:
        """Return the ``sub`` that the applications of one sector are told (OpenID Connect Core 1.0 section 8.1)."""
        return b64u(hmac.digest(self._sub_key, lp("sub", sector, ref), "sha256"))
