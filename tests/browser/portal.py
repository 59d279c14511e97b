"""The portal's pages as its own server serves them, a gateway beside them, and an application that a member wants to use."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from chassis.app import create_app
from chassis.clock import SystemClock
from chassis.config import load_config
from gateway.app import SERVICE
from gateway.config import GatewayConfig
from local.node import node
from local.node_packages import portal as portal_built
from protocol.code import Code
from protocol.encoding import b64u, sha256
from protocol.jose import thumbprint
from protocol.messages.release import CodeEvidence, Release
from protocol.messages.verifiers import (
    LABEL_BYTES,
    Addition,
    AuthorisedChange,
    CardVerifier,
    ConfirmVerifier,
    LetterVerifier,
    PasskeyVerifier,
    change_body,
    stored_message,
)
from protocol.names import AUTHORITIES, AuthorityName
from protocol.sealing import XWingPrivateKey
from protocol.statement import RELEASE, Statement
from rooms.gateway.application import Application
from rooms.gateway.house import CLIENT, House, Member, deployment_of, idp_at, keys_of, write_folder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from support.postgres import ThrowawayCluster
from support.upstream import Upstream, listener, listening, origin_of

ROOM = Path(__file__).parents[2] / "clients" / "portal"
SERVER = ROOM / "server" / "serve.mjs"
_SESSION_KEY = XWingPrivateKey(bytes(31) + b"p")


@dataclass
class Street:
    """A gateway, the portal and one application, each at its own origin."""

    house: House
    portal: str
    application: str
    arrived: list[dict[str, str]]
    """What the application was told, in order."""

    @property
    def gateway(self) -> str:
        return self.house.origin("gateway")

    async def begin(self) -> tuple[Application, str]:
        """Return an application that pushed its request, and where it sends the browser."""
        application = Application(self.house)
        pushed = await application.push(redirect_uri=self.application)
        query = urlencode({"client_id": CLIENT, "request_uri": pushed.json()["request_uri"]})
        return application, f"{self.gateway}/local-sign-in?{query}"

    async def by_letter(self) -> Code:
        """Enrol a retiree, who is sent a letter."""
        code = Code.fresh()
        keys, expires = code.keys("gateway"), self.house.clock.timestamp() + 86_400
        verifier = LetterVerifier(id=os.urandom(16), handle=keys.handle, public_key=keys.public_bytes, expires=expires)
        assert (await self.house.enrol(Member.new(""), verifiers=[verifier])).status_code == 200
        return code

    async def by_card(self, pin: str) -> Code:
        """Enrol a retiree, who adds a card."""
        code = Code.fresh()
        keys = code.keys("gateway", pin)
        await self._add(CardVerifier(handle=keys.handle, public_key=keys.public_bytes))
        return code

    async def by_passkey(self, credential_id: bytes, public_key: bytes) -> None:
        """Enrol a retiree, who adds a passkey."""
        await self._add(PasskeyVerifier(credential_id=credential_id, public_key=public_key))

    async def _add(self, verifier: CardVerifier | PasskeyVerifier) -> None:
        device = _Device(self.house, await self.by_letter())
        await device.sign_in()
        await device.add(Addition(id=os.urandom(16), verifier=verifier, label=bytes(LABEL_BYTES)))


@dataclass
class _Device:
    """A member's device, at the gateway alone."""

    house: House
    letter: Code
    token: str = ""

    def __post_init__(self) -> None:
        self._application = Application(self.house)

    def _proved(self, purpose: str, body: bytes | None = None) -> tuple[Statement, CodeEvidence]:
        said = Statement.make(
            purpose,
            self.house.deployment.sorted_origins,
            self.house.clock.timestamp(),
            thumbprint(self._application.key),
            _SESSION_KEY.public_bytes,
            body,
        )
        keys = self.letter.keys("gateway")
        return said, CodeEvidence(handle=keys.handle, signature=keys.sign(said.h))

    async def sign_in(self) -> None:
        said, evidence = self._proved(RELEASE)
        pushed = await self._application.push(statement=b64u(said.raw), evidence=b64u(evidence.model_dump_json().encode()))
        back = await self._application.authorize(pushed.json()["request_uri"])
        code = dict(parse_qsl(urlsplit(back.headers["location"]).query))["code"]
        self.token = (await self._application.redeem(code)).json()["access_token"]
        await self._post("/release", Release(statement=said.raw, evidence=evidence, hpke=_SESSION_KEY.public_bytes))

    async def add(self, wanted: Addition) -> None:
        raw = wanted.model_dump_json(exclude_none=True).encode()
        others: dict[AuthorityName, bytes] = {host: os.urandom(32) for host in AUTHORITIES if host != "gateway"}
        said, evidence = self._proved(wanted.action, change_body({**others, "gateway": sha256(raw)}))
        await self._post("/verifiers/changes", AuthorisedChange(statement=said.raw, evidence=evidence, change=raw, others=others))
        message = {host: stored_message(host, thumbprint(self._application.key), wanted.id) for host in AUTHORITIES}
        receipts = {host: keys_of(host).signing.sign(message[host]) for host in AUTHORITIES}
        await self._post(f"/verifiers/{b64u(wanted.id)}/confirmation", ConfirmVerifier(receipts=receipts))

    async def _post(self, path: str, body: Release | AuthorisedChange | ConfirmVerifier) -> None:
        headers = {
            "Authorization": f"DPoP {self.token}",
            "DPoP": self._application.proof(path, token=self.token),
            "Content-Type": "application/json",
        }
        answer = await self.house.client.post(path, content=body.model_dump_json(), headers=headers)
        assert answer.is_success, answer.text


@asynccontextmanager
async def street(cluster: ThrowawayCluster, folder: Path) -> AsyncIterator[Street]:
    """Run all three, on the machine's clock: the browser has no other."""
    clock = SystemClock()
    doors = [listener() for _ in range(2)]
    gateway, portal = [f"http://localhost:{door.getsockname()[1]}" for door in doors]
    issuer = "http://localhost:9"
    deployment = deployment_of(gateway, "http://localhost:8102", "http://localhost:8103", idp_at(issuer), portal=portal)
    urls = cluster.database_of(SERVICE)
    app = create_app(SERVICE, load_config(write_folder(folder / "gateway", deployment, urls), GatewayConfig))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        await stack.enter_async_context(listening(app, doors[0]))
        redirect_uri, arrived = await stack.enter_async_context(application())
        doors[1].close()
        await stack.enter_async_context(portal_served(folder / "gateway" / "deployment.json", portal))
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=gateway))
        house = House(app, client, clock, deployment, Upstream(issuer, clock), {}, urls, Member.new(""))
        yield Street(house, portal, redirect_uri, arrived)
    cluster.drop_database(urls)


@asynccontextmanager
async def application() -> AsyncIterator[tuple[str, list[dict[str, str]]]]:
    """Be where an application is told who signed in; yield the address, and what it was told, in order."""
    arrived: list[dict[str, str]] = []

    async def callback(request: Request) -> PlainTextResponse:
        arrived.append(dict(request.query_params))
        return PlainTextResponse("back at the application")

    door = listener()
    async with listening(Starlette(routes=[Route("/callback", callback)]), door):
        yield f"{origin_of(door)}/callback", arrived


@asynccontextmanager
async def portal_served(deployment: Path, origin: str) -> AsyncIterator[None]:
    """Run the portal's own server."""
    await asyncio.to_thread(portal_built)
    process = subprocess.Popen([node(), SERVER, deployment])  # noqa: ASYNC220  # it only starts
    try:
        async with httpx.AsyncClient(base_url=origin) as client:
            while not await _answers(client):
                assert process.poll() is None
                await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/sign-in/")).status_code == 200
    except httpx.TransportError:
        return False
