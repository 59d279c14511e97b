"""The programs of the peers in ``peers_node``, their packages installed when they are needed first."""

from pathlib import Path

from local.errors import StepFailed
from local.node import node
from local.node_packages import installed

from bench.errors import BenchError

PEERS = Path(__file__).with_name("peers_node")


def command(name: str) -> list[str]:
    """Return the command of one of these programs."""
    try:
        installed(PEERS)
    except StepFailed as error:
        raise BenchError(str(error)) from error
    return [str(node()), str(PEERS / f"{name}.mjs")]
