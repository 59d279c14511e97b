"""Keyvault checks proofs, and forgets which it has seen."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "proofs-count-twice",
    "replay",
    "Keyvault accepts a proof as often as it is shown.",
    ("keyvault",),
    live=weak("keyvault", "proofs-count-twice"),
    long=True,
)
