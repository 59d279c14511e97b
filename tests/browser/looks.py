"""Whether everybody can use a page."""

import asyncio
from typing import Any

from browser.portal import ROOM
from playwright.async_api import Page

_AXE = ROOM / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def objections(page: Page) -> list[Any]:
    """Return what axe objects to by WCAG 2.2 AA and its own best practices, and whether the page is wider than its window."""
    await page.evaluate(await asyncio.to_thread(_AXE.read_text))
    result = await page.evaluate("(tags) => axe.run(document, { runOnly: tags })", _RULES)
    wide = await page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in result["violations"]] + (["wide"] if wide else [])


async def small(page: Page) -> list[str]:
    """Return what can be tapped and is less than 44 pixels high or wide."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], label, input:not([type=radio]), select, textarea')]
          .filter((e) => e.offsetParent && e.closest('p') === null && !e.closest('.sr-only') && !e.matches('.sr-only'))
          .filter((e) => e.matches('button, a, select') || e.querySelector('input'))
          .filter((e) => e.offsetHeight < 44 || e.offsetWidth < 44).map((e) => e.outerHTML.slice(0, 120))"""
    )
    return found
