"""A member at the portal, in a real browser at five real hosts: from sign-in to what is left after log-off."""

import asyncio
import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import warifu
from browser.camera import Camera
from browser.heap import holding, strings_held
from browser.left import NOTHING, left_behind
from browser.looks import DESK, HAND, everywhere, objections, small
from browser.members_street import OWN, OWN_ENGLISH, Street, arrived, go, published, sign_in, street_of_a_member, to_own
from browser.offers import health_export, walked
from browser.tabs import tab
from browser.visitor import PHONE
from journeys.office import DAY, PIN
from journeys.test_shopping import shop
from playwright.async_api import Browser, Page, expect
from protocol.encoding import b64u
from protocol.messages.exchange import Step
from protocol.names import STORES
from rooms.registrar.lives import member_with
from support.postgres import ThrowawayCluster

JAPANESE = ("ホーム", "健診", "医療費", "からだの記録", "ウォーキング", "プログラム", "ポイント", "交換", "表示")
ENGLISH = ("Home", "Checkups", "Costs", "Vitals", "Walking", "Programs", "Points", "Exchange", "Display")
DESKTOP: dict[str, Any] = {"viewport": DESK, "locale": "ja-JP"}

_TRACKS = """globalThis.tracks = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (asked) => {
    const stream = await open(asked);
    globalThis.tracks.push(...stream.getTracks());
    return stream;
  };"""


@pytest.fixture(scope="module")
async def street(cluster: ThrowawayCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    async with street_of_a_member(cluster, tmp_path_factory.mktemp("street")) as opened:
        yield opened


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    async with tab(chromium, **PHONE) as opened:
        said: list[str] = []
        opened.page.on("pageerror", lambda error: said.append(str(error)))
        opened.page.on("console", lambda heard: said.append(heard.text) if "Security Policy" in heard.text else None)
        yield opened.page
        assert said == []


async def test_from_sign_in_to_log_off(page: Page, street: Street) -> None:
    """Checkups are read, a weight and a note stored; log-off is confirmed by all three, and leaves neither key nor record.

    Not in storages, not on the page, and in no text that the page's scripts can reach: as a heap snapshot has it. The note is
    changed once more, and read again when they leave.
    """
    refreshing = asyncio.Event()
    async with street.office.device() as device:
        async with await device.sign_in(warifu.CodeWay(street.letter)) as session:
            bundle = session._keys().settled.held.bundle
            keys = [bundle.record_key, bundle.mailbox, bundle.log, *bundle.seeds.values()]
        known = {"name": "架空谷", "note": "むらさきいろの架空のペンギン", "letter": street.letter[6:20]}
        known |= {f"key {at}": b64u(key) for at, key in enumerate(keys) if key}
        await sign_in(page, street.portal, street.letter)
        await expect(page.get_by_text("架空谷 もふ太郎さん")).to_be_visible()
        await go(page, "健診")
        shown = await page.locator("main").inner_text()
        await go(page, "からだの記録")
        await page.get_by_role("textbox", name="体重 (kg)").fill("61.5")
        await page.get_by_role("button", name="保存する").click()
        await expect(page.get_by_text("保存しました。")).to_be_visible()
        await expect(page.get_by_text(": 61.5 kg")).to_be_visible()
        await to_own(page, "メモ")
        await page.get_by_role("textbox", name="内容").fill(known["note"])
        await page.get_by_role("button", name="保存する").click()
        await expect(page.get_by_text(known["note"])).to_be_visible()
        await page.route("**/me/notes?*", lambda _route: refreshing.set())
        await page.get_by_role("textbox", name="内容").fill(f"{known['note']}!")
        await page.get_by_role("button", name="保存する").click()
        await asyncio.wait_for(refreshing.wait(), 10)
        await page.get_by_role("button", name="ログアウト", exact=True).click()
        await expect(page.get_by_role("alert").filter(has_text="ログイン窓口、鍵の保管庫、名前の保管庫")).to_be_visible()
        left = await left_behind(page)
        held = await strings_held(page)
        after = await page.locator("body").inner_text()
        async with await device.sign_in(warifu.CodeWay(street.letter)) as session:
            days = street.office.today - DAY, street.office.today + DAY
            weights = [one.value for one in await session.vitals(*days) if one.kind == "body-weight"]

    assert [text for text in ("71.5 kg", "基準 85未満", "保健指導レベル", "メタボリックシンドローム") if text not in shown] == []
    assert ("質問票の答え" in shown, "胃がん" in shown) == (True, True)
    assert re.findall(r"\b[a-z]+(?:-[a-z0-9]+)+\b", shown) == [], "short names are no words"
    assert weights == [Decimal("61.5")]
    assert left == NOTHING
    assert "架空谷" not in after
    assert "ログアウトしました。" in held, "the snapshot has what is there"
    assert holding(held, known) == []


async def test_walking_and_programs(page: Page, street: Street) -> None:
    """A team is formed, typed steps count for it and are ranked; a habit is noted, a quiz is marked."""
    await sign_in(page, street.portal, street.letter)
    await go(page, "ウォーキング")
    await page.get_by_text("チームを作る").click()
    await page.get_by_role("textbox", name="チームの名前").fill("架空の仲間")
    await page.get_by_role("textbox", name="ニックネーム").fill("もふ")
    await page.get_by_role("button", name="参加する").click()
    code = await page.get_by_text(re.compile("^([a-z2-7]{4}-){3}[a-z2-7]{4}$")).inner_text()
    await page.get_by_role("textbox", name="足す歩数").fill("4300")
    await page.get_by_role("button", name="保存する").click()
    await expect(page.get_by_text("うち手入力 4,300歩")).to_be_visible()
    await published(street)
    await expect(page.get_by_text("1位").first).to_be_visible(timeout=10_000)
    await go(page, "プログラム")
    joining = page.get_by_role("button", name="参加する")
    await joining.first.click()
    await expect(joining).to_have_count(1)
    await joining.click()
    await page.get_by_role("button", name="できた", exact=True).click()
    await expect(page.get_by_text("2日のうち1日")).to_be_visible()
    await page.get_by_text("乙").click()
    await page.get_by_role("button", name="答え合わせ").click()
    await expect(page.get_by_text("1問のうち1問正解です。")).to_be_visible()
    (entry,) = await street.office.hosts.rows("programs", "SELECT nickname, captain, steps FROM entry")

    assert code
    assert tuple(entry) == ("もふ", True, 4300)


async def test_a_file_of_a_health_app(page: Page, street: Street) -> None:
    """It is read on the device: a walk counts once, what cannot be read is told by its line, and all else is stored."""
    content = health_export(street.office.clock.now().date() - DAY)
    await sign_in(page, street.portal, street.letter)
    await go(page, "ウォーキング")
    choosing = page.get_by_label("ファイルを選ぶ")
    await choosing.set_input_files({"name": "notes.zip", "mimeType": "application/zip", "buffer": b"none"})
    await expect(page.get_by_role("alert")).to_contain_text("ヘルスケアアプリのファイルではないようです。")
    await choosing.set_input_files({"name": "書き出したデータ.zip", "mimeType": "application/zip", "buffer": content})
    await page.get_by_text("読めなかった記録 1件").click()
    await expect(page.get_by_text("5行目: 数ではありません")).to_be_visible()
    await page.get_by_role("button", name="取り込む", exact=True).click()
    await expect(page.get_by_text("2件を取り込みました。")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="1,200歩")).to_be_visible()
    await go(page, "からだの記録")
    await expect(page.get_by_text(": 60.8 kg")).to_be_visible()


async def test_points_become_a_parcel(page: Page, street: Street) -> None:
    """The supplier alone reads the address, a later one too, the member alone the code; a cancelled order gives points back."""
    await walked(street.office)
    await sign_in(page, street.portal, street.letter)
    await expect(page.get_by_role("link", name="使えるポイント 1,000")).to_be_visible()
    await go(page, "ポイント")
    await expect(page.get_by_role("listitem").filter(has_text="八千歩+1,000")).to_be_visible()
    await go(page, "交換")
    await expect(page.get_by_role("img", name="歩数計の写真")).to_be_visible()
    for title, points in (("歩数計", 300), ("商品券", 200)):
        await page.get_by_role("button", name=f"カートに入れる {title}").click()
        await page.get_by_role("button", name=f"{points}ポイントで申し込む").click()
        await expect(page.get_by_role("listitem").filter(has_text=f"{title} 1点申し込み済み")).to_be_visible()
    await page.get_by_text("届け先を変える").click()
    found = await everywhere(page, axe_at=HAND, name="elsewhere")
    await page.set_viewport_size(HAND)
    await page.get_by_role("textbox", name="住所").fill("架空県別町2")
    await page.get_by_role("button", name="この届け先に変える").click()
    await expect(page.get_by_text("届け先を変えました。")).to_be_visible()
    async with shop(street.office) as supplier:
        (parcel,) = [one for one in await supplier.orders() if one.kind == "goods"]
        (voucher,) = [one for one in await supplier.orders() if one.kind == "voucher"]
        address = supplier.address(parcel)
        await supplier.deliver_code(await supplier.move(voucher, Step(to="accepted")), "CODE-0001")
    await go(page, "ポイント")
    await go(page, "交換")
    await page.get_by_role("button", name="コードを見る").click()
    await expect(page.get_by_text("CODE-0001")).to_be_visible()
    await page.get_by_role("button", name="申し込みを取り消す").click()
    await page.get_by_role("button", name="取り消す", exact=True).click()
    await expect(page.get_by_text("800ポイント")).to_be_visible()

    assert found == []
    assert (address.name, address.address) == ("架空谷 もふ太郎", "架空県別町2")
    assert address.address not in await street.office.everything("programs")


async def test_everybody_can_use_it(page: Page, street: Street) -> None:
    """Axe finds nothing on any page in either language and layout, nothing is cut off, and what is tapped is large enough."""
    found: list[Any] = []
    await page.set_viewport_size(DESK)
    await sign_in(page, street.portal, street.letter)
    for names, own, axe_at in ((JAPANESE, OWN, DESK), (ENGLISH, OWN_ENGLISH, HAND)):
        if names == ENGLISH:
            await page.get_by_text("English").click()
            await arrived(page, "Display")
        for name in own:
            await to_own(page, name)
            found += await everywhere(page, axe_at=axe_at)
        for name in names:
            await go(page, name)
            found += await everywhere(page, axe_at=axe_at)

    assert found == []


async def test_a_wrong_code_and_a_letter_before_the_camera(page: Page, street: Street, camera: Camera) -> None:
    """An unknown code is refused in words, and stays; the printed letter's is read, and signs in. The camera is let go."""
    unknown = warifu.Card.fresh().text
    camera.show_nothing()
    await page.add_init_script(_TRACKS)
    await page.goto(street.portal)
    field = page.get_by_role("textbox", name="コード")
    await field.fill(unknown)
    await page.get_by_role("button", name="コードでログイン").click()
    await expect(page.get_by_role("alert")).to_contain_text("ログインできませんでした。")
    kept = await field.input_value()
    await page.get_by_role("button", name="カメラで読み取る").click()
    await expect(page.locator("video")).to_have_js_property("paused", value=False)
    found = await everywhere(page, axe_at=HAND, name="camera")
    await page.set_viewport_size(HAND)
    await page.get_by_role("button", name="カメラを止める").click()
    camera.show(street.printed)
    await page.get_by_role("button", name="カメラで読み取る").click()
    await expect(page.get_by_text("読み取りました。")).to_be_visible()
    read = await field.input_value()
    tracks = await page.evaluate("() => globalThis.tracks.map((one) => one.readyState)")
    await page.get_by_role("button", name="コードでログイン").click()
    await page.get_by_role("button", name="ログアウト").wait_for(timeout=30_000)

    assert (kept, read, found) == (unknown, street.letter, [])
    assert tracks == ["ended", "ended"]


async def test_what_a_member_decides_and_writes(page: Page, street: Street) -> None:
    """A note is sealed, consents given, a level told, a view handed over and read, a wish sent; then all of it is erased."""
    await sign_in(page, street.portal, street.letter)
    await to_own(page, "メモ")
    await page.get_by_role("textbox", name="内容").fill("架空のメモ")
    await page.get_by_role("button", name="保存する").click()
    await expect(page.get_by_text("架空のメモ", exact=True)).to_be_visible()
    await to_own(page, "同意")
    household = page.get_by_role("region").filter(has_text="家族").first
    await household.get_by_role("button", name="この文面に同意する").click()
    await expect(household.get_by_text("同意しています")).to_be_visible()
    analysis = page.get_by_role("region", name="健康づくりのための分析")
    await analysis.get_by_role("button", name="この文面に同意する").click()
    await analysis.get_by_role("button", name=re.compile("の分を伝える")).click()
    await expect(analysis.get_by_role("listitem").filter(has_text="からの半年")).to_have_count(1)
    told = await street.office.hosts.count("anon-data", "participation_inbox")
    seen = await everywhere(page, axe_at=HAND, name="told")
    await page.set_viewport_size(HAND)
    await to_own(page, "家族")
    await page.get_by_role("textbox", name="PIN").fill(PIN)
    await page.get_by_role("button", name="コードを作る").click()
    code = await page.locator(".select-all").inner_text()
    reader = await page.context.new_page()
    await reader.goto(street.portal + "/shared")
    await reader.get_by_role("textbox", name="閲覧コード").fill(code)
    await reader.get_by_role("textbox", name="PIN").fill(PIN)
    await reader.get_by_role("button", name="見る").click()
    await expect(reader.get_by_text("71.5 kg")).to_be_visible()
    seen += await objections(reader) + await small(reader)
    await reader.close()
    await to_own(page, "登録情報")
    await page.get_by_role("textbox", name="電話番号").fill("03-0000-0000")
    await page.get_by_role("button", name="変更を頼む").click()
    await expect(page.get_by_text("健康保険組合に送りました。")).to_be_visible()
    wishes = await street.office.hosts.count("identity", "profile_wish")
    await to_own(page, "消去")
    await page.get_by_role("button", name="消去する").click()
    await expect(page.get_by_text("「消去」と入れてください。", exact=True)).to_be_visible()
    await page.get_by_role("textbox").fill("消去")
    await page.get_by_role("button", name="消去する").click()
    await expect(page.get_by_text("消去しました。")).to_be_visible()
    erased = await page.locator("dl").inner_text()
    await page.get_by_role("button", name="全端末からログアウトする").click()
    await expect(page.get_by_text("ログアウトしました。")).to_be_visible()

    assert (seen, told, wishes) == ([], 1, 1)
    assert re.findall(r"(メモ|家族に見せているもの|同意)\s*(\d+)", erased) == [
        ("メモ", "1"),
        ("家族に見せているもの", "1"),
        ("同意", "2"),
    ]


async def test_what_breaks_is_said_and_loses_nothing(page: Page, street: Street) -> None:
    """Without a connection a note stays as it was typed. Where one store is down, its pages say so. A reload forgets all."""
    await sign_in(page, street.portal, street.letter)
    await to_own(page, "メモ")
    field, save = page.get_by_role("textbox", name="内容"), page.get_by_role("button", name="保存する")
    await field.fill("架空の下書き")
    await page.context.set_offline(True)
    await save.click()
    await expect(page.get_by_role("alert")).to_contain_text("つながりませんでした。")
    kept = await field.input_value()
    await page.context.set_offline(False)
    await save.click()
    await expect(page.get_by_text("架空の下書き", exact=True)).to_be_visible()
    store = street.office.hosts.papers.deployment.origins["anon-data"]
    await page.route(f"{store}/**", lambda route: route.abort())
    await go(page, "健診")
    await expect(page.get_by_role("alert")).to_contain_text("つながりませんでした。")
    await to_own(page, "ログイン方法")
    await expect(page.get_by_text("手紙のコード")).to_be_visible()
    await page.reload()
    await arrived(page, "ログイン")

    assert kept == "架空の下書き"
    assert "手紙のコード" not in await page.locator("body").inner_text()


async def test_what_waits_is_refused(page: Page, street: Street) -> None:
    """A letter that somebody had sent, and mailboxes that somebody wants: said on the first page, refused where the ways in are."""
    async with street.office.device() as device, await device.sign_in(warifu.CodeWay(street.letter)):
        pass
    await street.office.letter("101:1:00")
    await street.office.recover_mailboxes(member_with(street.office.hosts, 1))
    await sign_in(page, street.portal, street.letter)
    waiting = page.get_by_role("alert").get_by_role("link")
    await expect(waiting).to_have_count(2)
    await waiting.first.click()
    await arrived(page, "ログイン方法")
    refuse = page.get_by_role("button", name="断る")
    await expect(refuse).to_have_count(len(STORES))
    found = await objections(page)
    for left in range(len(STORES) - 1, -1, -1):
        await refuse.first.click()
        await expect(refuse).to_have_count(left)
    await page.get_by_role("button", name="取り消す", exact=True).click()
    await page.get_by_role("textbox", name="コード").fill(street.letter)
    await page.get_by_role("button", name="コードでログイン").click()
    await expect(page.get_by_text("再登録を取り消しました。")).to_be_visible(timeout=20_000)
    await go(page, "ホーム")

    assert (found, await page.get_by_role("alert").count()) == ([], 0)


async def test_two_devices(chromium: Browser, street: Street) -> None:
    """Whoever signs out everywhere on one device is signed out on the other, which says so and shows nothing any more."""
    async with tab(chromium, **PHONE) as one, tab(chromium, **DESKTOP) as other:
        await sign_in(one.page, street.portal, street.letter)
        await sign_in(other.page, street.portal, street.letter)
        await to_own(one.page, "ログイン方法")
        await one.page.get_by_role("button", name="全端末からログアウト").click()
        await expect(one.page.get_by_text("ログアウトしました。")).to_be_visible()
        await go(other.page, "マイデータ")
        await other.page.get_by_role("main").get_by_role("link").filter(has_text="ログイン方法").click()
        await expect(other.page.get_by_text("ログアウトしました。")).to_be_visible()

        assert "架空谷" not in await other.page.locator("body").inner_text()


async def test_a_passkey_and_a_card_from_the_page(chromium: Browser, street: Street) -> None:
    """A passkey is made, proved by the letter, and signs in; it proves a card. Last: the letter is used up."""
    async with tab(chromium, **PHONE) as opened:
        page = opened.page
        await sign_in(page, street.portal, street.letter)
        await to_own(page, "ログイン方法")
        await page.get_by_role("textbox", name="名前", exact=True).fill("わたしの電話")
        await page.get_by_role("button", name="パスキーを作る").click()
        await page.get_by_role("textbox", name="コード").fill(street.letter)
        await page.get_by_role("button", name="コードでログイン").click()
        await expect(page.get_by_text("登録しました。")).to_be_visible(timeout=20_000)
        await expect(page.get_by_text("わたしの電話", exact=True)).to_be_visible()
        await page.get_by_role("button", name="ログアウト", exact=True).click()
        await page.get_by_role("button", name="パスキーでログイン").click()
        await expect(page.get_by_text("架空谷 もふ太郎さん")).to_be_visible(timeout=30_000)
        await to_own(page, "鍵が使われた記録")
        await expect(page.get_by_text("今のログイン")).to_be_visible()
        await to_own(page, "ログイン方法")
        await page.get_by_role("textbox", name="カードの名前").fill("財布")
        await page.get_by_label("PIN", exact=True).fill(PIN)
        await page.get_by_label("PINをもう一度").fill(PIN)
        await page.get_by_role("button", name="カードを作る").click()
        card = await page.locator(".select-all").inner_text()
        await page.get_by_role("button", name="書き写しました").click()
        await page.get_by_role("button", name="パスキーでログイン").click()
        await expect(page.get_by_text("カードを登録しました。")).to_be_visible(timeout=20_000)
        await page.get_by_role("button", name="ログアウト", exact=True).click()
        await expect(page.get_by_role("alert").filter(has_text="鍵の保管庫")).to_be_visible()
        await page.get_by_role("radio", name="カード").check(force=True)
        await page.get_by_role("textbox", name="コード").fill(card)
        await page.get_by_label("PIN", exact=True).fill(PIN)
        await page.get_by_role("button", name="コードでログイン").click()
        await expect(page.get_by_text("架空谷 もふ太郎さん")).to_be_visible(timeout=30_000)
