"""What every kind of evidence is checked with."""

from dataclasses import dataclass, field

import httpx
from chassis.clock import Clock
from protocol.deployment import Deployment, GroupIdp

from authority.keys import ProviderKeys


@dataclass(frozen=True)
class EvidenceContext:
    """The deployment, the time, the key of this authority's verifiers, and the providers' keys as it fetched them itself."""

    deployment: Deployment
    clock: Clock
    oidc_key: bytes
    client: httpx.AsyncClient
    _providers: dict[str, ProviderKeys] = field(default_factory=dict)

    def idp(self, issuer: object) -> GroupIdp | None:
        """Return the group's provider of this issuer, if the deployment has one."""
        return next((idp for idp in self.deployment.group_idps if idp.issuer == issuer), None)

    def provider_keys(self, idp: GroupIdp) -> ProviderKeys:
        """Return the cache of one provider's keys."""
        if idp.issuer not in self._providers:
            self._providers[idp.issuer] = ProviderKeys(self.client, self.clock, idp.issuer)
        return self._providers[idp.issuer]
