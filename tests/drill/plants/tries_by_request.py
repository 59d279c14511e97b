"""The limit of tries is there, but counts something else than the code."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "tries-by-request",
    "pin-guessing",
    "The keyvault counts tries by request, not by code.",
    ("gateway",),
    live=weak("keyvault", "tries-by-request"),
)
