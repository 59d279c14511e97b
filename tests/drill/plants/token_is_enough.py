"""The gateway's word is taken for enough."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "token-is-enough",
    "staff-by-gateway",
    "A call with the gateway's staff token is admitted without a look for a session.",
    ("gateway",),
    live=weak("anon-data", "token-is-enough"),
)
