"""One sign-in for the portal and a program of others: real services, a real program, one browser."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import warifu
from browser.tabs import started, tab
from journeys.test_member import count
from local import population, programs
from local.group import DEMO_PASSPHRASE
from local.person import Person
from local.system import System
from playwright.async_api import expect
from protocol.deployment import Deployment


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30, headers={"Accept-Language": "ja"}) as opened:
        yield opened


async def page(system: System, browser: httpx.AsyncClient, path: str = "/", method: str = "GET") -> str:
    """Go to the program with the browser, wherever that leads, and return what it shows."""
    url = programs.example_origin(system.layout) + path
    return (await browser.request(method, url, follow_redirects=True)).text


async def open_sessions(system: System) -> list[int]:
    """Sessions at the gateway, and those that keyvault and identity would still answer."""
    return [
        await count(system, "gateway", "SELECT count(*) FROM sign_in"),
        await count(system, "keyvault", "SELECT count(*) FROM release_session WHERE NOT ended"),
        await count(system, "identity", "SELECT count(*) FROM release_session WHERE NOT ended"),
    ]


async def seconds_until_all_ended(system: System, browser: httpx.AsyncClient, before: list[int], began: float) -> float:
    """Return when program, keyvault and identity have forgotten the member, seen from when it began."""
    while "signed-out" not in await page(system, browser) or await open_sessions(system) != before:
        assert time.monotonic() - began < 30, "the session does not end everywhere"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_an_employee_signs_in_with_a_real_browser(system: System) -> None:
    """From the program to the company's own page, back, in again unasked in a second window, and out by the program's button."""
    url = programs.example_origin(system.layout) + "/"
    async with started() as browser, tab(browser, locale="en") as opened:
        page = opened.page
        await page.goto(url)
        await page.click("a")
        await page.get_by_text("Work account").click()
        await page.fill("input[name=work_id]", population.work_ids(system.layout)[7])
        await page.fill("input[name=passphrase]", DEMO_PASSPHRASE)
        await page.click("button")
        await expect(page.locator("#signed-in")).to_be_visible()
        again = await page.context.new_page()
        await again.goto(url + "sign-in")
        await expect(again.locator("#signed-in")).to_be_visible()
        await page.click("#sign-out")
        await expect(page.locator("#signed-out")).to_be_visible()
        await again.goto(url)
        await expect(again.locator("#signed-out")).to_be_visible()


@pytest.mark.parametrize("end", ["portal", "program"])
async def test_one_sign_in_and_one_sign_out(
    system: System, browser: httpx.AsyncClient, end: str, record_property: Callable[[str, object], None]
) -> None:
    """Signed in at a client like the portal, a person is signed in at the program unasked; signing out at either ends both.

    Keyvault and identity included; how fast is the benchmark's to say (``sign-out``).
    """
    before = await open_sessions(system)
    work_id = population.work_ids(system.layout)[5 if end == "portal" else 6]
    deployment = Deployment.load(system.deployment_path)
    async with warifu.Client(deployment) as client:
        session = await client.sign_in(warifu.Group(Person(work_id, DEMO_PASSPHRASE, browser)))
        shown = await page(system, browser, "/sign-in?prompt=none")
        during = await open_sessions(system)
        began = time.monotonic()
        if end == "portal":
            await session.log_off()
        else:
            assert "signed-out" in await page(system, browser, "/sign-out", "POST")
        took = await seconds_until_all_ended(system, browser, before, began)
    record_property("seconds_until_signed_out_everywhere", round(took, 3))

    assert ("signed-in" in shown, [now - then for now, then in zip(during, before, strict=True)]) == (True, [2, 1, 1])


async def test_a_stranger_is_asked(system: System, browser: httpx.AsyncClient) -> None:
    """Without a session the program is told so, and its visitor stays signed out."""
    assert "signed-out" in await page(system, browser, "/sign-in?prompt=none")
