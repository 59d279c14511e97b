"""What a service puts into its state at start, so that this library's routes find it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.app import App
from chassis.config import ConfigError
from chassis.database import Transaction
from chassis.once import Once
from protocol.deployment import Deployment
from protocol.names import HostName
from protocol.times import PROOF_LIFETIME, SKEW
from pydantic import ValidationError


@dataclass(frozen=True)
class Deployed:
    """Which of the deployment's hosts this service is."""

    deployment: Deployment
    host: HostName
    opened: Callable[[Transaction, bytes], Awaitable[None]] | None = None
    """What this host does beside when a window opens, in the same transaction, given the hash of its manifest."""

    @property
    def origin(self) -> str:
        """The origin under which clients know this host; URLs in proofs begin with it."""
        return self.deployment.origins[self.host]


def started(app: App[Any]) -> Mapping[str, object]:
    """Return ``deployed`` and ``once`` for the state; raises ConfigError where the deployment file is not one."""
    path = app.config.deployment_file
    try:
        deployment = Deployment.load(path)
    except (OSError, ValidationError, ValueError):
        raise ConfigError(f"{path}: is not a deployment description") from None
    once = Once(app.db, app.clock, lifetime_s=PROOF_LIFETIME, skew_s=SKEW)
    return {"deployed": Deployed(deployment, app.config.host), "once": once}
