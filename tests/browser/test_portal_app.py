"""The portal in a real browser, before anybody is signed in: its policy, its files, its looks."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browser.looks import objections, small
from browser.portal import Street
from browser.tabs import tab
from browser.visitor import PHONE
from playwright.async_api import Browser, ConsoleMessage, Page, Request, expect


@dataclass
class Reader:
    """Looks at the portal, and hears what the browser says about it."""

    page: Page
    portal: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def listen(self) -> None:
        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.said.append(message.text)

        def requested(request: Request) -> None:
            self.asked.append(request.url)

        self.page.on("console", heard)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", requested)


@pytest.fixture
async def reader(chromium: Browser, street: Street) -> AsyncIterator[Reader]:
    async with tab(chromium, **PHONE) as opened:
        reader = Reader(opened.page, street.portal)
        reader.listen()
        yield reader


async def test_nothing_from_elsewhere(reader: Reader) -> None:
    """It asks its own server alone, breaks no rule of its policy, and keeps no cookie and no database."""
    await reader.page.goto(reader.portal)
    await expect(reader.page.get_by_role("button", name="コードでログイン")).to_be_visible()
    kept = await reader.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length]"
    )

    assert kept == [0, 0, "", 0]
    assert [url for url in reader.asked if not url.startswith(reader.portal + "/")] == []
    assert reader.said == []


async def test_the_policy_holds(reader: Reader) -> None:
    """No markup or script is made from text, no script without its hash runs, and Trusted Types let the worker alone be one."""
    await reader.page.goto(reader.portal)
    await expect(reader.page.locator("h1")).to_be_visible()
    done = await reader.page.evaluate(
        """async () => {
          const tried = {};
          try { document.body.innerHTML = '<p>x</p>'; tried.markup = true; } catch { tried.markup = false; }
          try { trustedTypes.createPolicy('another', {}); tried.policy = true; } catch { tried.policy = false; }
          try { trustedTypes.createPolicy('warifu-worker', {}); tried.again = true; } catch { tried.again = false; }
          const inline = document.createElement('script');
          try { inline.textContent = 'globalThis.ran = true'; document.head.append(inline); } catch { /* as it should be */ }
          tried.inline = globalThis.ran === true;
          try { await navigator.serviceWorker.register('/sign-in/main.js'); tried.worker = true; } catch { tried.worker = false; }
          try { await import('/sign-in/words.js'); tried.unhashed = true; } catch { tried.unhashed = false; }
          try { await fetch('http://127.0.0.1:9/'); tried.fetch = true; } catch { tried.fetch = false; }
          return tried;
        }"""
    )

    assert done == dict.fromkeys(("markup", "policy", "again", "inline", "worker", "unhashed", "fetch"), False)


async def test_installed_it_opens_without_a_connection(reader: Reader) -> None:
    """The service worker keeps the files that the build published, whose hashes it checked, and nothing else."""
    await reader.page.goto(reader.portal)
    await reader.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    await reader.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    kept, listed = await reader.page.evaluate(
        """async () => {
          await fetch('/deployment.json');
          const kept = [];
          for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
          }
          return [kept.sort(), Object.keys((await (await fetch('/assets.json')).json()).files).sort()];
        }"""
    )
    await reader.page.context.set_offline(True)
    await reader.page.goto(reader.portal + "/display")
    await expect(reader.page.locator("h1")).to_have_text("表示")

    assert kept == [path for path in listed if path != "/worker.js"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_accessible(chromium: Browser, street: Street, language: str, width: int) -> None:
    """Axe finds nothing, nothing is cut off and what is tapped is large enough, also in large type."""
    found: list[Any] = []
    options = {"viewport": {"width": width, "height": 844}, "locale": {"ja": "ja-JP", "en": "en-GB"}[language]}
    async with tab(chromium, **options) as opened:
        for path in ("/", "/display"):
            await opened.page.goto(street.portal + path)
            await expect(opened.page.locator("main form, main [role=radiogroup]").first).to_be_visible()
            found += await objections(opened.page) + await small(opened.page)
            if folder := os.environ.get("WARIFU_SCREENSHOTS"):
                name = f"{path.strip('/') or 'sign-in'}-{width}-{language}.png"
                await opened.page.screenshot(path=Path(folder) / name, full_page=True)
        await opened.page.get_by_text({"ja": "大きく", "en": "Large"}[language]).click()
        await expect(opened.page.locator("html")).to_have_attribute("data-type", "large")
        found += await objections(opened.page) + await small(opened.page)
        shown = await opened.page.locator("html").get_attribute("lang")

    assert (found, shown) == ([], language)
