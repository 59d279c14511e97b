"""Keyvault takes deeds from the queue, and forgets to put them into the log."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "deeds-not-logged",
    "opening-left-out",
    "Keyvault releases, and keeps it out of its log.",
    ("keyvault",),
    live=weak("keyvault", "deeds-not-logged"),
)
