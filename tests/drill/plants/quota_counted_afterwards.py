"""A quota is looked at, the work is done, and then it is counted."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "quota-counted-afterwards",
    "quota-race",
    "The keyvault looks at a quota first, and counts it when the work is done.",
    ("registrar",),
    live=weak("keyvault", "quota-counted-afterwards"),
)
