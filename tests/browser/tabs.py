"""Chromium, and tabs in it that have an authenticator which the debugging protocol plays."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from local import chromium
from local.errors import NoChromium
from playwright.async_api import Browser, CDPSession, Page, async_playwright

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Tab:
    """A page in a browser profile of its own, and the authenticator that it has."""

    page: Page
    authenticator: CDPSession
    authenticator_id: str

    async def set_user_verified(self, verified: bool) -> None:
        """Let the authenticator's user be recognised, or not."""
        said = {"authenticatorId": self.authenticator_id, "isUserVerified": verified}
        await self.authenticator.send("WebAuthn.setUserVerified", said)


@asynccontextmanager
async def started(flags: Sequence[str] = ()) -> AsyncIterator[Browser]:
    """Start Chromium; skips aloud where there is none."""
    try:
        program = await asyncio.to_thread(chromium.ensure)
    except NoChromium as missing:
        pytest.skip(str(missing))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(program), args=[*chromium.flags(), *flags])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def tab(browser: Browser, **options: Any) -> AsyncIterator[Tab]:
    """Open a tab in a fresh profile, whose user is there and verified."""
    context = await browser.new_context(**options)
    try:
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
        yield Tab(page, session, added["authenticatorId"])
    finally:
        await context.close()
