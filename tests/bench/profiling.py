"""Flame data of servers under load, where py-spy is installed: it looks in from outside and changes nothing."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.errors import BenchError


@dataclass
class Profiler:
    """Writes one file of folded stacks (``a;b;c count``) for each load, into a folder."""

    folder: Path
    py_spy: str
    _written: dict[str, int] = field(default_factory=dict)

    @classmethod
    def into(cls, folder: Path) -> "Profiler":
        """Find py-spy on the path."""
        found = shutil.which("py-spy")
        if found is None:
            raise BenchError("--profile needs py-spy on the path")
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, found)

    @contextmanager
    def of(self, name: str, pid: int) -> Iterator[None]:
        """Sample a process while the block runs."""
        number = self._written[name] = self._written.get(name, 0) + 1
        path = self.folder / f"{name.replace(' ', '-')}-{number}.folded"
        command = [self.py_spy, "record", "--pid", str(pid), "--rate", "250", "--format", "raw", "--duration", "600"]
        process = subprocess.Popen([*command, "--output", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.send_signal(2)  # SIGINT: it writes what it has
            process.wait()
