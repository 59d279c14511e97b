"""The insurer's table, for friendlier pages."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "table-in-memory",
    "memory-grep",
    "The gateway reads the insurer's table to greet people by name.",
    ("gateway",),
    live=weak("gateway", "table-in-memory"),
)
