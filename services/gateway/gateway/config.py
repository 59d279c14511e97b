"""What the gateway is told besides what every authority is told."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from authority.config import BY_STORE, AuthorityConfig, FileKeysConfig, Pkcs11KeysConfig
from protocol.deployment import B64
from pydantic import BaseModel, ConfigDict, Field, Tag, model_validator

from gateway.clients import Client
from gateway.roles import RoleRule
from gateway.token_keys import RsaKeyFiles, TokenKeyFiles
from gateway.tokens import RsaTokenKey, TokenKey


class _TokenKey(BaseModel):
    token_key_file: Path
    """The key that signs tokens: P-256, PKCS #8 PEM, readable by its owner alone."""
    token_key_next_path: Path | None = None
    """The key that will sign after it, published already; it need not be there: `token-keys rotate` makes it."""
    token_keys_retired_path: Path | None = None
    """Public keys that signed before; `token-keys rotate` writes them."""

    rsa_token_key_file: Path | None = None
    """The key that signs ID and logout tokens of applications that know RS256 alone: RSA, PKCS #8 PEM."""
    rsa_token_key_next_path: Path | None = None
    rsa_token_keys_retired_path: Path | None = None

    @property
    def token_key_files(self) -> TokenKeyFiles:
        """Where the keys are that sign tokens."""
        return TokenKeyFiles(TokenKey, self.token_key_file, self.token_key_next_path, self.token_keys_retired_path)

    @property
    def rsa_key_files(self) -> RsaKeyFiles | None:
        """Where the keys are that sign by RS256, if there are any."""
        if self.rsa_token_key_file is None:
            return None
        return RsaKeyFiles(RsaTokenKey, self.rsa_token_key_file, self.rsa_token_key_next_path, self.rsa_token_keys_retired_path)


class GatewayFileKeysConfig(FileKeysConfig, _TokenKey):
    """The secrets of an authority in files, and the key that signs tokens."""


class GatewayPkcs11KeysConfig(Pkcs11KeysConfig, _TokenKey):
    """The secrets of an authority in a token, and the key that signs tokens, which stays a file."""


GatewayKeysConfig = Annotated[
    Annotated[GatewayFileKeysConfig, Tag("file")] | Annotated[GatewayPkcs11KeysConfig, Tag("pkcs11")], BY_STORE
]


class UpstreamConfig(BaseModel):
    """The gateway's own client at one of the group's identity providers, never the one for evidence.

    What else there is to know of the provider stands in the deployment description.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: str
    client_secret_file: Path
    scopes: tuple[str, ...] = ("openid",)
    """No more than what is needed: members are asked for nothing but who they are."""
    userinfo: bool = False
    """Whether userinfo is asked too, where a claim is not in the ID token."""

    @model_validator(mode="after")
    def _openid(self) -> "UpstreamConfig":
        if "openid" not in self.scopes:
            raise ValueError("openid is among the scopes")
        return self


class LogoutConfig(BaseModel):
    """Telling applications of the end of sessions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Where applications may be besides public addresses, such as ``10.1.2.0/24``."""


class SyntheticPersonConfig(BaseModel):
    """An invented person with a name, for tests of conformance: the only one of whom userinfo tells more than a subject."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: B64
    """Whom they are enrolled as: ref_G, 16 bytes."""
    claims_file: Path
    """JSON object of standard claims."""


class StaffConfig(BaseModel):
    """How staff signs in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: UpstreamConfig
    """The gateway's client for staff alone: only to this one the provider should give groups."""
    clients: tuple[Client, ...] = Field(min_length=1)
    """Applications of staff, profile ``app``."""
    rules: tuple[RoleRule, ...] = Field(min_length=1)
    """What gives a role; nothing else does."""
    idle_seconds: int = Field(default=30 * 60, ge=60, le=4 * 3600)
    """A sign-in that is not refreshed for this long has ended."""

    @model_validator(mode="after")
    def _sound(self) -> "StaffConfig":
        if any(rule.issuer != self.provider.issuer for rule in self.rules):
            raise ValueError("a rule is about an issuer at which staff does not sign in")
        if any(client.profile != "app" for client in self.clients):
            raise ValueError("staff's applications are of profile app")
        return self


class GatewayConfig(AuthorityConfig):
    """Configuration of the gateway."""

    keys: GatewayKeysConfig
    upstreams: tuple[UpstreamConfig, ...] = Field(min_length=1)
    clients: tuple[Client, ...] = Field(min_length=1)
    logout: LogoutConfig = LogoutConfig()
    synthetic_person: SyntheticPersonConfig | None = None
    idle_seconds: int = Field(default=30 * 60, ge=60, le=8 * 3600)
    """A session that is not refreshed for this long has ended."""
    staff: StaffConfig | None = None
    """Without it no staff signs in."""

    @model_validator(mode="after")
    def _distinct(self) -> "GatewayConfig":
        clients = [*self.clients, *(self.staff.clients if self.staff else ())]
        if len({client.client_id for client in clients}) != len(clients):
            raise ValueError("two clients have the same client_id")
        at_providers = [*self.upstreams, *([self.staff.provider] if self.staff else [])]
        if len({(each.issuer, each.client_id) for each in at_providers}) != len(at_providers):
            raise ValueError("staff signs in at the provider by a client of its own")
        if len({upstream.issuer for upstream in self.upstreams}) != len(self.upstreams):
            raise ValueError("two upstreams have the same issuer")
        if self.keys.rsa_key_files is None and any(client.id_algorithm == "RS256" for client in clients):
            raise ValueError("an application wants RS256, for which keys.rsa_token_key_file is needed")
        return self
