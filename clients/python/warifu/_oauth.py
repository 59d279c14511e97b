"""What both sign-in legs share: PKCE (RFC 7636), state, and the check of what came back."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.encoding import b64u, sha256

from .errors import SignInFailed

_ERROR = re.compile(r"[a-z_]{1,40}\Z")


def _random() -> str:
    return b64u(secrets.token_bytes(32))


@dataclass(frozen=True)
class Leg:
    """The secrets of one authorization request."""

    state: str = field(default_factory=_random)
    verifier: str = field(default_factory=_random)

    @property
    def challenge(self) -> str:
        """The S256 code challenge."""
        return b64u(sha256(self.verifier.encode()))

    def code(self, returned: Mapping[str, str], issuer: str, *, needs_iss: bool) -> str:
        """Return the code of a callback whose ``state`` and ``iss`` (RFC 9207) are right, else raise ``SignInFailed``.

        Both are checked before anything else is believed, the error code included.
        """
        if not secrets.compare_digest(returned.get("state", "").encode(), self.state.encode()):
            raise SignInFailed("the answer belongs to another sign-in")
        if returned.get("iss", None if needs_iss else issuer) != issuer:
            raise SignInFailed("the answer comes from another issuer")
        if error := returned.get("error"):
            raise SignInFailed(f"ended with {error}" if _ERROR.match(error) else "ended with an error")
        if not (code := returned.get("code")):
            raise SignInFailed("the answer holds no code")
        return code
