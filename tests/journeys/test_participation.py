"""How much somebody took part reaches anon-data from their device alone: asked to, by consent, once, and mixed with chance."""

import re
from datetime import timedelta
from io import StringIO

import warifu
from journeys.office import Office
from protocol.encoding import b64u
from protocol.participation import last_half, told
from rich.console import Console
from rooms.registrar.paperwork import row
from warifu.cli.shell import Shell
from warifu.cli.words import Words

NUMBER = "101:1:00"


async def test_a_level_is_told_by_the_device(town: Office) -> None:
    """Not without consent, not twice, and not in a session that wrote to programs; what is told is what chance makes of it."""
    await town.take_in(row(1, work_id=""))
    letter = await town.letter(NUMBER)

    async def proving() -> warifu.Way:
        return warifu.CodeWay(letter)

    today = town.clock.now().date()
    first, _ = last_half(today)
    async with town.device() as device, await device.sign_in(warifu.CodeWay(letter)) as session:
        (mailbox,) = await town.hosts.rows("programs", "SELECT token FROM mailbox")
        await town.hosts.rows(
            "programs",
            "INSERT INTO step_day (token, install, day, steps, seq) "
            "SELECT $1, decode(repeat('00', 16), 'hex'), $2::date + n, 5381, 1 FROM generate_series(0, 19) AS n",
            mailbox[0],
            first,
        )
        unasked = await session.tell_participation()
        await session.give_consent(next(text for text in await session.consent_texts() if text.purpose == "analysis"))
        done = await session.tell_participation()
        shown = StringIO()
        shell = Shell(session, Console(file=shown, width=200), Words("en"), proving=proving)
        again = await shell.run(["tell-participation", "office-name"])
        (case,) = await town.hosts.rows("programs", "SELECT id FROM point_case")
        stored = await session.participation()
        seed = session._keys().settled.held.mailbox_seed
        await town.hosts.rows("anon-data", "DELETE FROM participation_inbox")
        await session.put_steps([warifu.DaySteps(today - timedelta(days=1), 9000)])
        after_writing = await session.tell_participation()

    assert (unasked, done, after_writing) == (False, True, False)
    assert (again, "Nothing was told" in shown.getvalue(), b64u(case[0]) in shown.getvalue()) == (True, True, True)
    assert [(one.first, one.level) for one in stored] == [(first, told(seed, first, "some"))]
    # A day's steps; inside a random key's digits they mean nothing.
    assert not re.search(r"(?<![0-9a-f])5381(?![0-9a-f])", await town.everything("anon-data"))
