"""Ids that stand in paths."""

from typing import Annotated

from fastapi import Path
from protocol.deployment import B64

Id = Annotated[B64, Path(min_length=16, max_length=16)]
"""16 bytes as base64url."""
