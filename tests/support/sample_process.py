"""The sample service as processes."""

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from support import sample_service

COMMAND = [sys.executable, str(sample_service.__file__)]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(sample_service.__file__).parents[1])}


def run(*arguments: object) -> tuple[int, str, str]:
    """Run one command; return its exit code and what it printed."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], check=False, capture_output=True, text=True, env=ENVIRONMENT, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def migrate(config: Path) -> tuple[int, str, str]:
    """Bring the schema forward."""
    return run("migrate", "--config", config, "--owner-url-file", config.parent / "owner.url")


@contextmanager
def served(config: Path, port: int, checks: ssl.SSLContext | None = None) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """Serve until the block ends, with TLS where `checks` say what its certificate must be."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--config", str(config)], env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        with httpx.Client(base_url=f"{'http' if checks is None else 'https'}://localhost:{port}", verify=checks or True) as client:
            for _ in range(100):
                try:
                    client.get("/health/live")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield process, client
    finally:
        process.kill()
        process.communicate()
