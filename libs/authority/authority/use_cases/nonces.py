"""Evidence counts once for each use: its nonce is remembered for as long as its statement could be accepted."""

from typing import Literal

from protocol.encoding import sha256
from protocol.statement import Statement
from protocol.times import SKEW, STATEMENT_LIFETIME

Use = Literal["", "sign-in"]
"""At the gateway one gesture signs in and releases: two uses, each once."""


def nonce_id(statement: Statement, use: Use = "") -> bytes:
    """Return under which id the use of a statement's evidence is remembered (32 bytes)."""
    return sha256(use.encode(), statement.nonce, statement.h)


def nonce_expires(statement: Statement) -> int:
    """Return when it may be forgotten, in seconds since 1970."""
    return statement.iat + STATEMENT_LIFETIME + SKEW
