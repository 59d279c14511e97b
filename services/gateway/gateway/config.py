"""What the gateway is told besides what every authority is told."""

from pathlib import Path
from typing import Annotated

from authority.config import BY_STORE, AuthorityConfig, FileKeysConfig, Pkcs11KeysConfig
from pydantic import BaseModel, ConfigDict, Field, Tag, model_validator

from gateway.clients import Client


class _TokenKey(BaseModel):
    token_key_file: Path
    """The key that signs tokens: P-256, PKCS #8 PEM, readable by its owner alone."""


class GatewayFileKeysConfig(FileKeysConfig, _TokenKey):
    """The secrets of an authority in files, and the key that signs tokens."""


class GatewayPkcs11KeysConfig(Pkcs11KeysConfig, _TokenKey):
    """The secrets of an authority in a token, and the key that signs tokens, which stays a file."""


GatewayKeysConfig = Annotated[
    Annotated[GatewayFileKeysConfig, Tag("file")] | Annotated[GatewayPkcs11KeysConfig, Tag("pkcs11")], BY_STORE
]


class UpstreamConfig(BaseModel):
    """The corporate group's identity provider and the gateway's own client there, never the one for evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: str
    client_secret_file: Path
    subject_claim: str = "sub"
    """The ID token claim that the registrar knows for each employee."""
    algorithms: tuple[str, ...] = Field(default=("ES256",), min_length=1)
    """Of ID tokens: ES256, RS256 or both."""

    @model_validator(mode="after")
    def _only_signatures(self) -> "UpstreamConfig":
        if not set(self.algorithms) <= {"ES256", "RS256"}:
            raise ValueError("algorithms are ES256 and RS256")
        return self


class GatewayConfig(AuthorityConfig):
    """Configuration of the gateway."""

    keys: GatewayKeysConfig
    upstream: UpstreamConfig
    clients: tuple[Client, ...] = Field(min_length=1)
    idle_seconds: int = Field(default=30 * 60, ge=60, le=8 * 3600)
    """A session that is not refreshed for this long has ended."""

    @model_validator(mode="after")
    def _distinct(self) -> "GatewayConfig":
        if len({client.client_id for client in self.clients}) != len(self.clients):
            raise ValueError("two clients have the same client_id")
        return self
