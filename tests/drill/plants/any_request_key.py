"""A window's id is taken for proof enough of who calls in it."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "any-request-key",
    "window-hijack",
    "The keyvault does not compare the key of a call with that of its window.",
    ("identity",),
    live=weak("keyvault", "any-request-key"),
    long=True,
)
