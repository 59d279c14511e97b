"""How somebody signed in, as applications are told (``acr``, OpenID Connect Core 1.0 section 2; RFC 9470)."""

from typing import Literal

GROUP = "urn:warifu:acr:group"
"""At the corporate group's provider, by whatever it asks."""
PASSKEY = "urn:warifu:acr:passkey"
"""With a passkey, the person verified by their device."""
CODE = "urn:warifu:acr:code"
"""With a letter or a card."""

ALL = (GROUP, PASSKEY, CODE)


def of_evidence(kind: Literal["oidc", "passkey", "code"]) -> str:
    """Return how somebody signed in whose evidence is of this kind."""
    return {"oidc": GROUP, "passkey": PASSKEY, "code": CODE}[kind]
