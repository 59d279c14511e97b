"""What every authority is told besides what every service is told."""

from pathlib import Path

from chassis.config import ServiceConfig
from protocol.names import AuthorityName
from pydantic import BaseModel, ConfigDict, Field


class KeysConfig(BaseModel):
    """Where the two secrets of an authority lie: 32 bytes each, unpadded base64url, readable by their owner alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root_file: Path
    signing_file: Path


class AuthorityConfig(ServiceConfig):
    """Configuration of an authority."""

    host: AuthorityName
    keys: KeysConfig
    releases_per_day: int = Field(default=50, ge=1)
    """Releases of one member from one seal, or one midnight (UTC), to the next."""
    code_tries_per_day: int = Field(default=10, ge=1, le=100)
    """Wrong tries of one code from one seal, or one midnight (UTC), to the next."""
    session_seconds: int = Field(default=8 * 3600, ge=60, le=11 * 3600)
    """How long a release may be read again, and how long the end of a session is remembered.

    A release in the last minute of a session lasts as long again, and its end is remembered for as long: 24 hours hold both.
    """
