"""The memory of a running process, as whoever seizes its host live reads it (Linux: proc(5), ``/proc/PID/maps`` and ``mem``)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

_REGION = re.compile(rb"([0-9a-f]+)-([0-9a-f]+) rw")
_PIECE = 16 << 20
OVERLAP = 4096
"""So that what stands where two pieces meet is whole in one of them."""


def pieces(pid: int) -> Iterator[bytes]:
    """Yield what a process can write to, piece by piece; raises PermissionError where the system lets nobody look."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_bytes().splitlines():
            if region := _REGION.match(line):
                begin, end = (int(number, 16) for number in region.groups())
                for at in range(begin, end, _PIECE):
                    try:
                        yield os.pread(memory.fileno(), min(_PIECE + OVERLAP, end - at), at)
                    except OSError:
                        break  # given back meanwhile, or not for anybody: the kernel's own pages
