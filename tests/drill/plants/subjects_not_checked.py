"""The registrar's word is taken for whom the officers decided about."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "subjects-not-checked",
    "window-hijack",
    "The keyvault does not check that a row is about a member on the officers' list.",
    ("identity",),
    live=weak("keyvault", "subjects-not-checked"),
    long=True,
)
