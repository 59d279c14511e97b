"""An employee at the portal: a real browser at the whole deployment, through the group's own sign-in pages."""

import csv
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from browser.left import NOTHING, left_behind
from browser.tabs import started, tab
from browser.visitor import PHONE
from chassis.database import Database
from journeys import insurer
from journeys.test_guardian import a_family
from local import population
from local.group import DEMO_PASSPHRASE
from local.system import System
from playwright.async_api import Page, expect
from programs.store import counting
from programs.use_cases import contests
from protocol.deployment import Deployment
from protocol.messages.contests import Contest, Stage
from registrar.messages import read_draft, send
from warifu import archive

DAY = timedelta(days=1)
CONTEST_TABLES = (
    "entry",
    "contest_day",
    "contest_day_recent",
    "held_day",
    "team_day",
    "ranking_page",
    "ranking_team",
    "ranking",
    "team",
)
MESSAGE = f"""
until = {datetime.now(UTC).date() + 30 * DAY}

[ja]
title = "架空のご案内"
body = "今年度の健診をお受けください。"

[to]
born_from = 1900
"""
OTHERS = 13
"""In the team besides the one who watches; nine of them have walked."""


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with started() as browser, tab(browser, **PHONE) as opened:
        said: list[str] = []
        opened.page.context.on("weberror", lambda error: said.append(str(error.error)))
        opened.page.context.on("console", lambda heard: said.append(heard.text) if "Security Policy" in heard.text else None)
        yield opened.page
        assert said == []


async def window_of_the_group(page: Page) -> Page:
    """Press what leads to the work account, and return the window that opens."""
    async with page.context.expect_page() as opening:
        await page.get_by_role("button", name="会社のアカウントでログイン").click()
    window = await opening.value
    await expect(window.get_by_role("heading", name="社員ログイン")).to_be_visible()
    return window


async def sign_in(page: Page, work_id: str) -> None:
    """Sign in with a work account."""
    window = await window_of_the_group(page)
    await window.locator("#work_id").fill(work_id)
    await window.locator("#passphrase").fill(DEMO_PASSPHRASE)
    async with window.expect_event("close", timeout=30_000):
        await window.locator("#sign-in").click()
    await expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=30_000)


async def to_own(page: Page, name: str) -> None:
    """Go to one of the pages about the own data."""
    await page.get_by_role("navigation").get_by_role("link").first.click()
    await page.get_by_role("main").get_by_role("link").filter(has_text="マイデータ").click()
    await page.get_by_role("main").get_by_role("link").filter(has=page.get_by_text(name, exact=True)).click()
    await expect(page.locator("h1")).to_have_text(name)


async def saved(page: Page, button: str, folder: Path) -> Path:
    """Press what saves a file, and return where it is."""
    async with page.expect_download(timeout=60_000) as downloading:
        await page.get_by_role("button", name=button).click()
    found = await downloading.value
    await found.save_as(folder / found.suggested_filename)
    return folder / found.suggested_filename


async def test_an_employee(system: System, page: Page, tmp_path: Path) -> None:
    """A window that was closed is given up; in another one they sign in. Checkups and a message are there; log-off leaves none."""
    file = tmp_path / "message.toml"
    file.write_text(MESSAGE, encoding="utf-8")
    await send(insurer.desk(system), read_draft(file, None, Deployment.load(system.deployment_path)), 1000)
    await page.goto(system.layout.portal_origin)
    await (await window_of_the_group(page)).close()
    await page.get_by_role("button", name="やめる").click()
    await expect(page.get_by_role("alert")).to_contain_text("ログインは途中で終わりました。")
    await sign_in(page, population.work_ids(system.layout)[29])
    greeting = await page.get_by_role("main").get_by_role("paragraph").filter(has_text="さん").inner_text()
    await page.get_by_role("navigation").get_by_role("link", name="健診", exact=True).click()
    await expect(page.get_by_role("listitem").filter(has_text="kg").first).to_be_visible()
    await to_own(page, "お知らせ")
    await page.get_by_role("link", name="同意のページへ").click()
    await page.get_by_role("region").filter(has_text="健康保険組合からのお知らせ").get_by_role("button", name="同意する").click()
    await to_own(page, "お知らせ")
    message = page.get_by_role("region").filter(has_text="架空のご案内")
    await message.get_by_role("button", name="読む").click()
    await expect(message.get_by_text("今年度の健診をお受けください。")).to_be_visible()
    await page.get_by_role("button", name="ログアウト").click()
    await expect(page.get_by_text("ログアウトしました。")).to_be_visible()

    assert "ログイン窓口、鍵の保管庫、名前の保管庫" in await page.get_by_role("alert").inner_text()
    assert await left_behind(page) == NOTHING
    assert greeting not in await page.locator("body").inner_text()


def said(birth_date: str) -> str:
    day = date.fromisoformat(birth_date)
    return f"{day.year}年{day.month}月{day.day}日"


async def test_a_guardian_and_a_child(system: System, page: Page) -> None:
    """Where no window opens the page itself goes to the work account and comes back: to a child's record, and no other's."""
    guardian, family = a_family(system)
    children = {one.birth_date for one in family}
    await page.add_init_script("window.open = () => null;")
    await page.goto(system.layout.portal_origin)
    await page.get_by_text("お子さんの記録を見る保護者の方").click()
    await page.get_by_label("だれの記録").select_option(label="1人目のお子さん")
    await page.get_by_role("button", name="会社のアカウントでログイン").click()
    await page.locator("#work_id").fill(guardian.work_id)
    await page.locator("#passphrase").fill(DEMO_PASSPHRASE)
    await page.locator("#sign-in").click()
    await page.get_by_role("button", name="ログアウト").wait_for(timeout=30_000)
    address, waiting = page.url, await left_behind(page)
    await to_own(page, "登録情報")
    shown = await page.locator("main").inner_text()

    assert any(said(one) in shown for one in children)
    assert said(guardian.birth_date) not in shown
    assert (address, waiting) == (system.layout.portal_origin + "/", NOTHING)


async def test_an_employee_governs_their_data(system: System, page: Page, tmp_path: Path) -> None:
    """A passkey is added by the work account and signs in alone. All openings are proved; everything is taken along as files."""
    await page.goto(system.layout.portal_origin)
    await sign_in(page, population.work_ids(system.layout)[34])
    await to_own(page, "ログイン方法")
    await page.get_by_role("textbox", name="名前", exact=True).fill("架空の電話")
    await page.get_by_role("button", name="パスキーを作る").click()
    await expect(page.get_by_text("パスキーができました。")).to_be_visible()
    async with page.context.expect_page() as opening:
        await page.get_by_role("button", name="会社のアカウントでログイン").click()
    window = await opening.value
    if not window.is_closed():
        await window.wait_for_event("close", timeout=30_000)
    await expect(page.get_by_text("登録しました。")).to_be_visible(timeout=30_000)
    await page.get_by_role("button", name="ログアウト", exact=True).click()
    await page.get_by_role("button", name="パスキーでログイン").click()
    await expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=30_000)
    await to_own(page, "鍵が使われた記録")
    await expect(page.get_by_text("三つの記録は一致し")).to_be_visible(timeout=20_000)
    # The work account's and the passkey's, which is the present one; whoever else signed in as this employee before is seen too.
    await expect(page.get_by_text("ログイン（鍵の提供）").nth(1)).to_be_visible()
    await expect(page.get_by_text("今のログイン")).to_have_count(1)
    await to_own(page, "医療費控除")
    await expect(page.get_by_label("年", exact=True)).to_be_visible()
    paid: set[str] = set()
    for year in await page.get_by_label("年", exact=True).locator("option").all_inner_texts():
        await page.get_by_label("年", exact=True).select_option(label=year)
        await expect(page.locator("main [role=status]").filter(has_text="…")).to_have_count(0)
        if await page.get_by_role("table").count():
            statement = await saved(page, "CSVで保存", tmp_path)
            rows = list(csv.reader(statement.read_text("utf-8-sig").splitlines()))
            paid |= {row[3] for row in rows[1:]}
    await to_own(page, "持ち出し")
    taken = archive.checked((await saved(page, "ファイルに保存", tmp_path)).read_bytes())
    claims = list(csv.DictReader(taken.files["csv/medical-claims.csv"].decode("utf-8-sig").splitlines()))

    assert paid
    assert paid <= {one["own_payment"] for one in claims}
    assert "csv/profile.csv" in taken.files


@pytest.fixture
async def walk(system: System) -> AsyncIterator[Contest]:
    """Begin a contest of free teams; nothing of it is there for other journeys."""
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    begun = Contest(
        id=secrets.token_bytes(16),
        title="架空の歩活",
        teams="free",
        manual=True,
        largest_team=20,
        stages=(Stage(name="出発", metres=0), Stage(name="公園", metres=400), Stage(name="湖", metres=10_000)),
        enter_from=today - DAY,
        enter_until=today + 2 * DAY,
        first=today - DAY,
        last=today + 2 * DAY,
    )
    db = await Database.open(system.owner_urls["programs"])
    try:
        await contests.put_contest(db, begun, datetime.now(UTC))
        yield begun
        async with db.transaction("forget") as tx:
            await counting.hold(tx)
            for table in CONTEST_TABLES:
                await tx.run(f"DELETE FROM {table} WHERE contest = $1", begun.id)
            await tx.run("DELETE FROM contest WHERE id = $1", begun.id)
    finally:
        await db.close()


async def others_join(system: System, walk: Contest) -> None:
    """Let others be in the only team, nine of whom have walked, and the minute of the last ranking be over."""
    connection = await asyncpg.connect(system.owner_urls["programs"])
    try:
        await connection.execute(
            "INSERT INTO entry (token, contest, team, captain, since, excused, steps, days) "
            "SELECT token, $1, (SELECT id FROM team WHERE contest = $1), false, $2, false, 0, (row_number() OVER () <= 9)::int "
            "FROM mailbox WHERE token NOT IN (SELECT token FROM entry WHERE contest = $1) LIMIT $3",
            walk.id,
            walk.first,
            OTHERS,
        )
        await connection.execute("UPDATE ranking SET computed_at = computed_at - 100 WHERE contest = $1", walk.id)
    finally:
        await connection.close()


async def test_an_employee_walks_with_others(system: System, page: Page, walk: Contest) -> None:
    """Whoever watches sees the ranking change by itself: the place, how many are missing, and where the team has come."""
    await page.goto(system.layout.portal_origin)
    await sign_in(page, population.work_ids(system.layout)[36])
    await page.get_by_role("navigation").get_by_role("link", name="ウォーキング").click()
    card = page.get_by_role("region", name=walk.title)
    await card.get_by_text("チームを作る").click()
    await card.get_by_role("textbox", name="チームの名前").fill("架空の仲間")
    await card.get_by_role("button", name="参加する").click()
    await expect(card.get_by_text("この招待コードを仲間に渡してください。")).to_be_visible()
    await page.get_by_role("textbox", name="足す歩数").fill("9000")
    await page.get_by_role("button", name="保存する").click()
    await expect(page.get_by_role("listitem").filter(has_text="うち手入力 9,000歩")).to_be_visible()
    await others_join(system, walk)
    # Where a ranking was being made just then, the next one comes a minute later.
    await expect(card.get_by_text("あと3人で90%")).to_be_visible(timeout=90_000)
    await expect(card.get_by_text("14人中10人が参加")).to_be_visible()
    await expect(card.get_by_role("img", name="全3地点のうち2地点まで来た道のり")).to_be_visible()
    await expect(card.get_by_text("いま: 公園")).to_be_visible()
    shown = await card.get_by_role("listitem").filter(has_text="（あなたのチーム）").inner_text()
    await page.get_by_role("button", name="ログアウト").click()
    await expect(page.get_by_text("ログアウトしました。")).to_be_visible()

    assert "架空の仲間" in shown
    # 9,000 steps by fourteen people in two days, to the nearest ten.
    assert "320歩" in shown
    assert await left_behind(page) == NOTHING
