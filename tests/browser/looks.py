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


_SMALL = """() => [...document.querySelectorAll('button, a[href], label, input:not([type=radio]), select, textarea')]
  .filter((e) => e.offsetParent && e.closest('p') === null && !e.closest('.sr-only') && !e.matches('.sr-only'))
  .filter((e) => e.matches('button, a, select') || e.querySelector('input'))
  .filter((e) => e.offsetHeight < 44 || e.offsetWidth < 44).map((e) => e.outerHTML.slice(0, 120))"""
_WIDE = "() => document.documentElement.scrollWidth > innerWidth ? ['wide'] : []"
_MISFITS = f"""() => ['large', 'normal'].flatMap((letters) => {{
  document.documentElement.dataset.type = letters;
  return [...({_SMALL})(), ...({_WIDE})()].map((one) => [letters, one]);
}})"""


async def objections(page: Page) -> list[Any]:
    """Return what axe objects to by WCAG 2.2 AA and its own best practices, and whether the page is wider than its window."""
    if not await page.evaluate("() => 'axe' in globalThis"):
        await page.evaluate(await asyncio.to_thread(_AXE.read_text))
    asked = {"runOnly": _RULES, "resultTypes": ["violations"]}
    result = await page.evaluate("(asked) => axe.run(document, asked)", asked)
    wide: list[str] = await page.evaluate(_WIDE)
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in result["violations"]] + wide


async def small(page: Page) -> list[str]:
    """Return what can be tapped and is less than 44 pixels high or wide."""
    found: list[str] = await page.evaluate(_SMALL)
    return found


async def everywhere(page: Page, *, axe_at: ViewportSize, name: str | None = None) -> list[Any]:
    """Return what is wrong with a page on a phone and at a desk, also in large type; it is left at a desk.

    The document is the same each time, so axe looks once.
    """
    found: list[Any] = []
    for size in (HAND, DESK):
        await page.set_viewport_size(size)
        found += [(size["width"], *one) for one in await page.evaluate(_MISFITS)]
        if size == axe_at:
            found += await objections(page)
        await pictured(page, name)
    return found


async def pictured(page: Page, name: str | None = None) -> None:
    """Take a page's picture where pictures are wanted, under its heading or another name."""
    if folder := os.environ.get("WARIFU_SCREENSHOTS"):
        width = (page.viewport_size or DESK)["width"]
        said = name or await page.locator("h1").inner_text()
        await page.screenshot(path=Path(folder) / f"{said}-{width}.png", full_page=True)
