"""programs as a process of its own, which may be killed, by a clock that the test sets.

``python -m simulation.programs_process CONFIG.json PORT CLOCK``; CLOCK is a file with a number of seconds since 1970.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from chassis import logs
from chassis.app import create_app
from programs.app import SERVICE


class ReadClock:
    """The time that stands in a file."""

    def __init__(self, file: Path) -> None:
        """Keep the file."""
        self._file = file

    def now(self) -> datetime:
        """Return the instant in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def timestamp(self) -> int:
        """Return whole seconds since 1970."""
        return int(self._file.read_text(encoding="ascii"))


if __name__ == "__main__":
    config, port, clock = sys.argv[1:]
    logs.configure(SERVICE.name, "critical", coarse=True)
    uvicorn.run(
        create_app(
            SERVICE,
            SERVICE.config_kind.model_validate(json.loads(Path(config).read_text(encoding="utf-8"))),
            clock=ReadClock(Path(clock)),
        ),
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
    )
