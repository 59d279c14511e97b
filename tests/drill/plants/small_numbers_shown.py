"""Nothing is masked."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "small-numbers-shown",
    "small-numbers",
    "anon-data tells every number, however few people it is about.",
    ("anon-data",),
    live=weak("anon-data", "small-numbers-shown"),
)
