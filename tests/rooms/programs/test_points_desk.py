"""What `warifu-staff points` does, at a real programs: every command's work, for people who are nobody here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import typer
from protocol.messages.point_rules import Rule, RuleVersion, Tier
from protocol.names import StoreName
from support.office import Colleague, staffed
from support.platform_authenticator import PlatformAuthenticator
from support.store_host import StoreHost
from typer.testing import CliRunner
from warifu.staff_cli import app
from warifu.staff_points import RUN_S, PointsDesk
from warifu.staff_points_cli import (
    book_lines,
    budget_lines,
    correction_lines,
    decided_lines,
    grant_lines,
    proposed_lines,
)
from warifu.staff_terminal import maker, write

from .exchange import GOODS, opened_shop, placed, reserving
from .points import TODAY, granted, opened
from .test_point_corrections import case_of, colleagues, proposal

RULE = Rule(
    title_ja="八千歩",
    title_en="Eight thousand",
    metric="active-days",
    steps=8000,
    tiers=(Tier(at=3, points=100),),
    budget=10_000,
    lasts_days=365,
)


@dataclass
class Seat:
    """A colleague's session."""

    host: StoreHost
    by: Colleague

    async def call(
        self, store: StoreName, method: str, path: str, body: bytes = b"", *, patience_s: float | None = None
    ) -> httpx.Response:
        assert (store, patience_s) == (self.host.store, RUN_S if path == "/staff/point-runs" else None)
        answer = await self.host.client.request(method, path, content=body, headers=self.by.headers(self.host, method, path))
        assert answer.is_success, answer.text
        return answer


def noon(days: int) -> datetime:
    return datetime.combine(TODAY - timedelta(days=days), datetime.min.time())


async def test_budgets_grants_and_books(host: StoreHost) -> None:
    """What a rule may grant and has granted, what a run would do, and books that agree."""
    one, *_ = colleagues()
    await staffed(host, one)
    desk = PointsDesk(Seat(host, one))
    await desk.put_rule(RuleVersion(id="walk", version=1, rule=RULE))
    async with opened(host) as db:
        await granted(db, await host.member(), points=300)
    said = [await budget_lines(desk), await grant_lines(desk, "walk", noon(4), noon(1), really=False), await book_lines(desk)]
    done = await grant_lines(desk, "walk", noon(4), noon(1), really=True)

    assert said == [
        ["walk: 300 of 10000 points in fiscal year 2026"],
        ["would be granted to fewer than 10 members; 9700 points of the budget are left"],
        ["the books agree", "2026 issued walk: -300", "2026 members : 300"],
    ]
    assert done == ["granted to fewer than 10 members; 9700 points of the budget are left"]


async def test_corrections_and_files(host: StoreHost, tmp_path: Path) -> None:
    """One proposes, another approves; accounts and a supplier's orders become files as they came."""
    one, two, _ = colleagues()
    shop, _, (product,) = await opened_shop(host, GOODS)
    await staffed(host, one, two, number=2)
    first, second = PointsDesk(Seat(host, one)), PointsDesk(Seat(host, two))
    member = await host.member()
    asked = proposal(await case_of(host, member), 900)
    lines = [
        *await proposed_lines(first, asked),
        *await correction_lines(second),
        *await decided_lines(second, asked.id, approved=True),
    ]
    await placed(host, member, shop, reserving(product))
    written = [
        await write(tmp_path / "accounts.csv", first.accounts_csv()),
        await write(tmp_path / "orders.csv", first.orders_csv("shop")),
    ]
    accounts, orders = (tmp_path / "accounts.csv").read_bytes(), (tmp_path / "orders.csv").read_bytes()

    assert [line.split(" ", 1)[1].split(" for ")[0] for line in lines] == [
        "proposed: +900 points",
        "proposed: +900 points",
        "approved: +900 points",
    ]
    assert lines[2].endswith("(架空の訂正; desk-1, desk-2)")
    assert written[0] == [f"{tmp_path / 'accounts.csv'} written"]
    assert b"2026-11,2026,issued,staff:correction,900,0\r\n" in accounts
    assert (orders[:9], orders.count(b"\r\n")) == (b"\xef\xbb\xbforder,", 2)


def test_an_authenticator_is_named() -> None:
    """A terminal has no passkeys, so an organisation names what makes its own; a wrong name is said in words."""
    assert maker("support.platform_authenticator:PlatformAuthenticator") is PlatformAuthenticator
    with pytest.raises(typer.BadParameter):
        maker("support.platform_authenticator:Nothing")


@pytest.mark.parametrize(
    "words",
    [
        ["points", "books", "--authenticator", "nothing"],
        [
            "points",
            "correct",
            "A" * 22,
            "0",
            "--reason",
            "x",
            "--authenticator",
            "support.platform_authenticator:PlatformAuthenticator",
        ],
        ["points", "orders", "shop", "-o", "x.csv", "--state", "lost", "--authenticator", "a:b"],
        ["points", "decide", "???", "--approve", "--authenticator", "a:b"],
        ["contests", "held", "???", "--authenticator", "a:b"],
        ["contests", "adjust", "A" * 22, "A" * 22, "5", "--reason", "", "--authenticator", "a:b"],
    ],
)
def test_what_cannot_be_is_said_first(words: list[str]) -> None:
    """Before anybody signs in."""
    assert CliRunner().invoke(app, words).exit_code == 2
