"""A witness signs whatever another authority signed."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "witness-without-proof",
    "log-fork",
    "Keyvault cosigns checkpoints without asking whether they go on from the last one.",
    ("keyvault",),
    live=weak("keyvault", "witness-without-proof"),
)
