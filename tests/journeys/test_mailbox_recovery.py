"""The insurer lets a store hand a mailbox to another key: who still reads it sees that at the next sign-in, and refuses."""

from datetime import timedelta

import warifu
from journeys.office import Office
from rooms.registrar.lives import member_with
from rooms.registrar.paperwork import row


async def test_whoever_reads_refuses(town: Office) -> None:
    """Both stores name the day; what is refused is not named again, and what is not stays named from the day on as well."""
    await town.take_in(row(1, work_id=""))
    way = warifu.CodeWay(await town.letter("101:1:00"))
    async with town.device() as device:
        async with await device.sign_in(way) as session:
            assert session.mailbox_recoveries == {}
            await session.put_steps([warifu.DaySteps(town.today, 4321)])
        day = await town.recover_mailboxes(member_with(town.hosts, 1))
        async with await device.sign_in(way) as session:
            assert session.mailbox_recoveries == {"anon-data": day, "programs": day}
            await session.refuse_mailbox_recovery("programs")
            assert session.mailbox_recoveries == {"anon-data": day}
        town.pass_time(timedelta(days=3))
        async with await device.sign_in(way) as session:
            assert session.mailbox_recoveries == {"anon-data": day}
            await session.refuse_mailbox_recovery("anon-data")
        async with await device.sign_in(way) as session:
            assert session.mailbox_recoveries == {}
            assert [one.steps for one in await session.steps(town.today - timedelta(days=5), town.today)] == [4321]
