"""What the gateway knows of itself while it serves."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import httpx
from chassis.deps import state
from chassis.guarded_http import GuardedHttp
from protocol.deployment import Deployment
from protocol.names import AUTHORITIES, AuthorityName

from gateway.clients import Client
from gateway.credentials import Credentials
from gateway.pairwise import Pairwise
from gateway.store.outbox import OF_CLIENT
from gateway.synthetic import SyntheticPerson
from gateway.token_keys import TokenKeys
from gateway.tokens import RsaTokenKey, SigningKey, TokenKey
from gateway.upstream import GroupIds, Providers

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


def logout_path(provider: str) -> str:
    """Return the path at which one provider tells of logouts."""
    return f"/upstream/{provider}/logout"


@dataclass(frozen=True)
class Gateway:
    """Names, keys and lifetimes."""

    deployment: Deployment
    clients: dict[str, Client]
    credentials: dict[str, Credentials]
    """Of each application."""
    token_keys: TokenKeys[TokenKey]
    rsa_keys: TokenKeys[RsaTokenKey] | None
    """For applications that know RS256 alone."""
    pairwise: Pairwise
    group_ids: GroupIds
    verifier_key: bytes
    """HMAC key under which verifiers are found."""
    providers: Providers
    http: httpx.AsyncClient
    """For deliveries to keyvault and identity."""
    guarded_http: GuardedHttp
    """For deliveries to applications, which name their addresses themselves."""
    session_lifetime: timedelta
    idle_lifetime: timedelta
    synthetic: SyntheticPerson | None = None

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

    def name_of(self, client_id: str) -> str:
        """Return an application's name as members know it."""
        client = self.clients.get(client_id)
        return client.name or client_id if client is not None else client_id

    def synthetic_claims(self, ref: bytes, scope: str) -> dict[str, object]:
        """Return what is told of a member besides the subject: nothing, but of the invented person of tests of conformance."""
        return self.synthetic.told(scope) if self.synthetic is not None and self.synthetic.ref == ref else {}

    @property
    def logout_receivers(self) -> dict[str, tuple[str, str]]:
        """Who hears of logouts, by the name in the outbox: audience of the token, and where it goes."""
        applications = {
            OF_CLIENT + client.client_id: (client.client_id, client.backchannel_logout_uri)
            for client in self.clients.values()
            if client.backchannel_logout_uri is not None
        }
        hosts: dict[str, tuple[str, str]] = {
            host: (self.deployment.origins[host], f"{self.deployment.partner_origin(host)}/backchannel-logout")
            for host in AUTHORITIES
            if host != "gateway"
        }
        return {**hosts, **applications}

    @property
    def published_keys(self) -> list[dict[str, str]]:
        """The key set as others find it."""
        return [*self.token_keys.published, *(self.rsa_keys.published if self.rsa_keys is not None else ())]

    def signer(self, client: Client | None) -> SigningKey:
        """Return what signs ID and logout tokens for an application; hosts of ours are none."""
        if client is not None and client.id_algorithm == "RS256" and self.rsa_keys is not None:
            return self.rsa_keys.current
        return self.token_keys.current

    def subject(self, client: Client, ref: bytes) -> str:
        """Return the ``sub`` that an application is told of a member."""
        return self.pairwise.subject(client.pairwise_sector, ref)

    def targets(self, client: Client) -> set[str]:
        """Return the audiences that an application may ask tokens for."""
        return {self.userinfo, *(client.resources if client.confidential else self.resources)}

    @property
    def userinfo(self) -> str:
        """The audience of tokens for userinfo: a token for anything else is worth nothing there."""
        return self.url("/userinfo")

    @property
    def cookies_secure(self) -> bool:
        """Whether cookies are for TLS alone; only a local deployment is served without."""
        return self.issuer.startswith("https://")


Self = Annotated[Gateway, state("gateway")]
"""Dependency on the gateway's own context."""
