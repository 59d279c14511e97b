"""What the gateway puts into its state at start."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
from authority import Authority
from authority import start as start_authority
from authority.keys import http_client
from chassis.app import App
from chassis.clock import Clock
from chassis.config import ConfigError, read_secret_text
from chassis.guarded_http import GuardedHttp
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment
from starlette.datastructures import State

from gateway import credentials
from gateway.audit import audit
from gateway.config import GatewayConfig, UpstreamConfig
from gateway.context import Gateway, callback_path
from gateway.networks import Networks
from gateway.pairwise import Pairwise
from gateway.staff_desk import CALLBACK, StaffDesk
from gateway.synthetic import SyntheticPerson
from gateway.token_keys import TokenKeys
from gateway.tokens import TokenKey
from gateway.upstream import GroupIds, Providers, RelyingParty
from gateway.upstream.exchange import provider_client
from gateway.upstream.provider import Provider
from gateway.use_cases import staff_end, staff_token
from gateway.use_cases.deliver import deliver_due
from gateway.use_cases.enrol import GatewayExtras
from gateway.use_cases.purge import purge


@asynccontextmanager
async def start(app: App[GatewayConfig]) -> AsyncIterator[Mapping[str, object]]:
    """Yield ``gateway``, ``staff_desk``, ``networks`` and what every authority has, for the state."""
    token_keys = TokenKeys(app.config.keys.token_key_files, app.clock.timestamp())
    extras = GatewayExtras()
    async with (
        start_authority(app, extras=extras, token_keys=token_keys) as started,
        provider_client() as at_providers,
        AsyncExitStack() as stack,
    ):
        known = started["authority"]
        assert isinstance(known, Authority)
        http = await stack.enter_async_context(http_client(known.deployment, app.config.tls))
        extras.gateway = assemble(app.config, known.deployment, known.keys, token_keys, Outgoing(http, at_providers), app.clock)
        desk = _desk(app, known, at_providers)
        yield {**started, "gateway": extras.gateway, "networks": Networks(app.clock), "staff_desk": desk}


@dataclass(frozen=True)
class Outgoing:
    """The clients with which this host asks others."""

    hosts: httpx.AsyncClient
    providers: httpx.AsyncClient


def assemble(
    config: GatewayConfig,
    deployment: Deployment,
    keys: AuthorityKeys,
    token_keys: TokenKeys[TokenKey],
    outgoing: Outgoing,
    clock: Clock,
) -> Gateway:
    """Put together what the gateway knows of itself; raises ConfigError."""
    person, rsa_files = config.synthetic_person, config.keys.rsa_key_files
    return Gateway(
        deployment=deployment,
        clients={client.client_id: client for client in config.clients},
        credentials={client.client_id: credentials.read(client) for client in config.clients},
        token_keys=token_keys,
        rsa_keys=None if rsa_files is None else TokenKeys(rsa_files, clock.timestamp()),
        pairwise=Pairwise(keys),
        group_ids=GroupIds(keys),
        verifier_key=keys.verifier_key,
        providers=Providers([_party(config, each, deployment, outgoing.providers, clock) for each in config.upstreams]),
        http=outgoing.hosts,
        guarded_http=GuardedHttp(outgoing.hosts, config.logout.allowed_networks),
        session_lifetime=timedelta(seconds=config.session_seconds),
        idle_lifetime=timedelta(seconds=config.idle_seconds),
        synthetic=None if person is None else SyntheticPerson.read(person.reference, person.claims_file),
    )


def _party(
    config: GatewayConfig, upstream: UpstreamConfig, deployment: Deployment, http: httpx.AsyncClient, clock: Clock
) -> RelyingParty:
    """Return the client at one provider; never the one for evidence: its tokens would then be evidence that the gateway holds."""
    idp = next((idp for idp in deployment.group_idps if idp.issuer == upstream.issuer), None)
    if idp is None:
        raise ConfigError(f"key `upstreams.issuer`: {config.deployment_file} names no such provider")
    if idp.evidence_client == upstream.client_id:
        raise ConfigError("key `upstreams.client_id`: is the client for evidence; the gateway needs one of its own")
    return RelyingParty(
        idp=idp,
        provider=Provider(idp.issuer, http, clock),
        http=http,
        client_id=upstream.client_id,
        client_secret=read_secret_text(upstream.client_secret_file),
        redirect_uri=deployment.origins["gateway"] + callback_path(idp.name),
        clock=clock,
        scopes=upstream.scopes,
        userinfo=upstream.userinfo,
    )


def _desk(app: App[GatewayConfig], authority: Authority, http: httpx.AsyncClient) -> StaffDesk | None:
    """Return where staff signs in, with a redirect URI at the provider that no sign-in of a member has."""
    staff = app.config.staff
    if staff is None:
        return None
    party = _party(app.config, staff.provider, authority.deployment, http, app.clock)
    clients = {client.client_id: client for client in staff.clients}
    party = replace(party, redirect_uri=authority.origin + CALLBACK)
    return StaffDesk(authority, clients, party, staff.rules, timedelta(seconds=staff.idle_seconds))


async def deliver(state: State) -> None:
    """Work of the outbox: tell keyvault, identity and applications of the sessions that ended, and stores of staff's."""
    await asyncio.gather(
        deliver_due(state.db, state.gateway, state.clock), staff_end.tell(state.db, state.staff_desk, state.gateway, state.clock)
    )


async def forget(state: State) -> None:
    """Work of every minute: end the sessions that are over, forget codes that nobody redeemed."""
    await purge(state.db, state.gateway, state.clock.now())
    await staff_token.purge(state.db, state.clock.now())


async def reread_token_keys(state: State) -> None:
    """Work of every half minute: sign with the key that is in use, publish the next one, publish no longer what is long over."""
    for ring in (state.gateway.token_keys, state.gateway.rsa_keys):
        if ring is not None and ring.reread(state.clock.timestamp()):
            audit("token_keys_changed")
