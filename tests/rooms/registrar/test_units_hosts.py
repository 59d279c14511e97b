"""The registrar's roster units, at the five hosts in this process."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from protocol.encoding import unb64u
from registrar.errors import HostError, RegistrarError
from registrar.units import publish_units, write_names
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import desk, given
from rooms.registrar.paperwork import row

TODAY = date.today()  # noqa: DTZ011 - the hosts go by the system's clock


def _table(folder: Path, *lines: str) -> Path:
    path = folder / "units.csv"
    path.write_text("\n".join(["記号,番号,枝番,所属", *lines]) + "\n", encoding="utf-8")
    return path


async def test_units_hold_as_a_whole(hosts: FiveHosts, tmp_path: Path) -> None:
    """Two units of a table, small departments joined; the same again moves nobody; programs is told no name."""
    await given(hosts, tmp_path, *(row(at) for at in range(1, 31)))
    lines = [f"101,{at},00,横浜/{'開発' if at <= 12 else '営業' if at <= 20 else '総務'}" for at in range(1, 31)]
    table = _table(tmp_path, *lines)
    first = await publish_units(desk(hosts), TODAY, table)
    again = await publish_units(desk(hosts), TODAY, table)
    moved = await publish_units(desk(hosts), TODAY + timedelta(days=1), _table(tmp_path, *lines[1:], "101,1,00,横浜/総務"))
    write_names(first, tmp_path / "names.csv")
    with (tmp_path / "names.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {unb64u(line["unit"]): (line["name"], line["members"]) for line in csv.DictReader(file)}
    at_programs = await hosts.rows("programs", "SELECT unit, count(*)::text FROM unit_member WHERE since = $1 GROUP BY unit", TODAY)
    named = await hosts.rows("programs", "SELECT id FROM team WHERE name IS NOT NULL")

    assert [(unit.path, unit.members) for unit in first.units] == [(("横浜",), 18), (("横浜", "開発"), 12)]
    assert (first.changed, again.changed, moved.changed, first.unknown) == (30, 0, 1, 0)
    assert set(at_programs) == {(unit, size) for unit, (_, size) in names.items()}
    assert (named, sorted(name for name, _ in names.values())) == ([], ["横浜", "横浜 開発"])


async def test_a_killed_import_begins_anew(hosts: FiveHosts, tmp_path: Path) -> None:
    """What waited of a roster that was never committed is forgotten when the next one of that day begins."""
    await given(hosts, tmp_path, *(row(at) for at in range(1, 21)))
    hosts.refuse.append("POST programs/roster/commits")
    with pytest.raises(HostError):
        await publish_units(desk(hosts), TODAY, _table(tmp_path, *(f"101,{at},00,横浜" for at in range(1, 21))))
    hosts.refuse.clear()
    published = await publish_units(desk(hosts), TODAY, _table(tmp_path, *(f"101,{at},00,神戸" for at in range(1, 11))))

    assert (published.changed, [unit.members for unit in published.units]) == (10, [10])
    assert await hosts.count("programs", "roster_row") == 0


async def test_too_few_for_any_unit(hosts: FiveHosts, tmp_path: Path) -> None:
    """Nine members are no unit, and programs is told nothing."""
    await given(hosts, tmp_path, *(row(at) for at in range(1, 10)))
    with pytest.raises(RegistrarError, match="fewer than ten"):
        await publish_units(desk(hosts), TODAY, None)

    assert not any("roster" in call for call in hosts.calls)
