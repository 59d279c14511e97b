"""What a vector file is made of."""

from collections.abc import Callable
from typing import Any

Case = dict[str, Any]
"""A JSON object."""

Stored = Callable[[Callable[[], Case], Callable[[Case], object]], Case]
"""``stored(make, holds)``: what is on disk, as long as it ``holds``, else what ``make`` makes anew with randomness."""
