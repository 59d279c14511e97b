"""What tests of the local deployment share: ports of their own and small real processes."""

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from local import health
from local.ports import is_free
from local.process import Process

SERVER = (
    "import http.server, os, sys\n"
    "class Health(http.server.BaseHTTPRequestHandler):\n"
    "    def do_GET(self):\n"
    "        if self.path == '/die':\n"
    "            print('the last words', flush=True)\n"
    "            os._exit(3)\n"
    "        self.send_response(200)\n"
    "        self.end_headers()\n"
    "    def log_message(self, *args):\n"
    "        pass\n"
    "print('serving', flush=True)\n"
    "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Health).serve_forever()\n"
)


def _find_base_port() -> int:
    while True:
        # Below the range from which the system takes ports for outgoing connections.
        candidate = random.randrange(10_000, 32_000, 20)
        if all(is_free(candidate + offset) for offset in range(20)):
            return candidate


@pytest.fixture(scope="session")
def find_base_port() -> Callable[[], int]:
    """Return a finder of base ports with twenty free ports from each on."""
    return _find_base_port


@pytest.fixture
def base_port() -> int:
    """Return a base port with twenty free ports from it on."""
    return _find_base_port()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a folder for one deployment."""
    return tmp_path / "home"


def server(name: str, port: int, *after: str) -> Process:
    """Describe a small HTTP server that dies, with last words, when asked for /die."""
    return Process(
        name=name,
        port=port,
        command=lambda layout: [sys.executable, "-I", "-c", SERVER, str(layout.port(port))],
        log=lambda layout: layout.home / "logs" / f"{name}.log",
        ready=health.http(port, "/health"),
        after=after,
    )


@pytest.fixture
def chain() -> tuple[Process, ...]:
    """Return three servers, each starting after the one before, listed in the wrong order."""
    return server("third", 2, "second"), server("second", 1, "first"), server("first", 0)
