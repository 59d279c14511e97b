"""How old or early a signed time may be. All in seconds; every host uses the same values, so nothing can be tuned apart."""

from .jose import TokenRefused

STATEMENT_LIFETIME = 600
ID_TOKEN_LIFETIME = 120
PROOF_LIFETIME = 120
SKEW = 10
"""Clocks ahead by this much are tolerated (FAPI 2.0 Security Profile 5.3.2.1 asks for 10, forbids more than 60)."""


def check_fresh(issued_at: object, now: int, lifetime: int) -> int:
    """Return ``issued_at`` when it is a time within ``lifetime`` before ``now``, else raise ``TokenRefused``."""
    if not isinstance(issued_at, int) or isinstance(issued_at, bool):
        raise TokenRefused("a time is missing")
    if not now - lifetime <= issued_at <= now + SKEW:
        raise TokenRefused("expired, or from the future")
    return issued_at
