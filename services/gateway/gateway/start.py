"""What the gateway puts into its state at start."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from authority import Authority, OwnKeys
from authority import start as start_authority
from authority.keys import http_client
from chassis.app import App
from chassis.config import ConfigError, read_secret_text
from httpx import AsyncClient
from joserfc.jwk import ECKey, KeySet
from protocol.deployment import Deployment
from starlette.datastructures import State

from gateway.config import GatewayConfig, UpstreamConfig
from gateway.context import Gateway, callback_path
from gateway.networks import Networks
from gateway.pairwise import Pairwise
from gateway.staff_desk import CALLBACK, StaffDesk
from gateway.tokens import TokenKey
from gateway.upstream import Providers, RelyingParty
from gateway.upstream.exchange import provider_client
from gateway.upstream.provider import Provider
from gateway.use_cases import staff_token
from gateway.use_cases.deliver import deliver_due
from gateway.use_cases.enrol import GatewayExtras
from gateway.use_cases.purge import purge


@asynccontextmanager
async def start(app: App[GatewayConfig]) -> AsyncIterator[Mapping[str, object]]:
    """Yield ``gateway``, ``staff_desk``, ``networks`` and what every authority has, for the state."""
    token_key = TokenKey.read(app.config.keys.token_key_file)
    own_keys = OwnKeys(KeySet([ECKey.import_key({**token_key.public_jwk()})]))
    extras = GatewayExtras()
    async with (
        start_authority(app, extras=extras, token_keys=own_keys) as started,
        http_client() as http,
        provider_client() as at_providers,
    ):
        known = started["authority"]
        assert isinstance(known, Authority)
        extras.gateway = Gateway(
            deployment=known.deployment,
            clients={client.client_id: client for client in app.config.clients},
            token_key=token_key,
            pairwise=Pairwise(known.keys),
            verifier_key=known.keys.verifier_key,
            providers=Providers([_party(app, each, known.deployment, at_providers) for each in app.config.upstreams]),
            http=http,
            session_lifetime=timedelta(seconds=app.config.session_seconds),
            idle_lifetime=timedelta(seconds=app.config.idle_seconds),
        )
        desk = _desk(app, known, at_providers)
        yield {**started, "gateway": extras.gateway, "networks": Networks(app.clock), "staff_desk": desk}


def _party(app: App[GatewayConfig], upstream: UpstreamConfig, deployment: Deployment, http: AsyncClient) -> RelyingParty:
    """Return the client at one provider; never the one for evidence: its tokens would then be evidence that the gateway holds."""
    idp = next((idp for idp in deployment.group_idps if idp.issuer == upstream.issuer), None)
    if idp is None:
        raise ConfigError(f"key `upstreams.issuer`: {app.config.deployment_file} names no such provider")
    if idp.evidence_client == upstream.client_id:
        raise ConfigError("key `upstreams.client_id`: is the client for evidence; the gateway needs one of its own")
    return RelyingParty(
        idp=idp,
        provider=Provider(idp.issuer, http, app.clock),
        http=http,
        client_id=upstream.client_id,
        client_secret=read_secret_text(upstream.client_secret_file),
        redirect_uri=deployment.origins["gateway"] + callback_path(idp.name),
        clock=app.clock,
        scopes=upstream.scopes,
        userinfo=upstream.userinfo,
    )


def _desk(app: App[GatewayConfig], authority: Authority, http: AsyncClient) -> StaffDesk | None:
    """Return where staff signs in, with a redirect URI at the provider that no sign-in of a member has."""
    staff = app.config.staff
    if staff is None:
        return None
    party = replace(_party(app, staff.provider, authority.deployment, http), redirect_uri=authority.origin + CALLBACK)
    clients = {client.client_id: client for client in staff.clients}
    return StaffDesk(authority, clients, party, staff.rules, timedelta(seconds=staff.idle_seconds))


async def deliver(state: State) -> None:
    """Work of the outbox: tell keyvault and identity of the sessions that ended."""
    await deliver_due(state.db, state.gateway, state.clock)


async def forget(state: State) -> None:
    """Work of every minute: end the sessions that are over, forget codes that nobody redeemed."""
    await purge(state.db, state.gateway, state.clock.now())
    await staff_token.purge(state.db, state.clock.now())
