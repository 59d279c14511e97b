"""The client itself: its public surface, its choice of provider, its manners on the wire."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import warifu
from protocol.code import Code
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.model.world import World
from warifu._wire import http_client, refusal

PUBLIC = [
    "AddedWay",
    "Archive",
    "Assertion",
    "Authenticator",
    "Card",
    "CheckupView",
    "Claim",
    "ClaimLine",
    "Client",
    "CodeWay",
    "Credential",
    "DaySteps",
    "Deployment",
    "Diagnosis",
    "EvidenceRefused",
    "FormerCheckup",
    "FormerClaim",
    "GivenView",
    "Group",
    "GuidanceReport",
    "GuidanceResult",
    "HostRefused",
    "HostUnavailable",
    "HouseholdView",
    "InputRefused",
    "Installation",
    "Institution",
    "KeyMaterialRefused",
    "Line",
    "LogoffIncomplete",
    "Measurement",
    "Medicine",
    "MemberSession",
    "Note",
    "Opening",
    "OpeningsReport",
    "Ordered",
    "Passkey",
    "Received",
    "Saving",
    "SessionEnded",
    "SignInFailed",
    "Statement",
    "StatementRow",
    "WarifuError",
    "Way",
    "WayIn",
    "checked",
    "export",
    "health_connect",
    "health_kit",
    "samples",
    "step_days",
    "units",
    "user_agents",
]


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b'{"type":"a","type":"b"}', b'["type"]', b"\xff", b'{"type":"<b>"}'])
def test_an_unreadable_refusal_has_no_type(content: bytes) -> None:
    """A refusal that is no problem document, or one that two readers could read differently, is refused as unknown."""
    error = refusal("gateway", httpx.Response(403, content=content))

    assert str(error) == "gateway refused: unknown (403)"


def test_the_public_surface_is_pinned() -> None:
    """What the package offers changes on purpose only."""
    assert sorted(warifu.__all__) == PUBLIC


def test_every_error_is_a_warifu_error() -> None:
    """One except clause catches everything that is raised on purpose."""
    errors = [getattr(warifu, name) for name in PUBLIC if isinstance(getattr(warifu, name), type)]

    assert [kind.__name__ for kind in errors if issubclass(kind, Exception) and not issubclass(kind, warifu.WarifuError)] == []


async def test_a_provider_must_be_known(world: World) -> None:
    """A group issuer that the deployment does not list is refused before anything is sent."""
    async with world.http() as http, warifu.Client(world.deployment, http=http) as client:
        with pytest.raises(warifu.SignInFailed):
            await client.sign_in(warifu.Group(WalkingAgent(http), "http://localhost:1"))

    assert world.faults.log == []


async def test_a_client_is_opened_first(world: World) -> None:
    """One that is not open, or open no more, signs nobody in."""
    client = warifu.Client(world.deployment)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="inside `async with`"):
            await client.sign_in(warifu.CodeWay(Code(bytes(16))))
        async with client:
            pass


async def test_slow_people_get_fresh_evidence(world: World) -> None:
    """When the sign-in at the gateway took minutes, the evidence is fetched anew before it is shown to anybody."""

    class SlowAgent(WalkingAgent):
        async def visit(self, url: str) -> object:  # type: ignore[override]
            world.clock.now += 100
            return await super().visit(url)

    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        session = await client.sign_in(warifu.Group(SlowAgent(http)))  # type: ignore[arg-type]

        assert (session.ended, world.faults.log.count("provider POST /token")) == (False, 2)


async def test_cookies_of_one_host_never_reach_another() -> None:
    """The client keeps no cookie: ports do not separate them."""
    seen: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: who=me; Path=/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(2)]
    async with http_client() as http:
        for server in servers * 2:
            await http.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    for server in servers:
        server.close()
        await server.wait_closed()

    assert ["cookie:" in request for request in seen] == [False] * 4


async def test_the_loopback_agent_returns_what_came_back() -> None:
    """The browser's first visit to the redirect URI ends the wait and shows a page without script; other requests are refused."""
    answers: list[httpx.Response] = []
    came = "/callback?code=c&state=s&iss=i"

    def browser(_url: str) -> None:
        with httpx.Client(base_url=agent.redirect_uri.removesuffix("/callback")) as http:
            answers.extend((http.get("/favicon.ico"), http.post(came), http.get(came + "&state=t")))
            answers.extend((http.get(came), http.get("/callback?error=late")))

    async with warifu.user_agents.Loopback(browser) as agent:
        returned = await agent.visit("http://localhost:8100/auth")
    page = answers[3].text

    assert dict(returned) == {"code": "c", "state": "s", "iss": "i"}
    assert [answer.status_code for answer in answers] == [404, 405, 400, 200, 409]
    assert ("閉じて" in page, "You may close" in page, "<script" in page) == (True, True, False)


async def test_the_loopback_agent_gives_up() -> None:
    """When nobody comes back the sign-in fails."""
    async with warifu.user_agents.Loopback(lambda _url: None, person_seconds=0.05) as agent:
        with pytest.raises(warifu.SignInFailed) as caught:
            await agent.visit("http://localhost:8100/auth")

    assert str(caught.value) == "nobody came back from the sign-in page"


def test_a_machine_without_a_browser(tmp_path: Path) -> None:
    """It is said that none could be opened, and nobody waits for a person who saw no page."""
    script = "from warifu.user_agents import open_browser; open_browser('http://localhost:8100/auth')"
    bare = {"PATH": str(tmp_path), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    ran = subprocess.run([sys.executable, "-c", script], env=bare, check=False, capture_output=True, text=True)

    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (1, "warifu.errors.SignInFailed: no browser could be opened")


async def test_closing_the_client_logs_off(world: World) -> None:
    """A session that was left open ends with its client."""
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        session = await client.sign_in(warifu.Group(WalkingAgent(http)))

    assert (session.ended, len(world.authorities["keyvault"].ended)) == (True, 1)
