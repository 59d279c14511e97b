"""A program of others that signs members in at the gateway."""

import sys

from local import health, programs
from local.layout import ROOM
from local.process import Process

PROCESS = Process(
    name="example-program",
    port=programs.EXAMPLE_PORT,
    command=lambda layout: [sys.executable, str(ROOM / "example_program"), str(programs.example_config(layout))],
    log=lambda layout: layout.home / "programs" / "example.log",
    ready=health.http(programs.EXAMPLE_PORT, "/"),
)
