"""What a command opened it closes: at the five hosts in this process."""

from pathlib import Path

import pytest
from protocol.names import HOSTS, HostName
from registrar.errors import HostError
from registrar.report import ahead
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.paperwork import row, write_table

PEOPLE = 3


def _table(folder: Path) -> Path:
    return write_table(folder / "eligibility.csv", [row(number) for number in range(1, PEOPLE + 1)])


async def _open(hosts: FiveHosts) -> dict[HostName, int]:
    return {host: await hosts.count(host, "registrar_window WHERE NOT closed") for host in HOSTS}


def _keys(hosts: FiveHosts) -> list[Path]:
    return list((hosts.papers.home / "windows").glob("*.json"))


async def test_an_import_leaves_no_window_open(hosts: FiveHosts, tmp_path: Path) -> None:
    """Neither at a host nor as a key at the workstation."""
    summary = await hosts.run(_table(tmp_path))

    assert summary.windows_opened > 0
    assert (await _open(hosts), _keys(hosts), ahead(summary)) == (dict.fromkeys(HOSTS, 0), [], [])


async def test_nor_does_one_that_fails(hosts: FiveHosts, tmp_path: Path) -> None:
    """A host refuses its rows: the windows are closed all the same, and the reason is what is told."""
    hosts.refuse.append("POST identity/records")
    with pytest.raises(HostError):
        await hosts.run(_table(tmp_path))

    assert (await _open(hosts), _keys(hosts)) == (dict.fromkeys(HOSTS, 0), [])


async def test_nor_one_that_a_host_does_not_open(hosts: FiveHosts, tmp_path: Path) -> None:
    """Where the others opened it, it is closed again."""
    hosts.refuse.append("POST programs/windows")
    with pytest.raises(HostError):
        await hosts.run(_table(tmp_path))

    assert (await _open(hosts), _keys(hosts)) == (dict.fromkeys(HOSTS, 0), [])


async def test_a_host_that_does_not_hear_it_is_named(hosts: FiveHosts, tmp_path: Path) -> None:
    """There the window ends by itself; the import counts as done."""
    hosts.refuse.append("POST keyvault/windows/closing")
    summary = await hosts.run(_table(tmp_path))
    left = await _open(hosts)

    assert (summary.members_enrolled, summary.windows_left_open_at, _keys(hosts)) == (PEOPLE, {"keyvault"}, [])
    assert [host for host, count in left.items() if count] == ["keyvault"]
    assert any("keyvault" in sentence for sentence in ahead(summary))


async def test_one_that_is_killed_asks_nobody(hosts: FiveHosts, tmp_path: Path) -> None:
    """Nothing runs after the end of a process, so no test may count on it."""
    hosts.kill_at.append("POST identity/records")
    with pytest.raises(Killed):
        await hosts.run(_table(tmp_path))

    assert not [call for call in hosts.calls if call.endswith("/windows/closing")]
