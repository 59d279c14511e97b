"""What an authority puts into its state at start."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from chassis.app import App
from chassis.clock import Clock
from chassis.config import ConfigError
from chassis.database import Database
from chassis.erasures import Ledger
from chassis.once import Once
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment
from protocol.names import AuthorityName
from windows import Deployed, started

from authority.config import AuthorityConfig, FileKeysConfig
from authority.evidence_context import EvidenceContext
from authority.extras import Extras, NoExtras
from authority.key_store import opened
from authority.keys import RemoteKeys, TokenKeys, http_client
from authority.use_cases import log_beginning, log_windows, roots

T = TypeVar("T")


@dataclass(frozen=True)
class Authority:
    """One authority: its keys, and what it needs to judge a member's call."""

    host: AuthorityName
    origin: str
    deployment: Deployment
    keys: AuthorityKeys
    keys_in_memory: bool
    """Whether they compute at once, and not after a way to a token and back."""
    token_keys: TokenKeys
    evidence: EvidenceContext
    extras: Extras
    db: Database
    clock: Clock
    once: Once
    """Remembers members' proofs."""
    ledger: Ledger
    """Remembers whom this host erased, beside the database."""
    releases_per_day: int
    session_seconds: int

    @property
    def issuer(self) -> str:
        """The gateway's origin, which issues access tokens."""
        return self.deployment.origins["gateway"]

    @property
    def keyvault_keys(self) -> tuple[bytes, ...]:
        """The keyvault's pinned signing keys."""
        return self.deployment.authorities["keyvault"].signing_keys

    @property
    def log_number(self) -> int:
        """Which of its release logs is the present one."""
        return self.deployment.log_number(self.host)

    async def with_keys(self, work: Callable[[], T]) -> T:
        """Return the result of work that uses the keys; while a token does it, in a thread, other calls are answered."""
        return work() if self.keys_in_memory else await asyncio.to_thread(work)


@asynccontextmanager
async def start(
    app: App[AuthorityConfig], *, extras: Extras | None = None, token_keys: TokenKeys | None = None
) -> AsyncIterator[Mapping[str, object]]:
    """Yield ``authority`` and what `windows.started` returns, for the state.

    Without ``token_keys`` the gateway's keys are fetched from its ``/jwks``. Raises ConfigError when the keys cannot be used, are
    not those that the deployment description pins, or do not fit the salts.
    """
    state = started(app)
    deployed, once = state["deployed"], state["once"]
    assert isinstance(deployed, Deployed)
    assert isinstance(once, Once)
    deployment, config = deployed.deployment, app.config
    with opened(config.host, config.keys) as keys:
        require_pinned(keys, deployment, config)
        await roots.settle(app.db, keys)
        await log_beginning.settle(app.db, deployment, config.host)
        async with http_client(deployment, config.tls) as client:
            authority = Authority(
                config.host,
                deployed.origin,
                deployment,
                keys,
                isinstance(config.keys, FileKeysConfig),
                token_keys or RemoteKeys(client, app.clock, deployment.origins["gateway"] + "/jwks"),
                EvidenceContext(deployment, app.clock, keys.verifier_key, client, config.code_tries_per_day),
                extras or NoExtras(),
                app.db,
                app.clock,
                once,
                Ledger.of(config),
                config.releases_per_day,
                config.session_seconds,
            )
            yield {**state, "authority": authority, "deployed": replace(deployed, opened=log_windows.opened)}


def require_pinned(keys: AuthorityKeys, deployment: Deployment, config: AuthorityConfig) -> None:
    """Raise ConfigError unless these are the keys that the deployment description pins, or the signing key is its next one."""
    if not deployment.authorities[config.host].pins(keys.public(deployment.search_epochs)):
        raise ConfigError(f"key `keys`: these are not the keys that {config.deployment_file} pins for {config.host}")
