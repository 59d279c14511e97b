"""A window to re-identify does not bind its list."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "openings-not-listed",
    "reidentify-others",
    "The keyvault opens parts of whatever seal is asked for, within the quota.",
    ("registrar",),
    live=weak("keyvault", "openings-not-listed"),
)
