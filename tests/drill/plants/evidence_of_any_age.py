"""Used evidence is remembered, so its age seems not to matter."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "evidence-of-any-age",
    "rollback",
    "The keyvault relies on its memory of used evidence, and forgets that evidence grows old.",
    ("gateway", "keyvault", "identity"),
    live=weak("keyvault", "evidence-of-any-age"),
    long=True,
)
