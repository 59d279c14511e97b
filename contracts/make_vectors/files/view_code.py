"""``view-code.json``."""

from typing import Any

from protocol.jose import scalar_of, thumbprint
from protocol.view_code import ViewCode

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed

PINS = ("135792", "ひみつの番号1")


def build(_stored: Stored) -> Case:
    """Show the codes of household views as printed, and what follows from code and PIN."""
    secret = fixed("view code", 16)
    return {"cases": [_case(pin, secret) for pin in PINS]}


def _case(pin: str, secret: bytes) -> dict[str, Any]:
    code = ViewCode(secret)
    key = code.key(pin)
    return {
        "code": secret.hex(),
        "text": code.text,
        "pin": pin,
        "handle": code.handle.hex(),
        "scalar": scalar_of(key).hex(),
        "jkt": thumbprint(key).hex(),
    }
