"""Somebody found single use inconvenient: letters go on opening."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "letters-stay",
    "letter-reuse",
    "The keyvault leaves letters alive after the member has another way in.",
    ("gateway",),
    live=weak("keyvault", "letters-stay"),
)
