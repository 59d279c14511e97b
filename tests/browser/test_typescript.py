"""The TypeScript SDK in a real browser: X-Wing, keys that stay inside, sign-in without a page, a window for the group, passkeys."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from browser.tabs import tab
from journeys.office import Office
from local.node_packages import typescript_sdk
from playwright.async_api import Browser, Page
from protocol import passkey
from protocol.deployment import Portal
from protocol.encoding import b64u, unb64u
from protocol.messages.release import PasskeyEvidence
from protocol.names import HOSTS
from rooms.registrar.five_hosts import five_hosts
from rooms.registrar.paperwork import row
from simulation.town import TravellingClock
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from support.postgres import ThrowawayCluster
from support.upstream import listener, listening, origin_of

PAGES = Path(__file__).parent / "typescript"
ISOLATED = {"Cross-Origin-Opener-Policy": "same-origin"}
"""With which a page of the group's cuts the window off from the one that opened it."""


def site(deployment: Path, sdk: Path) -> Starlette:
    """Return what a portal's server serves; the page at which a redirect ends may be read by whoever follows it."""

    async def answered(_: Request) -> Response:
        return PlainTextResponse("", headers={"Access-Control-Allow-Origin": "*"})

    async def told(_: Request) -> Response:
        return FileResponse(deployment)

    async def window(_: Request) -> Response:
        return FileResponse(PAGES / "answered.html")

    return Starlette(
        routes=[
            Route("/callback", answered),
            Route("/answered", window),
            Route("/deployment.json", told),
            Mount("/dist", StaticFiles(directory=sdk / "dist")),
            Mount("/modules", StaticFiles(directory=sdk / "node_modules")),
            Mount("/", StaticFiles(directory=PAGES, html=True)),
        ]
    )


def provider() -> Starlette:
    """Return pages of the group's, which lead back at once."""

    async def authorize(request: Request) -> Response:
        said = {"state": "s", "code": f"code-{request.query_params['step']}"}
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{urlencode(said)}", 303, headers=ISOLATED)

    return Starlette(routes=[Route("/authorize", authorize)])


@pytest.fixture(scope="module")
async def town(cluster: ThrowawayCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Office, str, str]]:
    """Open an office with one member, and serve five hosts, a page and a provider; yield the origins of the latter two."""
    folder, clock = tmp_path_factory.mktemp("town"), TravellingClock()
    sdk = await asyncio.to_thread(typescript_sdk)
    doors = listener(), listener()
    page, group = (origin_of(door) for door in doors)
    async with five_hosts(cluster, folder, clock=clock) as hosts, AsyncExitStack() as stack:
        for host in HOSTS:
            # As the hosts' own setting `cors_origins` does.
            open_to = CORSMiddleware(
                hosts.apps[host], allow_origins=[page], allow_methods=["*"], allow_headers=["*"], expose_headers=["Retry-After"]
            )
            await stack.enter_async_context(listening(open_to, hosts.listeners[host].dup()))
        await stack.enter_async_context(listening(site(folder / "deployment.json", sdk), doors[0]))
        await stack.enter_async_context(listening(provider(), doors[1]))
        office = Office(hosts, clock, folder)
        await office.take_in(row(1, work_id=""))
        yield office, page, group


@pytest.fixture
async def page(chromium: Browser, town: tuple[Office, str, str]) -> AsyncIterator[Page]:
    errors: list[str] = []
    async with tab(chromium) as opened:
        opened.page.on("pageerror", lambda error: errors.append(str(error)))
        await opened.page.goto(town[1] + "/")
        await opened.page.wait_for_function("() => globalThis.sdk")
        yield opened.page
    assert errors == []


async def call(page: Page, name: str, *args: Any) -> Any:
    return await page.evaluate("([name, args]) => sdk[name](...args)", [name, list(args)])


async def test_a_session_and_what_stays(page: Page, town: tuple[Office, str, str]) -> None:
    """First login by letter, reading and writing, log-off; then only a key that no script can read, which appends."""
    office, origin, _ = town
    day = office.today.isoformat()
    name = await call(page, "signIn", await office.letter("101:1:00"))
    await call(page, "call", "putVitals", [{"day": day, "kind": "body-weight", "value": "61.5"}])
    vitals = await call(page, "call", "vitals", day, day)
    extractable = await call(page, "keepInstallation")
    farewell = await call(page, "call", "logOff")
    await page.goto(origin + "/?again")
    await page.wait_for_function("() => globalThis.sdk")
    written = await call(page, "walkInBackground", day, [100, 200, 300])

    assert name == "架空谷 もふ太郎"
    assert [(one["kind"], one["value"]) for one in vitals] == [("body-weight", "61.5")]
    assert (extractable, farewell["unconfirmed"]) == (False, [])
    assert sorted(written) in (["applied"] * 3, ["applied", "applied", "stale"], ["applied", "stale", "stale"])


async def test_a_window_for_the_group(page: Page, town: tuple[Office, str, str]) -> None:
    """Two pages, one after the other in one window, also where the group's policy cuts it off; then it is closed."""
    await page.evaluate("(provider) => { globalThis.provider = provider; }", town[2])
    async with page.context.expect_page() as opening:
        await page.click("#group")
    window = await opening.value
    await page.wait_for_function("() => globalThis.answers")
    if not window.is_closed():
        await window.wait_for_event("close")

    await page.click("#give-up")
    await page.wait_for_function("() => globalThis.failed")

    assert await page.evaluate("() => failed") == "SignInFailed"
    assert await page.evaluate("() => answers") == [{"state": "s", "code": "code-1"}, {"state": "s", "code": "code-2"}]


async def test_passkeys_of_the_platform(page: Page, town: tuple[Office, str, str]) -> None:
    """What the browser makes and signs is what authorities verify."""
    portal = Portal(origin=town[1].replace("127.0.0.1", "localhost"), rp_id="localhost")
    challenge = os.urandom(32)
    await page.goto(portal.origin + "/")
    await page.wait_for_function("() => globalThis.sdk")
    made = [unb64u(one) for one in await call(page, "passkey", "localhost", b64u(challenge))]
    credential, key, used, authenticator_data, client_data, signature = made
    evidence = PasskeyEvidence(
        credential_id=used, authenticator_data=authenticator_data, client_data=client_data, signature=signature
    )
    passkey.check(evidence, challenge, portal, key)

    assert (credential, passkey.is_passkey_key(key)) == (used, True)
