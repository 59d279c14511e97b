"""The keyvault stops checking who signed the evidence."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "unchecked-signature",
    "gateway-mints-tokens",
    "The keyvault reads evidence without checking the provider's signature.",
    ("gateway",),
    live=weak("keyvault", "unchecked-signature"),
)
