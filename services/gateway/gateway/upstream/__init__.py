"""The gateway as relying party of the corporate group's identity provider."""

from gateway.upstream.provider import ProviderRefused, ProviderUnreachable
from gateway.upstream.relying_party import Challenge, RelyingParty

__all__ = ["Challenge", "ProviderRefused", "ProviderUnreachable", "RelyingParty"]
