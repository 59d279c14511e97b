"""Members complained about the day of waiting, so there is none."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "recovery-at-once",
    "recovery-hijack",
    "At the keyvault a recovery takes effect when it is asked for.",
    ("gateway",),
    live=weak("keyvault", "recovery-at-once"),
    long=True,
)
