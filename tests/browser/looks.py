"""Whether everybody can use a page."""

import asyncio
import os
from pathlib import Path
from typing import Any

from browser.portal import ROOM
from playwright.async_api import Page, ViewportSize

_AXE = ROOM / "node_modules" / "axe-core" / "axe.min.js"
HAND: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def objections(page: Page) -> list[Any]:
    """Return what axe objects to by WCAG 2.2 AA and its own best practices, and whether the page is wider than its window."""
    if not await page.evaluate("() => 'axe' in globalThis"):
        await page.evaluate(await asyncio.to_thread(_AXE.read_text))
    asked = {"runOnly": _RULES, "resultTypes": ["violations"]}
    result = await page.evaluate("(asked) => axe.run(document, asked)", asked)
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in result["violations"]] + await wide(page)


async def wide(page: Page) -> list[str]:
    """Return something if the page is wider than its window."""
    return ["wide"] if await page.evaluate("() => document.documentElement.scrollWidth > innerWidth") else []


async def everywhere(page: Page, *, axe_at: ViewportSize, name: str | None = None) -> list[Any]:
    """Return what is wrong with a page on a phone and at a desk, also in large type; it is left at a desk.

    The document is the same each time, so axe looks once.
    """
    found: list[Any] = []
    for size in (HAND, DESK):
        await page.set_viewport_size(size)
        for letters in ("large", "normal"):
            await page.evaluate("(letters) => { document.documentElement.dataset.type = letters; }", letters)
            found += [(one, letters, size["width"]) for one in await small(page) + await wide(page)]
        if size == axe_at:
            found += await objections(page)
        await pictured(page, name or await page.locator("h1").inner_text())
    return found


async def pictured(page: Page, name: str) -> None:
    """Take a page's picture where pictures are wanted."""
    if folder := os.environ.get("WARIFU_SCREENSHOTS"):
        width = (page.viewport_size or DESK)["width"]
        await page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


async def small(page: Page) -> list[str]:
    """Return what can be tapped and is less than 44 pixels high or wide."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], label, input:not([type=radio]), select, textarea')]
          .filter((e) => e.offsetParent && e.closest('p') === null && !e.closest('.sr-only') && !e.matches('.sr-only'))
          .filter((e) => e.matches('button, a, select') || e.querySelector('input'))
          .filter((e) => e.offsetHeight < 44 || e.offsetWidth < 44).map((e) => e.outerHTML.slice(0, 120))"""
    )
    return found
