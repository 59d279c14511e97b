"""Memory that was freed is taken again without a page fault."""

import ctypes
import os
import subprocess
import sys

import pytest

TWICE = """
import resource, sys, threading
from analysis import memory
if sys.argv[1] == "kept":
    memory.keep()
import numpy as np, pyarrow as pa
def fill():
    np.ones(20_000_000)
    pa.array(np.zeros(5_000_000))
fill()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    other = threading.Thread(target=fill)
    other.start()
    other.join()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
PAGES = 20_000_000 * 8 // 4096


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="glibc alone can be told to keep memory")
@pytest.mark.parametrize(("how", "kept"), [("kept", True), ("given back", False)])
def test_taken_again(how: str, kept: bool) -> None:
    """By another thread, in pages of the usual size; unless it is asked for, all come anew."""
    small = os.environ | {"NUMPY_MADVISE_HUGEPAGE": "0"}
    command = [sys.executable, "-c", TWICE, how]
    faults = int(subprocess.run(command, check=True, capture_output=True, text=True, env=small).stdout)

    assert faults < PAGES if kept else faults > 5 * PAGES
