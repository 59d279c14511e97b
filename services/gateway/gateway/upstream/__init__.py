"""The gateway as relying party of the corporate group's identity providers."""

from gateway.upstream.claims import Claims, SignedIn
from gateway.upstream.errors import ClaimsElsewhere, ProviderRefused, ProviderUnreachable
from gateway.upstream.ids import GroupIds
from gateway.upstream.logout_token import LoggedOut
from gateway.upstream.providers import Providers
from gateway.upstream.relying_party import Challenge, RelyingParty

__all__ = [
    "Challenge",
    "Claims",
    "ClaimsElsewhere",
    "GroupIds",
    "LoggedOut",
    "ProviderRefused",
    "ProviderUnreachable",
    "Providers",
    "RelyingParty",
    "SignedIn",
]
