"""What programs is told."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from chassis.config import ServiceConfig
from pydantic import BaseModel, ConfigDict


class NoticesConfig(BaseModel):
    """Telling suppliers that an order changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_file: Path
    """Seed of the Ed25519 key that signs notices; ``python -m programs notice-key`` prints what suppliers check them with."""
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Where suppliers may be besides public addresses, such as ``10.1.2.0/24``."""


class ProgramsConfig(ServiceConfig):
    """Configuration of programs."""

    notices: NoticesConfig | None = None
    """Absent where suppliers only ask."""
