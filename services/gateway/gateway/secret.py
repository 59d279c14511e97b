"""One-use secrets: 256 random bits for whoever carries them, their SHA-256 for the database."""

import secrets

from protocol.encoding import EncodingError, b64u, sha256, unb64u

SECRET_BYTES = 32


def fresh() -> str:
    """Return a new secret, 43 characters of base64url."""
    return b64u(secrets.token_bytes(SECRET_BYTES))


def handle(secret: str) -> bytes | None:
    """Return what the database knows a secret by; None for what cannot be one.

    A plain hash is enough: 256 random bits cannot be guessed, so there is nothing to stretch.
    """
    try:
        return sha256(unb64u(secret, SECRET_BYTES))
    except EncodingError:
        return None


def new_handle() -> tuple[str, bytes]:
    """Return a new secret and what the database knows it by."""
    secret = fresh()
    return secret, sha256(unb64u(secret))
