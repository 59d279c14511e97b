"""An employee at the portal: a real browser at the whole deployment, through the group's own sign-in pages."""

from collections.abc import AsyncIterator

import pytest
from browser.left import NOTHING, left_behind
from browser.tabs import started, tab
from browser.visitor import PHONE
from local import population
from local.group import DEMO_PASSPHRASE
from local.system import System
from playwright.async_api import Page, expect


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with started() as browser, tab(browser, **PHONE) as opened:
        said: list[str] = []
        opened.page.context.on("weberror", lambda error: said.append(str(error.error)))
        opened.page.context.on("console", lambda heard: said.append(heard.text) if "Security Policy" in heard.text else None)
        yield opened.page
        assert said == []


async def window_of_the_group(page: Page) -> Page:
    """Press what leads to the work account, and return the window that opens."""
    async with page.context.expect_page() as opening:
        await page.get_by_role("button", name="会社のアカウントでログイン").click()
    window = await opening.value
    await expect(window.get_by_role("heading", name="社員ログイン")).to_be_visible()
    return window


async def test_an_employee(system: System, page: Page) -> None:
    """A window that was closed is given up; in another one they sign in. Checkups are there, and log-off leaves nothing behind."""
    await page.goto(system.layout.portal_origin)
    await (await window_of_the_group(page)).close()
    await page.get_by_role("button", name="やめる").click()
    await expect(page.get_by_role("alert")).to_contain_text("ログインは途中で終わりました。")
    window = await window_of_the_group(page)
    await window.locator("#work_id").fill(population.work_ids(system.layout)[29])
    await window.locator("#passphrase").fill(DEMO_PASSPHRASE)
    async with window.expect_event("close", timeout=30_000):
        await window.locator("#sign-in").click()
    await expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=30_000)
    greeting = await page.get_by_text("さん").inner_text()
    await page.get_by_role("navigation").get_by_role("link", name="健診", exact=True).click()
    await expect(page.get_by_role("listitem").filter(has_text="kg").first).to_be_visible()
    await page.get_by_role("button", name="ログアウト").click()
    await expect(page.get_by_text("ログアウトしました。")).to_be_visible()

    assert "ログイン窓口、鍵の保管庫、名前の保管庫" in await page.get_by_role("alert").inner_text()
    assert await left_behind(page) == NOTHING
    assert greeting not in await page.locator("body").inner_text()
