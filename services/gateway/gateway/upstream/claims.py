"""What a provider says of whoever signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocol.oidc_evidence import OidcSubject

from gateway.upstream.errors import ClaimsElsewhere, ProviderRefused


@dataclass(frozen=True)
class Claims:
    """Claims about one person: those of the verified ID token and, where it was asked for, those of userinfo."""

    values: Mapping[str, Any]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a claim that is a text or a list of texts, such as group names; nothing where it is absent.

        Raises ClaimsElsewhere where the provider says that the claim is too long to be said: by ``_claim_names`` (OpenID Connect
        Core 1.0 section 5.6.2), or for groups by ``hasgroups``. Who reads that as "in no group" gives or takes rights by accident.
        """
        elsewhere = self.values.get("_claim_names")
        if isinstance(elsewhere, Mapping) and name in elsewhere:
            raise ClaimsElsewhere("a claim is somewhere else")
        if name == "groups" and self.values.get("hasgroups"):
            raise ClaimsElsewhere("too many groups to be said")
        value = self.values.get(name, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise ProviderRefused("a claim that is neither a text nor texts")
        return tuple(listed)


@dataclass(frozen=True)
class SignedIn:
    """Whom a provider signed in."""

    issuer: str
    sub: str
    """The provider's own name for the person, which it gives to nobody else."""
    sid: str | None
    """The provider's own name for this sign-in; most name one only where they tell of its end."""
    claims: Claims

    def subject(self, claim: str) -> OidcSubject:
        """Return by which the person is enrolled: the value of the claim that the deployment configures. Raises ProviderRefused."""
        value = self.claims.values.get(claim)
        if not isinstance(value, str) or not value:
            raise ProviderRefused("nothing by which the person is enrolled")
        return OidcSubject(self.issuer, value)


def joined(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of both. The ID token, which is signed, wins; userinfo of anybody else is refused (section 5.3.2)."""
    if userinfo.get("sub") != id_token["sub"]:
        raise ProviderRefused("userinfo of somebody else")
    return {**userinfo, **id_token}
