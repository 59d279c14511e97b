"""Proof Key for Code Exchange (RFC 7636), S256 only."""

import hmac
import re

from protocol.encoding import sha256

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def verifies(verifier: str | None, challenge: bytes) -> bool:
    """Whether a verifier is well-formed (section 4.1) and has the challenge that was pushed."""
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(sha256(verifier.encode()), challenge)
