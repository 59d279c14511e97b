"""What anon-data is told."""

from pathlib import Path

from chassis.config import ServiceConfig


class AnonDataConfig(ServiceConfig):
    """Configuration of anon-data."""

    snapshots: Path | None = None
    """The folder that ``python -m anon_data snapshot`` writes to, from which analysts are answered; without it nobody is."""
    plans: Path | None = None
    """The folder of the insurer's Data Health Plans (`libs/plans`), ``NAME.toml``; without it there are none."""
