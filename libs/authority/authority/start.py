"""What an authority puts into its state at start."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis.app import App
from chassis.clock import Clock
from chassis.config import ConfigError, read_secret
from chassis.database import Database
from chassis.once import Once
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment
from protocol.names import AuthorityName
from windows import Deployed, started

from authority.config import AuthorityConfig, KeysConfig
from authority.evidence_context import EvidenceContext
from authority.extras import Extras, NoExtras
from authority.keys import RemoteKeys, TokenKeys, http_client


@dataclass(frozen=True)
class Authority:
    """One authority: its keys, and what it needs to judge a member's call."""

    host: AuthorityName
    origin: str
    deployment: Deployment
    keys: AuthorityKeys
    token_keys: TokenKeys
    evidence: EvidenceContext
    extras: Extras
    db: Database
    clock: Clock
    once: Once
    """Remembers members' proofs."""
    releases_per_day: int
    session_seconds: int

    @property
    def issuer(self) -> str:
        """The gateway's origin, which issues access tokens."""
        return self.deployment.origins["gateway"]

    @property
    def keyvault_key(self) -> bytes:
        """The keyvault's pinned signing key."""
        return self.deployment.authorities["keyvault"].signing


@asynccontextmanager
async def start(
    app: App[AuthorityConfig], *, extras: Extras | None = None, token_keys: TokenKeys | None = None
) -> AsyncIterator[Mapping[str, object]]:
    """Yield ``authority`` and what `windows.started` returns, for the state.

    Without ``token_keys`` the gateway's keys are fetched from its ``/jwks``. Raises ConfigError when the secrets are not those
    of the keys that the deployment description pins.
    """
    state = started(app)
    deployed, once = state["deployed"], state["once"]
    assert isinstance(deployed, Deployed)
    assert isinstance(once, Once)
    deployment, config = deployed.deployment, app.config
    keys = load_keys(config.host, config.keys)
    if keys.public() != deployment.authorities[config.host]:
        raise ConfigError(f"key `keys`: these are not the keys that {config.deployment_file} pins for {config.host}")
    async with http_client() as client:
        authority = Authority(
            config.host,
            deployed.origin,
            deployment,
            keys,
            token_keys or RemoteKeys(client, app.clock, deployment.origins["gateway"] + "/jwks"),
            EvidenceContext(deployment, app.clock, keys.oidc_key, client),
            extras or NoExtras(),
            app.db,
            app.clock,
            once,
            config.releases_per_day,
            config.session_seconds,
        )
        yield {**state, "authority": authority}


def load_keys(host: AuthorityName, config: KeysConfig) -> AuthorityKeys:
    """Read the two secrets; raises ConfigError."""
    secrets = [read_secret(file) for file in (config.root_file, config.signing_file)]
    for secret, file in zip(secrets, (config.root_file, config.signing_file), strict=True):
        if len(secret) != 32:
            raise ConfigError(f"{file}: should hold 32 bytes")
    return AuthorityKeys(host, secrets[0], secrets[1])
