"""Where staff signs in: apart from members in client, provider's client, keys, cookies and tables."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from authority import Authority
from chassis.deps import state
from protocol.encoding import lp
from protocol.names import STORES, StoreName
from protocol.staff import SESSION_LIFETIME

from gateway.clients import Client
from gateway.roles import RoleRule
from gateway.upstream import RelyingParty

LOGOUT = "/staff/upstream/logout"
"""Where the provider tells of logouts."""
CALLBACK = "/staff/callback"
"""The redirect URI at the provider, which is the path of the cookie too."""
FLOW = "staff"
"""Under this name what binds an answer of the provider to a browser is derived: no provider is called so."""
SCOPE = "staff"
LIFETIME = timedelta(seconds=SESSION_LIFETIME)
"""Of a sign-in: then the provider is asked again, also for the roles."""


@dataclass(frozen=True)
class StaffDesk:
    """Names, keys and rules of staff."""

    authority: Authority
    clients: Mapping[str, Client]
    party: RelyingParty
    """The client at the provider that is for staff alone."""
    rules: tuple[RoleRule, ...]
    idle: timedelta

    @property
    def resources(self) -> dict[str, StoreName]:
        """Origins that staff tokens may be for (RFC 8707), and whose they are: the two stores, never an authority."""
        origins = self.authority.deployment.origins
        return {origins[store]: store for store in STORES}

    def group_sid(self, issuer: str, sid: str) -> bytes:
        """Return by which a provider's logout finds the sign-in that it began, 32 bytes."""
        return hmac.digest(self.authority.keys.derived("staff"), lp("staff-group-session", issuer, sid), "sha256")

    def person(self, issuer: str, sub: str) -> bytes:
        """Return what somebody of the staff is known by here (32 bytes), from the provider's own name for them."""
        return hmac.digest(self.authority.keys.derived("staff"), lp("staff-person", issuer, sub), "sha256")

    def subject(self, person: bytes, store: StoreName) -> bytes:
        """Return what one store knows them by, 32 bytes."""
        return hmac.digest(self.authority.keys.derived("staff-subject"), lp("staff-subject", store, person), "sha256")


Desk = Annotated[StaffDesk | None, state("staff_desk")]
"""None where the configuration has no staff."""
