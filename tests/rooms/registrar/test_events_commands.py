"""``warifu-registrar events run`` as its own process: what officers are shown and asked, and windows opened beforehand."""

from pathlib import Path

from protocol.names import AUTHORITIES
from registrar.rules import midnight
from registrar.rules import today as japan_today
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import LEFT, access, given, member_with, sign_in, verifiers_of
from rooms.registrar.paperwork import row
from rooms.registrar.test_cli_hosts import command, listening
from rooms.registrar.test_officer_hosts import request, signers


async def test_officers_read_what_they_sign(hosts: FiveHosts, tmp_path: Path) -> None:
    """Purpose, zone, count, and each person by number and name; whoever says no signs nothing, and the event stays due."""
    await given(hosts, tmp_path, row(1), row(2))
    await given(hosts, tmp_path, row(1, lost=LEFT), row(2))
    names = ["--names", str(tmp_path / "eligibility.csv")]
    opened = "SELECT count(*) FROM registrar_window WHERE purpose = 'suspend'"
    async with listening(hosts):
        no = await command(hosts, "events", "run", *signers(hosts), *names, typed="n\n")
        at_no = await hosts.rows("keyvault", opened)
        yes = await command(hosts, "events", "run", *signers(hosts), "--lang", "ja", typed="y\n")
    one = member_with(hosts, 1)

    assert [words in no[1] for words in ("End people's access. [suspend]", "1. 101:1:00 架空谷 もふ太郎", "Sign this?")] == [
        True
    ] * 3
    assert ["pseudonymous zone" in no[1], "101:2:00" in no[1], "To be signed by: officer-1, officer-2" in no[1]] == [
        False,
        False,
        True,
    ]
    assert (no[0], "error: not signed" in no[1], at_no) == (1, True, [(0,)])
    assert (yes[0], "利用の停止" in yes[1], "1. 101:1:00" in yes[1], yes[1].endswith("1 access")) == (0, True, True, True)
    assert await access(hosts, one) == [(midnight(LEFT), midnight(LEFT))] * 3


async def test_with_windows_that_were_signed_elsewhere(hosts: FiveHosts, tmp_path: Path) -> None:
    """Without officers at hand: a leaver, a new work id and a child's guardian are done in windows opened from signing requests."""
    child = {"branch": "02", "relation": "child", "qualification": "2", "work_id": "", "birth_date": japan_today()}
    await given(hosts, tmp_path, row(1), row(2), row(3), row(3, **child, acquired=japan_today()))
    await sign_in(hosts, member_with(hosts, 2))
    await given(hosts, tmp_path, row(1, lost=LEFT), row(2, work_id="W999999"), row(3, lost=LEFT), row(3, **child))
    about = [part for number in ("101:1:00", "101:2:00", "101:3:00", "101:3:02") for part in ("--member", number)]
    async with listening(hosts):
        without = await command(hosts, "events", "run")
        await command(hosts, "window", "open", "--purpose", "ingest", "--members", "4", *signers(hosts))
        suspend = await request(hosts, tmp_path, "suspend", *about)
        recover = await request(hosts, tmp_path, "recover", "--member", "101:2:00")
        enrol = await request(hosts, tmp_path, "enrol", "--members", "2")
        for file in (suspend, recover, enrol):
            assert (await command(hosts, "window", "open", "--request", str(file)))[0] == 0
        done = await command(hosts, "events", "run")
        left = await command(hosts, "events", "due")

    assert (without[0], "no window for suspend is open" in without[1]) == (1, True)
    assert (done[0], "2 access, 1 guardian-end, 1 work-id" in done[1]) == (0, True), done
    assert "unguarded" in left[1]
    assert await access(hosts, member_with(hosts, 1)) == [(midnight(LEFT), midnight(LEFT))] * 3
    assert [len(at) for at in await verifiers_of(hosts, member_with(hosts, 3, "02"))] == [0] * len(AUTHORITIES)
    assert [[each.not_before is not None for each in at] for at in await verifiers_of(hosts, member_with(hosts, 2))] == [[True]] * 3
