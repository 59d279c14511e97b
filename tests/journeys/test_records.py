"""What a member writes and sees, on the shell of two devices, through five hosts and a night's seal."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import warifu
from journeys.test_member import count, signed_in
from local import seal as sealing
from local.layout import HOSTS
from local.system import System
from rich.console import Console
from warifu.cli.shell import Shell
from warifu.cli.words import Words

TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)


async def run(session: warifu.MemberSession, *lines: str, day: date = TODAY) -> str:
    """Return what the shell says to these commands, all of which must succeed."""

    async def nobody() -> warifu.Way:
        raise AssertionError("nothing here is proved anew")

    shown = StringIO()
    shell = Shell(session, Console(file=shown, width=160), Words("en"), lambda: day, proving=nobody)
    for line in lines:
        assert await shell.command(line), (line, shown.getvalue())
    return shown.getvalue()


async def test_records_on_two_devices(system: System) -> None:
    """What one device writes, in whatever units, the other reads, corrects and deletes; after the night it is the same."""
    async with signed_in(system, 8) as first, signed_in(system, 8) as second:
        await run(
            first,
            "weigh 143.3 lb",
            "pressure 16 10.7 kPa",
            "record pulse 61",
            f"record sleep 7.5 hr {YESTERDAY}",
            "note slept badly",
            f"note {YESTERDAY} a headache",
        )
        await run(second, "record pulse 64", f"forget sleep {YESTERDAY}", f"forget-note {YESTERDAY}", "note slept well after all")
        before = await run(first, "vitals", "notes")
        for host in HOSTS:
            await sealing.host(system.layout, host)
        after = await run(second, "vitals", "notes")
        readable = await count(system, "anon-data", "SELECT count(*) FROM note WHERE position('slept'::bytea IN sealed) > 0")
        kept = await count(system, "anon-data", "SELECT count(*) FROM note WHERE sealed IS NOT NULL")
        await first.log_off()
        await second.log_off()

    assert before == after
    assert [word in after for word in ("65.00", "120", "64", "slept well after all")] == [True] * 4
    assert [word in after for word in ("61", "450", "headache", "slept badly")] == [False] * 4
    assert (readable, kept >= 1) == (0, True)


async def test_checkups_are_explained(system: System) -> None:
    """Both years stand side by side, answers are in words, and the results of the rules are those that the importer was given."""
    async with signed_in(system, 9) as session:
        shown = await run(session, "checkups", "years", "meanings")
        views = await session.checkup_views()
        await session.log_off()

    assert [word in shown for word in ("Questionnaire", "Do you smoke regularly?", "Judged for the metabolic syndrome")] == [
        True
    ] * 3
    assert [view.differs(view.syndrome, "metabolic-syndrome") for view in views] == [False] * len(views)
    assert [view.differs(view.guidance, "guidance-level") for view in views] == [False] * len(views)
    assert views
