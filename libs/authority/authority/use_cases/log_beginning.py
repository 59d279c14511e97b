"""A log begins anew where the deployment description says so, after its authority was restored from an older state."""

from chassis.config import ConfigError
from chassis.database import Database
from protocol.checkpoint import CheckpointRefused, carried_over
from protocol.deployment import Deployment
from protocol.names import AuthorityName
from protocol.release_log import beginning

from authority.store import log_beginnings, log_queue


async def settle(db: Database, deployment: Deployment, host: AuthorityName) -> None:
    """Begin the log that the description names, unless it was begun; its first leaf commits to the checkpoint carried over.

    Leaves of the log before it, as far as they are still there, stay at its front: what opens them was given to members. Raises
    ConfigError where the description lists an older log than the present one, or carries over what nobody else cosigned.
    """
    for listed in deployment.logs:
        try:
            carried_over(deployment, listed)
        except CheckpointRefused:
            message = f"key `deployment_file`: the checkpoint that {listed}'s log carries over is not one that another cosigned"
            raise ConfigError(message) from None
    number = deployment.log_number(host)
    async with db.transaction("begin-log") as tx:
        await tx.lock(log_queue.LOCK)
        present = await log_beginnings.newest(tx)
        if number < present:
            raise ConfigError(f"key `deployment_file`: {host}'s present log is {present}, not {number}")
        if number == present:
            return
        about = beginning(number, deployment.logs[host].before)
        if await log_beginnings.add(tx, number, about):
            await log_queue.add(tx, "beginning", about)
