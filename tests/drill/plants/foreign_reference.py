"""The keyvault lets a session that was released for one member speak for another."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "foreign-reference",
    "gateway-mints-tokens",
    "The keyvault does not compare the member of a session with the member of a token.",
    ("gateway",),
    live=weak("keyvault", "foreign-reference"),
)
