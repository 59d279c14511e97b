"""From the insurer's office to members who are not named, and from one member to another of the household."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import asyncpg
import pytest
import warifu
from journeys.insurer import desk
from journeys.test_member import signed_in
from local import seal as sealing
from local.layout import HOSTS
from local.system import System
from protocol.deployment import Deployment
from registrar.messages import count, read_draft, send
from rich.console import Console
from warifu.cli.shell import Shell
from warifu.cli.words import Words

TODAY = datetime.now(UTC).date()
PIN = "架空の合言葉1"
MESSAGE = f"""
until = {TODAY + timedelta(days=30)}

[ja]
title = "健診のご案内"
body = "今年度の健診をお受けください。"

[to]
born_from = 1900
"""


async def _typed(session: warifu.MemberSession, commands: str, *answers: str) -> str:
    """Return what a member is shown who types these commands in Japanese, and these answers when asked."""
    shown, waiting = StringIO(), list(answers)

    async def ask(prompt: str, *, hidden: bool = False) -> str:  # noqa: ARG001 - every question is asked alike
        return waiting.pop(0)

    async def proving() -> warifu.Way:
        raise AssertionError("nothing here is proved anew")

    shell = Shell(session, Console(file=shown, width=100), Words("ja"), lambda: TODAY, proving=proving, ask=ask)
    assert await shell.run(commands.split(";")), shown.getvalue()
    return shown.getvalue()


async def test_a_message_is_found_after_signing_in(system: System, tmp_path: Path) -> None:
    """Sent by criteria, not shown before the member agrees, read once on two devices, and counted without saying who."""
    file = tmp_path / "message.toml"
    file.write_text(MESSAGE, encoding="utf-8")
    draft = read_draft(file, None, Deployment.load(system.deployment_path))
    sent = await send(desk(system), draft, 1000)
    async with signed_in(system, 8) as session:
        before = await _typed(session, "messages")
        read = await _typed(session, "consent give messages;messages;read 1", "はい")
        await session.log_off()
    for host in HOSTS:
        await sealing.host(system.layout, host)
    async with signed_in(system, 8) as session:
        again = await _typed(session, "messages")
        withdrawn = await _typed(session, "consent withdraw messages;messages")
        await session.log_off()
    counted = await count(desk(system), [sent.id])

    assert (sent.new, (sent.people or 0) >= 100) == (True, True)
    assert ["健診のご案内" in text for text in (before, read, again, withdrawn)] == [False, True, True, False]
    assert [("未読" in text, "既読" in text) for text in (read, again)] == [(True, False), (False, True)]
    assert [(one.people, one.read) for one in counted] == [(sent.people, None)]


async def test_a_view_for_the_household(system: System) -> None:
    """One member hands code and PIN over; the other reads without signing in, until the giver changes their keys."""
    async with signed_in(system, 9) as session, warifu.Client(Deployment.load(system.deployment_path)) as other:
        shown = await _typed(session, "consent give household;give-view checkups;views", "はい", PIN, PIN)
        text = next(word for word in shown.split() if word.startswith("WV1"))
        view = await other.household_view(text, PIN)
        seen = await view.checkups()
        own = await session.checkups()
        await session.change_keys()
        with pytest.raises(warifu.HostRefused) as ended:
            await view.checkups()
        await session.log_off()

    assert [one.model_copy(update={"details": None}) for one in own.checkups] == list(seen.checkups)
    assert (len(seen.checkups) > 0, ended.value.type) == (True, "view-unknown")


async def test_a_week_is_flagged_for_whoever_agreed(system: System) -> None:
    """Two members read, one of whom agreed to the flag; stopping the host in an orderly way loses none."""
    async with signed_in(system, 10) as agreed, signed_in(system, 11) as silent:
        await _typed(agreed, "consent give portal-use", "はい")
        for session in (agreed, silent):
            await session.checkups()
            await session.log_off()
    await system.stop("anon-data")
    await system.start("anon-data")
    connection = await asyncpg.connect(system.owner_urls["anon-data"])
    try:
        flags = await connection.fetchval("SELECT count(*) FROM portal_week_inbox")
    finally:
        await connection.close()

    assert flags == 1
