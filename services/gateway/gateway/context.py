"""What the gateway knows of itself while it serves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import httpx
from chassis.deps import state
from protocol.deployment import Deployment
from protocol.names import AUTHORITIES, AuthorityName

from gateway.clients import Client
from gateway.pairwise import Pairwise
from gateway.tokens import TokenKey
from gateway.upstream import Providers

PUSHED_LIFETIME = timedelta(seconds=60)
"""Of a request_uri."""
CHOICE_LIFETIME = timedelta(minutes=5)
"""For choosing one of the group's providers."""
UPSTREAM_LIFETIME = timedelta(minutes=10)
"""For signing in at the group's provider."""
PORTAL_LIFETIME = timedelta(minutes=15)
"""For signing in on the portal's page, however slowly somebody types."""
TICKET_LIFETIME = timedelta(seconds=60)
"""For the way back from it."""
CODE_LIFETIME = timedelta(seconds=60)


def callback_path(provider: str) -> str:
    """Return the path of the redirect URI at one provider, which is the path of the cookie too."""
    return f"/upstream/{provider}/callback"


@dataclass(frozen=True)
class Gateway:
    """Names, keys and lifetimes."""

    deployment: Deployment
    clients: dict[str, Client]
    token_key: TokenKey
    pairwise: Pairwise
    verifier_key: bytes
    """HMAC key under which verifiers are found."""
    providers: Providers
    http: httpx.AsyncClient
    """For deliveries to keyvault and identity."""
    session_lifetime: timedelta
    idle_lifetime: timedelta

    @property
    def issuer(self) -> str:
        """The gateway's origin, which is its issuer identifier."""
        return self.deployment.origins["gateway"]

    @property
    def resources(self) -> dict[str, AuthorityName]:
        """Origins that tokens may be for (RFC 8707), and whose they are: the three authorities, never the stores."""
        return {self.deployment.origins[name]: name for name in AUTHORITIES}

    def url(self, path: str) -> str:
        """Return a URL of this host as its clients know it: from the configured origin, never from a Host header."""
        return self.issuer + path

    @property
    def cookies_secure(self) -> bool:
        """Whether cookies are for TLS alone; only a local deployment is served without."""
        return self.issuer.startswith("https://")


Self = Annotated[Gateway, state("gateway")]
"""Dependency on the gateway's own context."""
