"""The portal's sign-in page in a real browser: whoever has no work account gets on to the application they came from."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from browser.portal import ROOM, Street
from browser.tabs import Tab, tab
from playwright.async_api import Browser, Request, expect
from protocol.code import Code
from protocol.encoding import unb64u

PIN = "himitsu-1"
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "ja-JP", "has_touch": True}
MAKER = (Path(__file__).parent / "page" / "passkeys.js").read_text()
AXE = ROOM / "node_modules" / "axe-core" / "axe.min.js"


class Visitor:
    """A person with a phone."""

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


@pytest.fixture
async def visitor(chromium: Browser, street: Street) -> AsyncIterator[Visitor]:
    async with tab(chromium, **PHONE) as opened:
        visitor = Visitor(opened, street)
        yield visitor
        assert visitor.errors == []


def wrong_character(code: Code) -> str:
    """Replace the second character of the third group by one that codes have."""
    return code.text[:11] + ("q" if code.text[11] != "Q" else "p") + code.text[12:]


async def test_by_letter(visitor: Visitor, street: Street) -> None:
    """What is typed from a letter, with blanks for hyphens and in small letters, signs in; the code buys tokens."""
    code = await street.by_letter()
    application, url = await street.begin()
    await visitor.page.goto(url)
    await visitor.type(code.text.lower().replace("-", "　").replace("0", "o"))
    told = await visitor.arrived()
    tokens = await application.redeem(told["code"], redirect_uri=street.application)

    assert (told["state"], told["iss"]) == (application.state, street.gateway)
    assert tokens.status_code == 200, tokens.text


async def test_by_card(visitor: Visitor, street: Street) -> None:
    """A card needs its PIN; full-width digits are the same PIN."""
    code = await street.by_card("135792")
    await visitor.begin()
    await visitor.card()
    await visitor.type(code.text, "１３５７９２")

    assert "code" in await visitor.arrived()


async def test_by_passkey(visitor: Visitor) -> None:
    """The browser finds the passkey by itself."""
    await visitor.register()
    await visitor.begin()
    await visitor.passkey()

    assert "code" in await visitor.arrived()


async def test_what_is_refused_looks_the_same(visitor: Visitor, street: Street) -> None:
    """An unknown card, a wrong PIN and a letter's code without its PIN are told apart by nothing, and can be made good."""
    code = await street.by_card(PIN)
    await visitor.begin()
    await visitor.card()
    said = []
    for typed, pin in ((code.text, "another-pin"), (Code.fresh().text, PIN)):
        await visitor.type(typed, pin)
        said.append(await visitor.problem())
    await visitor.page.locator("input[value=letter]").check()
    await visitor.type(code.text)
    said.append(await visitor.problem())
    await visitor.card()
    await visitor.type(code.text, PIN)

    assert said == [said[0]] * 3
    assert "code" in await visitor.arrived()


async def test_a_mistyped_code_is_not_sent(visitor: Visitor, street: Street) -> None:
    """The page says in words what is wrong and where to look; the gateway hears nothing, and nothing that was typed is lost."""
    code = await street.by_letter()
    await visitor.begin()
    wrong = visitor.page.locator("#code-problem")
    said = []
    for typed in (code.text[:-2], code.text[:6] + "#" + code.text[7:], wrong_character(code)):
        await visitor.type(typed)
        await expect(wrong).to_be_visible()
        await expect(visitor.page.locator("#code")).to_be_focused()
        said.append(await wrong.inner_text())
    kept = await visitor.page.locator("#code").input_value()
    sent = [request.url for request in visitor.requests if "proof" in request.url]

    assert [text.split("。")[0] for text in said] == [
        "コードは35文字です",
        "コードに使われない文字があります",
        "どこかの文字が違うか、前後が入れ替わっているようです",
    ]
    assert said[2].endswith("左から3番目のまとまりをもう一度確かめてください。")
    assert kept == wrong_character(code).upper()
    assert sent == []


async def test_a_short_pin_is_not_sent(visitor: Visitor) -> None:
    """A PIN has six characters."""
    await visitor.begin()
    await visitor.card()
    await visitor.type(Code.fresh().text, "12345")
    await expect(visitor.page.locator("#pin-problem")).to_have_text("PINは6文字以上です。")
    await expect(visitor.page.locator("#pin")).to_be_focused()

    assert [request.url for request in visitor.requests if "proof" in request.url] == []


async def test_an_unknown_passkey(visitor: Visitor) -> None:
    """A passkey that no gateway knows, and none at all."""
    await visitor.begin()
    await visitor.passkey()
    without = await visitor.problem()
    await visitor.page.evaluate(f"() => {{ {MAKER}; return register('localhost', 'required'); }}")
    await visitor.passkey()
    await expect(visitor.page.locator("#problem")).to_contain_text("このパスキーでは")

    assert without.startswith("パスキーを使えませんでした。")


async def test_a_link_that_somebody_else_began(chromium: Browser, visitor: Visitor, street: Street) -> None:
    """Who follows the link of another browser's sign-in gives that browser nothing, and is not signed in there either."""
    code = await street.by_letter()
    async with tab(chromium) as other:
        _, url = await street.begin()
        await other.page.goto(url)
        await expect(other.page.locator("#ways")).to_be_visible()
        await visitor.page.goto(other.page.url)
        before = len(street.arrived)
        await visitor.type(code.text)
        await visitor.page.wait_for_url(street.gateway + "/**")
        said = await visitor.page.locator("h1").inner_text()
        await other.page.locator("#code").fill(Code.fresh().text)
        await other.page.locator("#use-code").click()
        await expect(other.page.locator("#problem")).to_contain_text("cannot go on")

    assert said == "このページの有効期限が切れました"
    assert len(street.arrived) == before


async def test_going_back_without_signing_in(visitor: Visitor) -> None:
    """The application is told that nobody signed in."""
    await visitor.begin()
    await visitor.page.locator("#end").click()

    assert (await visitor.arrived())["error"] == "access_denied"


async def test_without_a_reference(visitor: Visitor, street: Street) -> None:
    """The page by itself asks for nothing and says where to begin."""
    await visitor.page.goto(street.portal)
    said = await visitor.problem()

    assert said.startswith("ログインは、お使いになるサービスから始めてください。")
    assert not await visitor.page.locator("#ways").is_visible()


async def test_no_connection(visitor: Visitor, street: Street) -> None:
    """What was entered stays, and the same button tries again."""
    code = await street.by_letter()
    await visitor.begin()
    await visitor.page.context.set_offline(True)
    await visitor.type(code.text)
    said = await visitor.problem()
    await visitor.page.context.set_offline(False)
    await visitor.page.locator("#use-code").click()

    assert said.startswith("つながりませんでした。")
    assert "code" in await visitor.arrived()


async def test_a_clock_that_is_wrong(visitor: Visitor, street: Street) -> None:
    """A device whose clock is a day behind signs in: the page goes by its server's."""
    code = await street.by_letter()
    await visitor.page.add_init_script("const real = Date.now; Date.now = () => real() - 86_400_000;")
    await visitor.begin()
    await visitor.type(code.text)

    assert "code" in await visitor.arrived()


async def test_by_camera(visitor: Visitor, street: Street) -> None:
    """Where the browser reads QR codes, a scanned code is filled in; the camera is let go."""
    code = await street.by_letter()
    await visitor.page.add_init_script(
        f"""globalThis.BarcodeDetector = class {{
          static async getSupportedFormats() {{ return ['qr_code']; }}
          async detect(video) {{ globalThis.track = video.srcObject.getTracks()[0]; return [{{ rawValue: '{code.qr}' }}]; }}
        }};"""
    )
    await visitor.begin()
    await visitor.page.locator("#scan").click()
    await expect(visitor.page.locator("#code")).to_have_value(code.text)
    state = await visitor.page.evaluate("() => globalThis.track.readyState")
    await visitor.page.locator("#use-code").click()

    assert state == "ended"
    assert "code" in await visitor.arrived()


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
        found += await _axe(visitor)
        await visitor.begin()
        found += await _axe(visitor)
        await visitor.card()
        await visitor.type(wrong_character(Code.fresh()), "1")
        await expect(visitor.page.locator("#code-problem")).to_be_visible()
        found += await _axe(visitor)
        await visitor.type(Code.fresh().text, PIN)
        await visitor.problem()
        found += await _axe(visitor)
        shown = await visitor.page.locator("html").get_attribute("lang")
        small = await visitor.page.evaluate(
            """() => [...document.querySelectorAll('button, a, label.choice, label.check, textarea, #pin')]
              .filter((e) => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 44)).map((e) => e.id)"""
        )

    assert found == []
    assert (shown, small) == (language, [])


async def _axe(visitor: Visitor) -> list[Any]:
    """Return what axe objects to by WCAG 2.2 AA and its own best practices, and whether the page is wider than its window."""
    await visitor.page.evaluate(await asyncio.to_thread(AXE.read_text))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = await visitor.page.evaluate("(tags) => axe.run(document, { runOnly: tags })", tags)
    wide = await visitor.page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in result["violations"]] + (["wide"] if wide else [])


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
