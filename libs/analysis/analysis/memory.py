"""The memory that a snapshot is made in: gigabytes that are freed and taken again, many times over.

Given back to the system each time, every page comes fresh when it is taken again, which was more than half of the time between
reading and writing: on a virtual machine the host itself has to find the page, and longest for huge ones.
"""

import ctypes

_TRIM_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -4, -8
"""Names of mallopt(3)."""
_NEVER = -1
_THP_DISABLE = 41
"""PR_SET_THP_DISABLE of prctl(2)."""


def keep() -> None:
    """Have this process keep what it frees, in pages of the usual size, until it ends; without glibc nothing changes.

    For commands, before they load numpy: once there are threads, they have memory of their own each.
    """
    system = ctypes.CDLL(None)
    if not hasattr(system, "mallopt"):
        return
    system.mallopt(_MMAP_MAX, 0)
    system.mallopt(_TRIM_THRESHOLD, _NEVER)
    # What one thread frees another takes.
    system.mallopt(_ARENA_MAX, 1)
    if hasattr(system, "prctl"):
        system.prctl(_THP_DISABLE, 1, 0, 0, 0)
    import pyarrow as pa  # noqa: PLC0415  # loads threads

    pa.set_memory_pool(pa.system_memory_pool())
