"""The portal's sign-in page in a real browser: whoever has no work account gets on to the application they came from."""

import asyncio

from browser.portal import Street
from browser.tabs import tab
from browser.visitor import MAKER, Visitor, wrong_character
from playwright.async_api import Browser, Route, expect
from protocol.code import Code

PIN = "himitsu-1"


async def test_by_letter(visitor: Visitor, street: Street) -> None:
    """What is typed from a letter, with blanks for hyphens and in small letters, signs in; the code buys tokens."""
    code = await street.by_letter()
    application, url = await street.begin()
    await visitor.page.goto(url)
    await expect(visitor.page.locator("#application")).to_have_text("「warifu-cli」にログインします。")
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


async def test_nothing_moves_once_the_application_is_known(visitor: Visitor) -> None:
    """What is about to be pressed stays where it is when the gateway has said for whom one signs in."""
    asked = asyncio.Event()

    async def hold(route: Route) -> None:
        await asked.wait()
        await route.continue_()

    await visitor.page.route("**/local-sign-in/application", hold)
    await visitor.begin()
    card = visitor.page.locator("input[value=card]")
    before = await card.bounding_box()
    asked.set()
    await expect(visitor.page.locator("#application")).to_contain_text("ログインします")

    assert await card.bounding_box() == before


async def test_too_many_tries(visitor: Visitor, street: Street) -> None:
    """After ten wrong PINs of a day the page says to wait, in other words than before, and that a passkey still works."""
    code = await street.by_card(PIN)
    await visitor.begin()
    await visitor.card()
    for number in range(10):
        await visitor.type(code.text, f"wrong-{number}")
        await expect(visitor.page.locator("#problem")).to_contain_text("ログインできませんでした。")
        await expect(visitor.page.locator("#use-code")).to_have_attribute("aria-disabled", "false")
    await visitor.type(code.text, PIN)
    await expect(visitor.page.locator("#problem")).to_contain_text("しばらく使えません")
    await expect(visitor.page.locator("#problem")).to_contain_text("パスキーは今もお使いになれます")


async def test_a_browser_that_is_too_old(visitor: Visitor) -> None:
    """A browser without Ed25519 is told so, and hears what works."""
    await visitor.page.add_init_script(
        """const made = SubtleCrypto.prototype.generateKey;
        SubtleCrypto.prototype.generateKey = function (algorithm, ...rest) {
          if (algorithm === 'Ed25519') return Promise.reject(new DOMException('', 'NotSupportedError'));
          return made.call(this, algorithm, ...rest);
        };"""
    )
    await visitor.begin()
    await visitor.type(Code.fresh().text)

    assert "パスキーをお使いください" in await visitor.problem()


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
    await visitor.page.goto(street.portal + "/sign-in/")
    said = await visitor.problem()

    assert said.startswith("ログインは、お使いになるサービスから始めてください。")
    assert not await visitor.page.locator("#ways").is_visible()


async def test_a_page_that_was_open_for_too_long(visitor: Visitor) -> None:
    """A sign-in that was given up elsewhere is over as soon as the page is opened again; nothing is asked for."""
    await visitor.begin()
    link = visitor.page.url
    await visitor.page.locator("#end").click()
    await visitor.arrived()
    await visitor.page.goto(link)

    assert (await visitor.problem()).startswith("このログインは続けられません。")
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
