"""All providers of the group at which this gateway signs people in."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.upstream.relying_party import RelyingParty


@dataclass(frozen=True)
class Providers:
    """The gateway's clients, one a provider; names and issuers differ."""

    parties: Sequence[RelyingParty]

    def named(self, name: str) -> RelyingParty | None:
        """Return the one of this name, which stands in its redirect URI."""
        return next((party for party in self.parties if party.idp.name == name), None)

    def of(self, issuer: str) -> RelyingParty | None:
        """Return the one of this issuer."""
        return next((party for party in self.parties if party.idp.issuer == issuer), None)

    @property
    def only(self) -> RelyingParty | None:
        """The one to which everybody is sent, where there is one alone."""
        return self.parties[0] if len(self.parties) == 1 else None
