"""What the portal's sign-in page never does, and that everybody can use it."""

import re
from typing import Any

import pytest
from browser.looks import objections
from browser.portal import Street
from browser.tabs import tab
from browser.visitor import Visitor, wrong_character
from playwright.async_api import Browser, expect
from protocol.code import Code

PIN = "himitsu-1"


async def test_nothing_from_elsewhere(visitor: Visitor, street: Street) -> None:
    """The page asks its own server and the gateway, nobody else, and leaves nothing in the browser."""
    code = await street.by_letter()
    await visitor.begin()
    kept = await visitor.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length]"
    )
    await visitor.type(code.text)
    await visitor.arrived()
    origins = {"/".join(request.url.split("/")[:3]) for request in visitor.requests}

    assert kept == [0, 0, "", 0]
    assert origins == {street.portal, street.gateway, "/".join(street.application.split("/")[:3])}


async def test_the_policy_holds(visitor: Visitor) -> None:
    """No inline script or style runs, no markup is made from text, and no other origin is asked."""
    await visitor.begin()
    done = await visitor.page.evaluate(
        """async () => {
          const tried = {};
          try { document.body.innerHTML = '<p>x</p>'; tried.markup = true; } catch { tried.markup = false; }
          const script = document.createElement('script');
          try { script.textContent = 'globalThis.ran = true'; document.head.append(script); } catch { /* as it should be */ }
          tried.script = globalThis.ran === true;
          const style = document.createElement('style');
          style.textContent = 'h1 { color: rgb(1, 2, 3) }';
          document.head.append(style);
          tried.style = getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)';
          try { await fetch('http://127.0.0.1:9/'); tried.fetch = true; } catch { tried.fetch = false; }
          tried.frame = await new Promise((resolve) => {
            document.addEventListener('securitypolicyviolation', (event) => {
              if (event.effectiveDirective === 'frame-src') resolve(false);
            });
            const frame = document.createElement('iframe');
            frame.src = '/sign-in/';
            document.body.append(frame);
          });
          return tried;
        }"""
    )

    assert done == dict.fromkeys(("markup", "script", "style", "fetch", "frame"), False)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_accessible(chromium: Browser, street: Street, language: str, width: int) -> None:
    """axe finds nothing in any state, nothing is cut off, and what is tapped is large enough."""
    found: list[Any] = []
    options = {"viewport": {"width": width, "height": 844}, "locale": {"ja": "ja-JP", "en": "en-GB"}[language]}
    async with tab(chromium, **options) as opened:
        visitor = Visitor(opened, street)
        await visitor.page.goto(street.portal + "/sign-in/")
        found += await objections(visitor.page)
        await visitor.begin()
        found += await objections(visitor.page)
        await visitor.card()
        await visitor.type(wrong_character(Code.fresh()), "1")
        await expect(visitor.page.locator("#code-problem")).to_be_visible()
        found += await objections(visitor.page)
        await visitor.type(Code.fresh().text, PIN)
        await visitor.problem()
        found += await objections(visitor.page)
        shown = await visitor.page.locator("html").get_attribute("lang")
        small = await visitor.page.evaluate(
            """() => [...document.querySelectorAll('button, a, label.choice, label.check, textarea, #pin')]
              .filter((e) => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 44)).map((e) => e.id)"""
        )

    assert found == []
    assert (shown, small) == (language, [])


async def test_by_keyboard_and_in_another_language(visitor: Visitor, street: Street) -> None:
    """The language changes with one button and everything is said anew; keys alone sign in."""
    code = await street.by_letter()
    await visitor.begin()
    await visitor.type("wf1")
    page = visitor.page
    await page.locator("#language").click()
    await expect(page.locator("#code-problem")).to_have_text("A code has 35 characters. Some are missing, or there are too many.")
    await expect(page).to_have_title("Sign in")
    japanese = re.findall("[ぁ-んァ-ヶ一-龠]+", await page.locator("main").inner_text())
    await page.locator("#code").focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(code.qr)
    await page.keyboard.press("Enter")

    assert japanese == []
    assert "code" in await visitor.arrived()
