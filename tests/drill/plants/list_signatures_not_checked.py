"""Names under a list are taken for signatures."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "list-signatures-not-checked",
    "staff-by-one-officer",
    "anon-data counts the names under a staff list, and does not check their signatures.",
    ("gateway",),
    live=weak("anon-data", "list-signatures-not-checked"),
)
