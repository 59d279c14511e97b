"""What is kept of a provider's own names for people and sign-ins: keyed hashes, one key for each purpose."""

import hmac

from protocol.authority_keys import AuthorityKeys
from protocol.encoding import lp


class GroupIds:
    """Hashes under keys of this host alone, 32 bytes. Those of one purpose cannot be told to be of the same person as another's."""

    def __init__(self, keys: AuthorityKeys) -> None:
        self._link_key = keys.derived("group-link")
        self._session_key = keys.derived("group-session")

    def link(self, issuer: str, sub: str) -> bytes:
        """Return by which the account at a provider is known again, as long as it is linked."""
        return hmac.digest(self._link_key, lp("sub", issuer, sub), "sha256")

    def sub(self, issuer: str, sub: str) -> bytes:
        """Return by which a provider's logout finds somebody's sessions, as long as they last."""
        return hmac.digest(self._session_key, lp("sub", issuer, sub), "sha256")

    def sid(self, issuer: str, sid: str) -> bytes:
        """Return by which a provider's logout finds the sessions of one sign-in."""
        return hmac.digest(self._session_key, lp("sid", issuer, sid), "sha256")
