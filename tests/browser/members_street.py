"""An office that knows one retiree, and the portal before it; and how somebody walks through the portal's pages."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from anon_data.use_cases.guidance_tasks import tell_support
from browser.portal import portal_served
from journeys.office import DAY, Office, office
from playwright.async_api import Page
from programs.store import counting
from programs.use_cases import challenges, contests
from programs.use_cases.count_steps import count_batch
from programs.use_cases.publish_rankings import publish
from protocol.messages.challenges import Challenge, Question
from protocol.messages.contests import Contest, Stage
from protocol.messages.guidance_tasks import Support, SupportRow, TellSupport
from protocol.names import STORES
from rooms.registrar.paperwork import row
from rooms.registrar.samples import archive, choice, document, quantity
from support.postgres import ThrowawayCluster
from support.upstream import listener, listening

BIRTH = date(1975, 4, 1)
CHECKUPS = [
    [
        quantity("9N001000000000001", "168.0"),
        quantity("9N006000000000001", weight, "kg"),
        quantity("9N016160100000001", waist),
        choice("9N756000000000011", "1", "2003"),
        choice("9N506000000000011", "1", "3001"),
    ]
    for weight, waist in (("71.5", "86.0"), ("73.0", "88.5"), ("72.5", "87.0"))
]
IDS = {"101": "06990019", "204": "101", "205": "1", "211": "00"}


@dataclass
class Street:
    """The office, and the portal before it."""

    office: Office
    portal: str
    letter: str
    """Of a retiree who has no other way in yet, so that it signs in again and again."""
    printed: Path
    """The same as a sheet."""
    walk: Contest
    """One of free teams, which can be entered."""


@asynccontextmanager
async def street_of_a_member(
    cluster: ThrowawayCluster, folder: Path, checkups: Sequence[Sequence[str]] = CHECKUPS
) -> AsyncIterator[Street]:
    """Open an office that knows one retiree with a checkup a year, the newest first, and a portal."""
    door = listener()
    portal = f"http://localhost:{door.getsockname()[1]}"
    door.close()
    async with office(cluster, folder, portal=portal) as opened, AsyncExitStack() as stack:
        for store in STORES:
            await stack.enter_async_context(listening(opened.hosts.apps[store], opened.hosts.listeners[store].dup()))
        await stack.enter_async_context(portal_served(folder / "deployment.json", portal))
        made = []
        for years, results in enumerate(checkups):
            day = opened.today - timedelta(days=30 + 365 * years)
            made.append(document(*results, birth=f"{BIRTH:%Y%m%d}", day=f"{day:%Y%m%d}", ids=IDS))
        person = row(1, work_id="", qualification="3", birth_date=BIRTH)
        await opened.take_in(person, checkups=archive(folder / "checkups.zip", made))
        await guided(opened)
        letter = await opened.letter("101:1:00")
        yield Street(opened, portal, letter, folder / f"letters-{opened.printed}.pdf", await begun(opened))


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
        enter_from=today - 3 * DAY,
        enter_until=today + 3 * DAY,
        **days,
    )
    await contests.put_contest(state.db, walk, now)
    habit = Challenge(id=secrets.token_bytes(16), title="架空の習慣", kind="habit", goal=2, **days)
    asked = Question(text="架空の問い", choices=("甲", "乙"), answer=1)
    quiz = Challenge(id=secrets.token_bytes(16), title="架空のクイズ", kind="quiz", goal=1, questions=(asked,), **days)
    for one in (habit, quiz):
        await challenges.put_challenge(state.db, one, now)
    return walk


async def guided(office: Office) -> None:
    """Let somebody who guides tell what they did with the member in the year of the newest checkup, who was screened in it too."""
    done: dict[Support, int] = {"telephone": 2, "first-in-the-week": 1, "one-centimetre": 1, "eating": 1}
    ((token, year),) = await office.hosts.rows("anon-data", "SELECT token, max(fiscal_year) FROM checkup GROUP BY token")
    rows = tuple(SupportRow(token=token, kind=kind, times=times) for kind, times in done.items())
    told = await tell_support(office.hosts.apps["anon-data"].state.db, TellSupport(fiscal_year=year, rows=rows))
    assert told.unknown == ()
    await office.hosts.rows("anon-data", "INSERT INTO screening VALUES ($1, $2, 1)", token, year)


async def published(street: Street) -> None:
    """Count what was walked, and publish the ranking before its minute is over."""
    state = street.office.hosts.apps["programs"].state
    async with state.db.transaction("test") as tx:
        await counting.hold(tx)
        await count_batch(tx)
        await publish(tx, street.walk, street.office.clock.now(), final=False)


_THERE = """(name) => document.querySelector('h1')?.innerText === name
  && ![...document.querySelectorAll('main [role=status]')].some((one) => one.innerText.includes('…'))"""


async def sign_in(page: Page, portal: str, code: str) -> None:
    await page.goto(portal)
    await page.get_by_role("textbox", name="コード").fill(code)
    await page.get_by_role("button", name="コードでログイン").click()
    await page.get_by_role("button", name="ログアウト").wait_for(timeout=30_000)


async def arrived(page: Page, name: str) -> None:
    """Wait until a page is there: looked at in every frame, where an expectation would look once a second at last."""
    await page.wait_for_function(_THERE, arg=name, polling="raf")


async def go(page: Page, name: str) -> None:
    """Go to a page by the navigation, or from the first page where a phone's bar lacks it."""
    bar = page.get_by_role("navigation")
    if await bar.get_by_role("link", name=name, exact=True).count():
        await bar.get_by_role("link", name=name, exact=True).click()
    else:
        await bar.get_by_role("link").first.click()
        await page.get_by_role("main").get_by_role("link").filter(has=page.get_by_text(name, exact=True)).click()
    await arrived(page, name)


OWN = (
    "お知らせ",
    "メモ",
    "保健指導",
    "訂正前の記録",
    "医療費控除",
    "同意",
    "家族",
    "登録情報",
    "ログイン方法",
    "鍵が使われた記録",
    "持ち出し",
    "消去",
)
OWN_ENGLISH = (
    "Messages",
    "Notes",
    "Health guidance",
    "Former versions",
    "Tax statement",
    "Consents",
    "Family",
    "Your details",
    "Ways to sign in",
    "When your keys were used",
    "Take it along",
    "Erase",
)


async def to_own(page: Page, name: str) -> None:
    """Go to one of the pages about the own data."""
    every = "マイデータ" if name in OWN else "My data"
    back = page.get_by_role("main").get_by_role("link").filter(has_text="‹")
    if await back.count():
        await back.click()
        await arrived(page, every)
    else:
        await go(page, every)
    await page.get_by_role("main").get_by_role("link").filter(has=page.get_by_text(name, exact=True)).click()
    await arrived(page, name)
