"""The npm packages of the peers in ``peers_node``, installed by their lock when they are needed first."""

import hashlib
import subprocess
from pathlib import Path

from local.node import node, npm

from bench.errors import BenchError

PEERS = Path(__file__).with_name("peers_node")


def command(name: str) -> list[str]:
    """Return the command of one of these programs, its packages installed."""
    _install()
    return [str(node()), str(PEERS / f"{name}.mjs")]


def _install() -> None:
    wanted = hashlib.sha256((PEERS / "package-lock.json").read_bytes()).hexdigest()
    stamp = PEERS / "node_modules" / ".warifu-installed"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    options = ("ci", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts")
    done = subprocess.run([*npm(), *options], cwd=PEERS, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"npm cannot install what {PEERS.name} needs:\n{done.stderr}")
    stamp.write_text(wanted, encoding="ascii")
