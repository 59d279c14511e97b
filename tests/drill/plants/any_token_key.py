"""Keyvault reads access tokens, and forgets to check who signed them."""

from drill.attack import Plant
from drill.weakening import weak

PLANT = Plant(
    "any-token-key",
    "token-forging",
    "Keyvault takes the claims of an access token for true, whoever signed it.",
    ("keyvault",),
    live=weak("keyvault", "any-token-key"),
)
