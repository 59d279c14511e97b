"""A person with a phone at the portal's sign-in page."""

from pathlib import Path
from typing import Any

from browser.portal import Street
from browser.tabs import Tab
from playwright.async_api import Request, expect
from protocol.code import Code
from protocol.encoding import unb64u

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "ja-JP", "has_touch": True}
MAKER = (Path(__file__).parent / "page" / "passkeys.js").read_text()


class Visitor:
    """Comes from an application, types, scans, presses."""

    def __init__(self, opened: Tab, street: Street) -> None:
        self.page = opened.page
        self.tab = opened
        self.street = street
        self.requests: list[Request] = []
        self.errors: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    async def begin(self) -> None:
        """Come from an application."""
        _, url = await self.street.begin()
        await self.page.goto(url)
        await expect(self.page.locator("#ways")).to_be_visible()

    async def card(self) -> None:
        await self.page.locator("input[value=card]").check()

    async def type(self, code: str, pin: str | None = None) -> None:
        """Fill in what was sent or made, and send it."""
        await self.page.locator("#code").fill(code)
        if pin is not None:
            await self.page.locator("#pin").fill(pin)
        await self.page.locator("#use-code").click()

    async def passkey(self) -> None:
        await self.page.locator("#use-passkey").click()

    async def arrived(self) -> dict[str, str]:
        """Wait until the application is told."""
        await self.page.wait_for_url(self.street.application + "?**")
        return self.street.arrived[-1]

    async def problem(self) -> str:
        """Wait until the page says what went wrong."""
        await expect(self.page.locator("#problem")).to_be_visible()
        await expect(self.page.locator("#problem")).to_be_focused()
        return await self.page.locator("#problem").inner_text()

    async def register(self) -> None:
        """Make a passkey on the portal's origin, as its account page would, and let the gateway know it."""
        await self.page.goto(self.street.portal + "/sign-in/")
        made = await self.page.evaluate(f"() => {{ {MAKER}; return register('localhost', 'required'); }}")
        await self.street.by_passkey(unb64u(made["id"]), unb64u(made["publicKey"]))


def wrong_character(code: Code) -> str:
    """Replace the second character of the third group by one that codes have."""
    return code.text[:11] + ("q" if code.text[11] != "Q" else "p") + code.text[12:]
