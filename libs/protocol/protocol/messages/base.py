"""What every message has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from protocol.deployment import B64

Bytes16 = Annotated[B64, Field(min_length=16, max_length=16)]
"""A reference or a session id."""
Bytes32 = Annotated[B64, Field(min_length=32, max_length=32)]
"""A token, a salt, a share, an Ed25519 or X25519 public key, a thumbprint or a SHA-256 value."""
Bytes64 = Annotated[B64, Field(min_length=64, max_length=64)]
"""An Ed25519 signature."""
XWingPublic = Annotated[B64, Field(min_length=1216, max_length=1216)]

BATCH_ROWS = 500
"""Rows of one registrar batch at most: one transaction each."""


class Message(BaseModel):
    """A body on the wire."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
