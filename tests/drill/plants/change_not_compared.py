"""Keyvault takes a change on a statement that was proved for another one."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "change-not-compared",
    "verifier-swap",
    "The keyvault does not compare a change with the statement that the member proved.",
    ("gateway",),
    live=weak("keyvault", "change-not-compared"),
)
