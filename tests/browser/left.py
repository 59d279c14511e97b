"""What a page leaves in the browser."""

from typing import Any

from playwright.async_api import Page

NOTHING: dict[str, Any] = {"kept": {}, "databases": [], "cookies": "", "strangers": []}
_LEFT = """async () => {
  const kept = {};
  for (const storage of [localStorage, sessionStorage]) for (const key of Object.keys(storage)) kept[key] = storage.getItem(key);
  const cached = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) cached.push(new URL(request.url).pathname);
  }
  const listed = Object.keys((await (await fetch('/assets.json')).json()).files);
  return {
    kept,
    databases: (await indexedDB.databases()).map((one) => one.name),
    cookies: document.cookie,
    strangers: cached.filter((path) => !listed.includes(path)),
  };
}"""


async def left_behind(page: Page) -> dict[str, Any]:
    """Return what stands in storages, databases, cookies, and caches besides the portal's published files."""
    found: dict[str, Any] = await page.evaluate(_LEFT)
    return found
