"""Applications that may sign members in. They are data: the configuration lists them."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

_LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(/[^?#]*)")
_HTTPS = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?/[^?#]*")
_PORT = re.compile(r"(?::([1-9][0-9]{0,4}))?")


class Client(BaseModel):
    """One application. Profile ``app``: public, PAR and PKCE and DPoP required, refresh token bound to the DPoP key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: str
    profile: Literal["app"] = "app"
    redirect_uris: tuple[str, ...]
    """``https`` without query or fragment, or ``http`` to a loopback address, which then stands for every port."""

    @field_validator("redirect_uris")
    @classmethod
    def _shaped(cls, uris: tuple[str, ...]) -> tuple[str, ...]:
        if not uris or not all(_LOOPBACK.fullmatch(uri) or _HTTPS.fullmatch(uri) for uri in uris):
            raise ValueError("should be https, or http to 127.0.0.1 or [::1] without a port, with a path and nothing after it")
        return uris

    def allows(self, redirect_uri: str) -> bool:
        """Whether a redirect URI is, character by character, a registered one; at loopbacks any port (RFC 8252 section 7.3)."""
        return any(_same(registered, redirect_uri) for registered in self.redirect_uris)


def _same(registered: str, given: str) -> bool:
    if registered == given:
        return True
    loopback = _LOOPBACK.fullmatch(registered)
    if loopback is None or not given.startswith(loopback[1]) or not given.endswith(loopback[2]):
        return False
    port = _PORT.fullmatch(given[len(loopback[1]) : len(given) - len(loopback[2])])
    return port is not None and (port[1] is None or int(port[1]) <= 65535)
