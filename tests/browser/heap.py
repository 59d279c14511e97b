"""What a page holds in its memory."""

import json
from collections.abc import Mapping
from typing import Any

from playwright.async_api import Page


async def strings_held(page: Page) -> set[str]:
    """Return every text that the page's scripts can still reach, as Chromium's own heap snapshot lists them.

    Contents of byte arrays are not listed. What nobody reaches any more is collected first.
    """
    session = await page.context.new_cdp_session(page)
    chunks: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda said: chunks.append(said["chunk"]))
    await session.send("HeapProfiler.enable")
    await session.send("HeapProfiler.collectGarbage")
    await session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False, "captureNumericValue": False})
    await session.detach()
    snapshot: dict[str, Any] = json.loads("".join(chunks))
    return set(snapshot["strings"])


def holding(strings: set[str], known: Mapping[str, str]) -> list[str]:
    """Return the names of what is a part of any of these."""
    return [name for name, secret in known.items() if any(secret in one for one in strings)]
