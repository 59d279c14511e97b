"""A member at the portal, in a real browser at five real hosts: from sign-in to what is left after log-off."""

import os
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import warifu
from browser.left import NOTHING, left_behind
from browser.looks import objections, small
from browser.portal import portal_served
from browser.tabs import tab
from browser.visitor import MAKER, PHONE
from journeys.office import DAY, Office, office
from playwright.async_api import Browser, Page, expect
from programs.store import counting
from programs.use_cases import challenges, contests
from programs.use_cases.count_steps import count_batch
from programs.use_cases.publish_rankings import publish
from protocol.encoding import unb64u
from protocol.messages.challenges import Challenge, Question
from protocol.messages.contests import Contest, Stage
from protocol.names import STORES
from rooms.registrar.paperwork import row
from rooms.registrar.samples import archive, choice, document, quantity
from support.postgres import ThrowawayCluster
from support.upstream import listener, listening

BIRTH = date(1975, 4, 1)
JAPANESE = ("ホーム", "健診", "医療費", "からだの記録", "ウォーキング", "プログラム", "表示")
ENGLISH = ("Home", "Checkups", "Costs", "Vitals", "Walking", "Programs", "Display")
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "ja-JP"}
IDS = {"101": "06990019", "204": "101", "205": "1", "211": "00"}


@dataclass
class MadeInTheBrowser:
    """Stands for a page that would add a passkey: what the browser made, the member's other device stores."""

    page: Page

    async def create(self, rp_id: str, origin: str, *, challenge: bytes, user_handle: bytes, name: str) -> warifu.Credential:
        del challenge, user_handle, name
        await self.page.goto(origin + "/sign-in/")
        made = await self.page.evaluate(f"(rp) => {{ {MAKER}; return register(rp, 'required'); }}", rp_id)
        return warifu.Credential(unb64u(made["id"]), unb64u(made["publicKey"]))

    async def get(self, rp_id: str, origin: str, *, challenge: bytes, allow: Sequence[bytes]) -> warifu.Assertion:
        raise AssertionError((rp_id, origin, challenge, allow))


@dataclass
class Street:
    """The office, and the portal before it."""

    office: Office
    portal: str
    letter: str
    """Of a retiree who has no other way in yet, so that it signs in again and again."""
    walk: Contest
    """One of free teams, which can be entered."""


@pytest.fixture(scope="module")
async def street(cluster: ThrowawayCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """Open an office that knows one retiree with three checkups, and a portal."""
    folder = tmp_path_factory.mktemp("street")
    door = listener()
    portal = f"http://localhost:{door.getsockname()[1]}"
    door.close()
    async with office(cluster, folder, portal=portal) as opened, AsyncExitStack() as stack:
        for store in STORES:
            await stack.enter_async_context(listening(opened.hosts.apps[store], opened.hosts.listeners[store].dup()))
        await stack.enter_async_context(portal_served(folder / "deployment.json", portal))
        for years, (weight, waist) in enumerate([("71.5", "86.0"), ("73.0", "88.5"), ("72.5", "87.0")]):
            day = opened.today - timedelta(days=30 + 365 * years)
            results = [
                quantity("9N001000000000001", "168.0"),
                quantity("9N006000000000001", weight, "kg"),
                quantity("9N016160100000001", waist),
                choice("9N756000000000011", "1", "2003"),
            ]
            made = document(*results, birth=f"{BIRTH:%Y%m%d}", day=f"{day:%Y%m%d}", ids=IDS)
            checkups = archive(folder / f"checkup-{day}.zip", [made])
            await opened.take_in(row(1, work_id="", qualification="3", birth_date=BIRTH), checkups=checkups)
        yield Street(opened, portal, await opened.letter("101:1:00"), await begun(opened))


async def begun(office: Office) -> Contest:
    """Let a manager begin a contest of free teams, a habit and a quiz; return the contest."""
    state, now, today = office.hosts.apps["programs"].state, office.clock.now(), office.today
    days: dict[str, Any] = {"first": today - 3 * DAY, "last": today + 10 * DAY}
    stages = tuple(Stage(name=name, metres=metres) for name, metres in (("日本橋", 0), ("品川", 7_900)))
    walk = Contest(
        id=secrets.token_bytes(16),
        title="架空の歩活",
        teams="free",
        manual=True,
        stages=stages,
        enter_from=today,
        enter_until=today,
        **days,
    )
    await contests.put_contest(state.db, walk, now)
    habit = Challenge(id=secrets.token_bytes(16), title="架空の習慣", kind="habit", goal=2, **days)
    asked = Question(text="架空の問い", choices=("甲", "乙"), answer=1)
    quiz = Challenge(id=secrets.token_bytes(16), title="架空のクイズ", kind="quiz", goal=1, questions=(asked,), **days)
    for one in (habit, quiz):
        await challenges.put_challenge(state.db, one, now)
    return walk


async def published(street: Street) -> None:
    """Count what was walked, and publish the ranking before its minute is over."""
    state = street.office.hosts.apps["programs"].state
    async with state.db.transaction("test") as tx:
        await counting.hold(tx)
        await count_batch(tx)
        await publish(tx, street.walk, street.office.clock.now(), final=False)


@pytest.fixture
async def page(request: pytest.FixtureRequest, chromium: Browser) -> AsyncIterator[Page]:
    async with tab(chromium, **getattr(request, "param", PHONE)) as opened:
        said: list[str] = []
        opened.page.on("pageerror", lambda error: said.append(str(error)))
        opened.page.on("console", lambda heard: said.append(heard.text) if "Security Policy" in heard.text else None)
        yield opened.page
        assert said == []


async def sign_in(page: Page, portal: str, code: str) -> None:
    await page.goto(portal)
    await page.get_by_role("textbox", name="コード").fill(code)
    await page.get_by_role("button", name="コードでログイン").click()
    await expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=30_000)


async def to(page: Page, name: str) -> list[Any]:
    """Go to a page by the navigation, or from the first page where a phone's bar lacks it; return who could not use it, and why."""
    bar = page.get_by_role("navigation")
    if await bar.get_by_role("link", name=name, exact=True).count():
        await bar.get_by_role("link", name=name, exact=True).click()
    else:
        await bar.get_by_role("link").first.click()
        await page.get_by_role("main").get_by_role("link").filter(has=page.get_by_text(name, exact=True)).click()
    await expect(page.locator("h1")).to_have_text(name)
    await expect(page.locator("main [role=status]").filter(has_text="…")).to_have_count(0)
    await page.wait_for_load_state("networkidle")
    if folder := os.environ.get("WARIFU_SCREENSHOTS"):
        width = (page.viewport_size or {"width": 0})["width"]
        await page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    return await objections(page) + await small(page)


async def test_from_sign_in_to_log_off(page: Page, street: Street) -> None:
    """Checkups are read, a weight is written and stored; log-off is confirmed by all three, and leaves neither key nor record."""
    async with street.office.device() as device:
        await sign_in(page, street.portal, street.letter)
        await expect(page.get_by_text("架空谷 もふ太郎さん")).to_be_visible()
        await to(page, "健診")
        shown = await page.locator("main").inner_text()
        await to(page, "からだの記録")
        await page.get_by_role("textbox", name="体重 (kg)").fill("61.5")
        await page.get_by_role("button", name="保存する").click()
        await expect(page.get_by_text("保存しました。")).to_be_visible()
        await expect(page.get_by_text(": 61.5 kg")).to_be_visible()
        await page.get_by_role("button", name="ログアウト").click()
        await expect(page.get_by_text("ログアウトしました。")).to_be_visible()
        farewell = await page.get_by_role("alert").inner_text()
        left = await left_behind(page)
        after = await page.locator("body").inner_text()
        async with await device.sign_in(warifu.CodeWay(street.letter)) as session:
            days = street.office.today - DAY, street.office.today + DAY
            weights = [one.value for one in await session.vitals(*days) if one.kind == "body-weight"]

    assert [text for text in ("71.5 kg", "基準 85未満", "保健指導レベル", "メタボリックシンドローム") if text not in shown] == []
    assert "質問票の答え" in shown
    assert re.findall(r"\b[a-z]+(?:-[a-z0-9]+)+\b", shown) == [], "short names are no words"
    assert "ログイン窓口、鍵の保管庫、名前の保管庫" in farewell
    assert weights == [Decimal("61.5")]
    assert left == NOTHING
    assert "架空谷" not in after


async def test_walking_and_programs(page: Page, street: Street) -> None:
    """A team is formed, typed steps count for it and are ranked; a habit is noted, a quiz is marked."""
    await sign_in(page, street.portal, street.letter)
    await to(page, "ウォーキング")
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
    await to(page, "プログラム")
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


@pytest.mark.parametrize("page", [PHONE, DESKTOP], ids=["phone", "desktop"], indirect=True)
async def test_everybody_can_use_it(page: Page, street: Street) -> None:
    """Axe finds nothing on any page in either language, nothing is cut off, and what is tapped is large enough."""
    await sign_in(page, street.portal, street.letter)
    found = [one for name in JAPANESE for one in await to(page, name)]
    await page.get_by_text("English").click()
    await expect(page.locator("h1")).to_have_text("Display")
    found += [one for name in ENGLISH for one in await to(page, name)]
    await page.get_by_text("Large").click()
    found += [one for name in ("Checkups", "Vitals", "Walking", "Programs") for one in await to(page, name)]

    assert found == []


async def test_a_reload_forgets(page: Page, street: Street) -> None:
    """Keys are in memory alone: whoever reloads signs in again, and sees nothing until then."""
    await sign_in(page, street.portal, street.letter)
    await to(page, "健診")
    await page.reload()
    await expect(page.locator("h1")).to_have_text("ログイン")

    assert "71.5" not in await page.locator("body").inner_text()


async def test_a_wrong_code(page: Page, street: Street) -> None:
    """An unknown code is refused in words, and what was typed stays."""
    unknown = warifu.Card.fresh().text
    await page.goto(street.portal)
    field = page.get_by_role("textbox", name="コード")
    await field.fill(unknown)
    await page.get_by_role("button", name="コードでログイン").click()
    await expect(page.get_by_role("alert")).to_contain_text("ログインできませんでした。")

    assert await field.input_value() == unknown


async def test_by_passkey(chromium: Browser, street: Street) -> None:
    """The browser's own passkey signs in. It comes last here: it uses the letter up."""
    async with tab(chromium, **PHONE) as opened, street.office.device() as device:
        async with await device.sign_in(warifu.CodeWay(street.letter)) as session:
            await session.add_passkey(MadeInTheBrowser(opened.page), warifu.CodeWay(street.letter), "電話")
        await opened.page.goto(street.portal)
        await opened.page.get_by_role("button", name="パスキーでログイン").click()
        await expect(opened.page.get_by_text("架空谷 もふ太郎さん")).to_be_visible(timeout=30_000)
