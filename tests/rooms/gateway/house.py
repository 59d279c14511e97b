"""The gateway on a real database, with a real little provider of the group and two real little hosts that hear of logouts."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
from chassis.app import create_app
from chassis.clock import Clock, FixedClock
from chassis.config import load_config
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI
from gateway.app import SERVICE
from gateway.config import GatewayConfig
from joserfc.jwk import RSAKey
from protocol import proof
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment, GroupIdp, Officer, OfficerList, Portal
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import Manifest, SignedManifest
from protocol.messages.enrolment import Enrol, Enrolment
from protocol.messages.verifiers import EnrolledVerifier, OidcVerifier
from protocol.messages.windows import OpenWindow
from protocol.names import AUTHORITIES, STORES
from protocol.sealing import XWingPrivateKey
from protocol.signing import SigningKey
from rooms.gateway import programs
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from support.postgres import DatabaseUrls
from support.serving import serving
from support.upstream import CLIENT_ID, CLIENT_SECRET, STAFF_CLIENT_ID, Receiver, Upstream, listener, listening, origin_of

CLIENT = "warifu-cli"
STAFF_CLIENT = "warifu-staff-cli"
PORTAL = "http://localhost:8106"
OFFICERS = {"officer-a": SigningKey(bytes(31) + b"a"), "officer-b": SigningKey(bytes(31) + b"b")}


@cache
def keys_of(host: str) -> AuthorityKeys:
    number = next(at for at, name in enumerate(AUTHORITIES) if name == host)
    return AuthorityKeys(AUTHORITIES[number], bytes([1 + number]) * 32, bytes([11 + number]) * 32)


@dataclass(frozen=True)
class Member:
    """A fictional employee."""

    employee: str
    gateway: bytes
    keyvault: bytes
    identity: bytes

    @classmethod
    def new(cls, employee: str) -> "Member":
        return cls(employee, *(secrets.token_bytes(16) for _ in range(3)))


def write_folder(folder: Path, deployment: Deployment, urls: DatabaseUrls, bind: str = "127.0.0.1:0") -> Path:
    """Write what a deployment gives the gateway, and return the configuration file."""
    assert deployment.portal is not None
    folder.mkdir(exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    secret_files = {
        "root": b64u(bytes([1]) * 32),
        "signing": b64u(bytes([11]) * 32),
        "token": pem,
        "rsa-token": _rsa_pem(),
        "client": CLIENT_SECRET,
        "runtime.url": urls.runtime_url,
    }
    for name, text in secret_files.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text)
    programs.write_files(folder)
    (folder / "deployment.json").write_text(deployment.model_dump_json())
    config = folder / "gateway.toml"
    config.write_text(
        f"""
host = "gateway"
bind = "{bind}"
deployment_file = "deployment.json"
cors_origins = ["{deployment.portal.origin}"]
[database]
url_file = "runtime.url"
[keys]
root_file = "root"
signing_file = "signing"
token_key_file = "token"
rsa_token_key_file = "rsa-token"
{"".join(_upstream(idp.issuer) for idp in deployment.group_idps)}
[[clients]]
client_id = "{CLIENT}"
redirect_uris = ["http://127.0.0.1/callback"]
[[clients]]
client_id = "other-app"
redirect_uris = ["https://other.example/callback"]
{programs.CONFIGURATION}
[logout]
allowed_networks = ["127.0.0.1/32"]
{_staff(deployment.group_idps[0].issuer)}
"""
    )
    return config


@cache
def _rsa_pem() -> str:
    return RSAKey.generate_key(2048).as_pem(private=True).decode()


def _upstream(issuer: str) -> str:
    return f'[[upstreams]]\nissuer = "{issuer}"\nclient_id = "{CLIENT_ID}"\nclient_secret_file = "client"\n'


def _staff(issuer: str) -> str:
    rules = [("groups", "g-analysts", "analyst"), ("groups", "g-office", "office"), ("warifu_roles", "manager", "program-manager")]
    return f"""
[staff.provider]
issuer = "{issuer}"
client_id = "{STAFF_CLIENT_ID}"
client_secret_file = "client"
[[staff.clients]]
client_id = "{STAFF_CLIENT}"
redirect_uris = ["http://127.0.0.1/callback"]
""" + "".join(
        f'[[staff.rules]]\nissuer = "{issuer}"\nclaim = "{claim}"\nvalue = "{value}"\nrole = "{role}"\n'
        for claim, value, role in rules
    )


def deployment_of(gateway: str, keyvault: str, identity: str, *idps: GroupIdp, portal: str = PORTAL) -> Deployment:
    return Deployment(
        insurer="99999999",
        origins={
            "gateway": gateway,
            "keyvault": keyvault,
            "identity": identity,
            "anon-data": "http://localhost:8104",
            "programs": "http://localhost:8105",
        },
        authorities={host: keys_of(host).public() for host in AUTHORITIES},
        group_idps=idps,
        officers=OfficerList(number=1, officers=tuple(Officer(id=name, key=key.public_bytes) for name, key in OFFICERS.items())),
        insurer_key=XWingPrivateKey(bytes(32)).public_bytes,
        portal=Portal(origin=portal, rp_id="localhost"),
        staff_portal=Portal(origin="http://staff.localhost:8107", rp_id="staff.localhost"),
    )


def idp_at(issuer: str, **facts: Any) -> GroupIdp:
    """Return a provider as the deployment describes it."""
    return GroupIdp(**{"issuer": issuer, "evidence_client": "evidence", "subject_claim": "employee_number", **facts})


@dataclass
class House:
    """Everything around one gateway, and the gateway."""

    app: FastAPI
    client: httpx.AsyncClient
    clock: Clock
    deployment: Deployment
    upstream: Upstream
    receivers: dict[str, Receiver]
    urls: DatabaseUrls
    member: Member
    stores: dict[str, Receiver] = field(default_factory=dict)
    """Who hears of the ends of staff's sign-ins."""

    @property
    def fixed(self) -> FixedClock:
        assert isinstance(self.clock, FixedClock)
        return self.clock

    def origin(self, host: str) -> str:
        return {**self.deployment.origins}[host]  # type: ignore[index]  # any of the five

    async def enrol(
        self, *members: Member, issuer: str | None = None, told: bool = True, verifiers: Sequence[EnrolledVerifier] = ()
    ) -> httpx.Response:
        """Open a window and enrol members in it, by their work ids unless other verifiers are given."""
        request_key, now = generate_p256(), self.clock.timestamp()
        manifest = Manifest(
            id=secrets.token_bytes(16),
            zone="named",
            purpose="enrol",
            request_jkt=thumbprint(request_key),
            hpke=XWingPrivateKey(bytes(32)).public_bytes,
            origins=tuple(self.deployment.sorted_origins),
            quotas={"enrol": 100},
            officer_list=1,
            not_before=now - 10,
            expires=now + 600,
        )
        signed = SignedManifest.draft(manifest)
        for name, key in OFFICERS.items():
            signed = signed.signed_by(name, key)
        opened = await self.client.post(
            "/windows", content=OpenWindow(manifest=signed.raw, signatures=signed.signatures).model_dump_json(), headers=_JSON
        )
        assert opened.status_code == 201, opened.text
        rows = tuple(
            Enrolment(
                ref=member.gateway,
                verifiers=tuple(verifiers) or (self.work_id(member, issuer),),
                pairwise={"keyvault": member.keyvault, "identity": member.identity} if told else None,
            )
            for member in sorted(members, key=lambda member: member.gateway)
        )
        body = Enrol(rows=rows).model_dump_json().encode()
        made = proof.make(request_key, "POST", self.origin("gateway") + "/enrolments", manifest.id, body, now)
        return await self.client.post("/enrolments", content=body, headers={**_JSON, "Warifu-Proof": made})

    def work_id(self, member: Member, issuer: str | None = None, **facts: Any) -> OidcVerifier:
        """Return a work id at the group's provider as a verifier."""
        return OidcVerifier(id=secrets.token_bytes(16), issuer=issuer or self.upstream.origin, value=member.employee, **facts)

    async def sql(self, text: str, *args: object) -> list[asyncpg.Record]:
        """Look into the database as its superuser."""
        connection = await asyncpg.connect(self.urls.superuser_url)
        try:
            return await connection.fetch(text, *args)
        finally:
            await connection.close()

    async def eventually(self, text: str, value: object) -> object:
        """Return the first column of a query, as soon as it is ``value`` or after three seconds."""
        for _ in range(60):
            if (got := (await self.sql(text))[0][0]) == value:
                break
            await asyncio.sleep(0.05)
        return got


_JSON = {"Content-Type": "application/json"}


class Door:
    """An address that stays, whoever lives behind it: starting and stopping a server for each test would take most of the time."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.app: ASGIApp = Response(status_code=503)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@asynccontextmanager
async def doors() -> AsyncIterator[dict[str, Door]]:
    """Listen at the addresses of the provider, of a second one, and of the other hosts."""
    async with AsyncExitStack() as stack:
        found = {}
        for name in ("upstream", "sister", "keyvault", "identity", *STORES):
            bound = listener()
            found[name] = Door(origin_of(bound))
            await stack.enter_async_context(listening(found[name], bound))
        yield found


@asynccontextmanager
async def house_in(
    folder: Path,
    urls: DatabaseUrls,
    neighbours: dict[str, Door],
    *idps: GroupIdp,
    gateway: str = "http://localhost:8101",
    clock: Clock | None = None,
) -> AsyncIterator[House]:
    """Start a house on a migrated database without members. Its clock stands still, or is the given one.

    Without ``idps`` the neighbour is the only provider.
    """
    clock = clock or FixedClock(datetime.now(UTC).replace(microsecond=0))
    origins = {name: door.origin for name, door in neighbours.items()}
    upstream = Upstream(origins["upstream"], clock)
    receivers, stores = ({name: Receiver() for name in names} for names in (("keyvault", "identity"), STORES))
    neighbours["upstream"].app = upstream.app
    for name, receiver in (receivers | stores).items():
        neighbours[name].app = receiver.app
    deployment = deployment_of(gateway, origins["keyvault"], origins["identity"], *idps or [idp_at(origins["upstream"])])
    deployment = deployment.model_copy(update={"origins": {**deployment.origins, **{name: origins[name] for name in STORES}}})
    config = load_config(write_folder(folder, deployment, urls), GatewayConfig)
    app = create_app(SERVICE, config, clock=clock)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(serving(app))
        member = Member.new("E-0001")
        house = House(app, client, clock, deployment, upstream, receivers, urls, member, stores)
        assert (await house.enrol(member)).status_code == 200
        yield house


def path_of(url: str) -> str:
    """Return path and query of a URL, for a client that has the origin."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
