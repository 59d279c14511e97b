"""A real browser with an authenticator that its debugging protocol plays, and two origins that serve the same page."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from chassis.clock import FixedClock
from keyvault.app import SERVICE
from local import chromium
from local.errors import NoChromium
from playwright.async_api import CDPSession, Page, async_playwright
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
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


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
class Browser:
    """One tab, and the authenticator that it has."""

    page: Page
    authenticator: CDPSession
    authenticator_id: str
    portal: str
    elsewhere: str
    """Another origin of the same relying party id."""

    async def at(self, origin: str) -> None:
        """Open the page of an origin."""
        await self.page.goto(origin + "/")

    async def call(self, name: str, *arguments: str) -> Any:
        """Call one of the page's functions."""
        return await self.page.evaluate(f"(given) => {name}(...given)", list(arguments))

    async def set_user_verified(self, verified: bool) -> None:
        """Let the authenticator's user be recognised, or not."""
        said = {"authenticatorId": self.authenticator_id, "isUserVerified": verified}
        await self.authenticator.send("WebAuthn.setUserVerified", said)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium with an internal authenticator whose user is there and verified."""
    try:
        program = await asyncio.to_thread(chromium.ensure)
    except NoChromium as missing:
        pytest.skip(str(missing))
    async with AsyncExitStack() as stack:
        portal, elsewhere = [await stack.enter_async_context(page_served()) for _ in range(2)]
        playwright = await stack.enter_async_context(async_playwright())
        started = await playwright.chromium.launch(executable_path=str(program), args=chromium.flags())
        stack.push_async_callback(started.close)
        page = await (await started.new_context()).new_page()
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
        yield Browser(page, session, added["authenticatorId"], portal, elsewhere)


@pytest.fixture
async def keyvault(browser: Browser, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[Host]:
    """Run a keyvault whose deployment has the page's origin as its portal."""
    clock = FixedClock(START)
    async with Issuer(clock).serving() as issuer:
        world = World(issuer, clock, FileStore(), portal=Portal(origin=browser.portal, rp_id="localhost"))
        async with running(world, SERVICE, cluster, tmp_path) as host:
            yield host
