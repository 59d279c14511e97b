"""A real browser with an authenticator that its debugging protocol plays, and two origins that serve the same page."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browser.camera import Camera
from browser.portal import Street
from browser.portal import street as open_street
from browser.tabs import Tab, started, tab
from browser.visitor import PHONE, Visitor
from chassis.clock import FixedClock
from keyvault.app import SERVICE
from playwright.async_api import Browser
from protocol.deployment import Portal
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from support.authorities import START, Host, World, running
from support.issuer import Issuer
from support.key_stores import FileStore
from support.postgres import ThrowawayCluster

_PAGE = Path(__file__).parent / "page"


class _Strict:
    """Serves the page as a portal's are: no script but the origin's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", b"default-src 'none'; script-src 'self'")]
            await send(message)

        await self._app(scope, receive, strict)


@asynccontextmanager
async def page_served() -> AsyncIterator[str]:
    """Serve the page on a port of its own and yield its origin: ``localhost``, since an address is no relying party id."""
    app = Starlette(middleware=[Middleware(_Strict)])
    app.mount("/", StaticFiles(directory=_PAGE, html=True))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://localhost:{listener.getsockname()[1]}"
        server.should_exit = True
        await task


@dataclass
class Maker(Tab):
    """A tab at a page that makes passkeys."""

    portal: str
    elsewhere: str
    """Another origin of the same relying party id."""

    async def at(self, origin: str) -> None:
        """Open the page of an origin."""
        await self.page.goto(origin + "/")

    async def call(self, name: str, *arguments: str) -> Any:
        """Call one of the page's functions."""
        return await self.page.evaluate(f"(given) => {name}(...given)", list(arguments))


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """Have a camera before which nothing is held yet."""
    return Camera(tmp_path_factory.mktemp("camera") / "seen.y4m")


@pytest.fixture(scope="session")
async def chromium(camera: Camera) -> AsyncIterator[Browser]:
    """Start Chromium for the run, with a camera that everybody may use."""
    pictures = f"--use-file-for-fake-video-capture={camera.path}"
    async with started(("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", pictures)) as browser:
        yield browser


@pytest.fixture
async def browser(chromium: Browser) -> AsyncIterator[Maker]:
    """Open a tab of Chromium, and serve the page at two origins."""
    async with page_served() as portal, page_served() as elsewhere, tab(chromium) as opened:
        yield Maker(opened.page, opened.authenticator, opened.authenticator_id, portal, elsewhere)


@pytest.fixture(scope="session")
async def street(cluster: ThrowawayCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """Run the portal, a gateway and an application for all its tests."""
    async with open_street(cluster, tmp_path_factory.mktemp("street")) as opened:
        yield opened


@pytest.fixture
async def keyvault(browser: Maker, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[Host]:
    """Run a keyvault whose deployment has the page's origin as its portal."""
    clock = FixedClock(START)
    async with Issuer(clock).serving() as issuer:
        world = World(issuer, clock, FileStore(), portal=Portal(origin=browser.portal, rp_id="localhost"))
        async with running(world, SERVICE, cluster, tmp_path) as host:
            yield host


@pytest.fixture
async def visitor(chromium: Browser, street: Street) -> AsyncIterator[Visitor]:
    async with tab(chromium, **PHONE) as opened:
        visitor = Visitor(opened, street)
        yield visitor
        assert visitor.errors == []
