"""What only the insurer knows, from a table to programs, at the five hosts in this process."""

from pathlib import Path

import pytest
from registrar.errors import RegistrarError
from registrar.point_facts import Told, tell_facts
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import desk, given
from rooms.registrar.paperwork import row


def _table(folder: Path, *lines: str) -> Path:
    path = folder / "facts.csv"
    path.write_text("\n".join(["記号,番号,枝番,事実", *lines]) + "\n", encoding="utf-8")
    return path


async def test_facts_come_and_go(hosts: FiveHosts, tmp_path: Path) -> None:
    """Two facts of one member and one of another are told once; the same again changes nothing, and one is taken back."""
    await given(hosts, tmp_path, *(row(at) for at in range(1, 5)))
    lines = ("101,1,00,checkup-taken", "101,1,00,guidance-completed", "101,2,00,checkup-taken", "101,99,00,checkup-taken")
    table = _table(tmp_path, *lines)
    told = [await tell_facts(desk(hosts), 2025, table) for _ in range(2)]
    back = await tell_facts(desk(hosts), 2025, _table(tmp_path, lines[2]), withdraw=True)
    kept = await hosts.rows("programs", "SELECT kind, fiscal_year, count(*)::integer FROM point_fact GROUP BY 1, 2 ORDER BY 1")

    assert told == [Told(3, 0, 1), Told(0, 3, 1)]
    assert (back, kept) == (Told(1, 0, 0), [("checkup-taken", 2025, 1), ("guidance-completed", 2025, 1)])


@pytest.mark.parametrize("line", ["101,1,00,is-healthy", "101,,00,checkup-taken", "101,1,00,"])
async def test_a_bad_line(hosts: FiveHosts, tmp_path: Path, line: str) -> None:
    """A line that says something else is named by its number, and nothing is told."""
    await given(hosts, tmp_path, row(1))
    with pytest.raises(RegistrarError, match="line 3"):
        await tell_facts(desk(hosts), 2025, _table(tmp_path, "101,1,00,checkup-taken", line))

    assert await hosts.count("programs", "point_fact") == 0
