"""What the gateway puts into its state at start."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from authority import Authority, OwnKeys
from authority import start as start_authority
from authority.keys import http_client
from chassis.app import App
from chassis.config import ConfigError, read_secret_text
from joserfc.jwk import ECKey, KeySet
from protocol.deployment import Deployment
from starlette.datastructures import State

from gateway.config import GatewayConfig
from gateway.context import Gateway
from gateway.networks import Networks
from gateway.pairwise import Pairwise
from gateway.tokens import TokenKey
from gateway.upstream import RelyingParty
from gateway.upstream.provider import Provider
from gateway.use_cases.deliver import deliver_due
from gateway.use_cases.enrol import GatewayExtras
from gateway.use_cases.purge import purge


@asynccontextmanager
async def start(app: App[GatewayConfig]) -> AsyncIterator[Mapping[str, object]]:
    """Yield ``gateway``, ``networks`` and what every authority has, for the state."""
    token_key = TokenKey.read(app.config.keys.token_key_file)
    own_keys = OwnKeys(KeySet([ECKey.import_key({**token_key.public_jwk()})]))
    extras = GatewayExtras()
    async with start_authority(app, extras=extras, token_keys=own_keys) as started, http_client() as http:
        known = started["authority"]
        assert isinstance(known, Authority)
        _check_upstream(app.config, known.deployment)
        upstream = app.config.upstream
        extras.gateway = Gateway(
            deployment=known.deployment,
            clients={client.client_id: client for client in app.config.clients},
            token_key=token_key,
            pairwise=Pairwise(known.keys),
            verifier_key=known.keys.verifier_key,
            relying_party=RelyingParty(
                provider=Provider(upstream.issuer, http, app.clock),
                client_id=upstream.client_id,
                client_secret=read_secret_text(upstream.client_secret_file),
                redirect_uri=known.origin + "/upstream/callback",
                subject_claim=upstream.subject_claim,
                algorithms=upstream.algorithms,
                clock=app.clock,
            ),
            http=http,
            session_lifetime=timedelta(seconds=app.config.session_seconds),
            idle_lifetime=timedelta(seconds=app.config.idle_seconds),
        )
        yield {**started, "gateway": extras.gateway, "networks": Networks(app.clock)}


def _check_upstream(config: GatewayConfig, deployment: Deployment) -> None:
    """Refuse to sign in with the client that is for evidence: its tokens would then be evidence that the gateway holds."""
    idp = next((idp for idp in deployment.group_idps if idp.issuer == config.upstream.issuer), None)
    if idp is None:
        raise ConfigError(f"key `upstream.issuer`: {config.deployment_file} names no such provider")
    if idp.evidence_client == config.upstream.client_id:
        raise ConfigError("key `upstream.client_id`: is the client for evidence; the gateway needs one of its own")
    if idp.subject_claim != config.upstream.subject_claim:
        raise ConfigError(f"key `upstream.subject_claim`: {config.deployment_file} names another for this provider")


async def deliver(state: State) -> None:
    """Work of the outbox: tell keyvault and identity of the sessions that ended."""
    await deliver_due(state.db, state.gateway, state.clock)


async def forget(state: State) -> None:
    """Work of every minute: end the sessions that are over, forget codes that nobody redeemed."""
    await purge(state.db, state.gateway, state.clock.now())
