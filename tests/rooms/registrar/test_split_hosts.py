"""Two people who were taken for one, taken apart at the five hosts in this process."""

from datetime import date
from pathlib import Path

import pytest
from protocol.names import AUTHORITIES, STORES
from registrar.errors import RegistrarError
from registrar.importers import EligibilityRow
from registrar.roster import Roster
from registrar.split import split
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.lives import TODAY, desk, given, member_with, seed_of, sign_in, verifiers_of
from rooms.registrar.paperwork import row, write_table
from rooms.registrar.samples import HEIGHT, archive, document, quantity
from rooms.registrar.test_enrol_hosts import members

IDS = {"101": "06990019", "204": "101", "211": "00"}


def checkup(number: int, day: str) -> bytes:
    return document(quantity(HEIGHT, "170.0"), ids={**IDS, "205": str(number)}, birth="19800401", day=day)


def second(**changes: object) -> EligibilityRow:
    return row(2, acquired=date(2026, 10, 1), **changes)


async def merged(hosts: FiveHosts, folder: Path) -> tuple[Path, Path]:
    """Take the second for the first, who has signed in; a checkup of each is stored. Return the corrected table and the archive."""
    await given(hosts, folder, row(1))
    await sign_in(hosts, member_with(hosts, 1))
    await hosts.run(archive(folder / "one.zip", [checkup(1, "20240610")]), today=TODAY)
    await given(hosts, folder, second(previous_number="1"))
    both = archive(folder / "two.zip", [checkup(2, "20261011")])
    await hosts.run(both, today=TODAY)
    return write_table(folder / "corrected.csv", [row(1), second()]), both


async def check_apart(hosts: FiveHosts, folder: Path, table: Path, both: Path, before: dict[str, bytes]) -> None:
    """Both have accounts, records, mailboxes and verifiers of their own; the checkup went to whose it is."""
    one, two = member_with(hosts, 1), member_with(hosts, 2)
    found = [[[each.kind for each in at] for at in await verifiers_of(hosts, each)] for each in (one, two)]
    left = await hosts.rows("anon-data", "SELECT token, exam_date FROM checkup")
    await hosts.run(both, today=TODAY)
    after = await hosts.rows("anon-data", "SELECT token, exam_date FROM checkup ORDER BY exam_date")

    assert (one.anchor.number, two.anchor.number, len(members(hosts))) == ("1", "2", 2)
    assert found == [[["oidc"]] * 3] * 2
    assert [await hosts.count(host, "account") for host in AUTHORITIES] == [2, 2, 2]
    assert {ref for each in (one, two) for ref in each.refs.values()} & set(before.values()) == set()
    assert [await hosts.count(store, "recovery") for store in STORES] == [1, 1]
    assert left == [(seed_of(hosts, one).token, date(2024, 6, 10))]
    assert after == [(seed_of(hosts, one).token, date(2024, 6, 10)), (seed_of(hosts, two).token, date(2026, 10, 11))]
    # A file that still names the wrong number changes nothing any more.
    again = await given(hosts, folder, row(1), second(previous_number="1"))
    assert (again.members_unchanged, again.lines, len(members(hosts))) == (2, [], 2)
    assert table.exists()


async def test_two_people_are_taken_apart(hosts: FiveHosts, tmp_path: Path) -> None:
    """The first keeps number and mailbox under a new account; the second begins anew; withdrawn checkups are imported again."""
    table, both = await merged(hosts, tmp_path)
    before = dict(members(hosts)[0].refs)
    summary = await split(desk(hosts), "101:2:00", "101:1:00", [table])

    assert (summary.withdrawn, summary.imported.members_enrolled) == (1, 2)
    await check_apart(hosts, tmp_path, table, both, {str(host): ref for host, ref in before.items()})


async def test_killed_while_taking_apart(hosts: FiveHosts, tmp_path: Path) -> None:
    """After each call in turn: the same command goes on, and in between an import touches neither of the two."""
    table, both = await merged(hosts, tmp_path)
    before = {str(host): ref for host, ref in members(hosts)[0].refs.items()}
    after = 0
    while True:
        hosts.calls.clear()
        after += 1
        hosts.kill_after[:] = [after]
        try:
            await split(desk(hosts), "101:2:00", "101:1:00", [table])
        except Killed:
            hosts.kill_after.clear()
            if members(hosts)[0].splitting:
                summary = await given(hosts, tmp_path, row(1, address="架空県2丁目"))
                assert [line.code for line in summary.lines] == ["splitting"]
            continue
        break
    hosts.kill_after.clear()

    assert after > 10
    await check_apart(hosts, tmp_path, table, both, before)


@pytest.mark.parametrize(
    ("member", "taken_for", "sentence"),
    [
        ("101:3:00", "101:1:00", "does not take these two"),
        ("101:1:00", "101:2:00", "came first"),
        ("101:2", "101:1:00", "symbol:number:branch"),
    ],
)
async def test_only_those_taken_for_one_are_split(
    hosts: FiveHosts, tmp_path: Path, member: str, taken_for: str, sentence: str
) -> None:
    """Anything else is a sentence, and no call."""
    await given(hosts, tmp_path, row(1))
    await given(hosts, tmp_path, second(previous_number="1"), row(3))
    hosts.calls.clear()
    with pytest.raises(RegistrarError, match=sentence):
        await split(desk(hosts), member, taken_for, [])

    assert hosts.calls == []


def test_a_roster_knows_under_which_number_a_checkup_came(tmp_path: Path) -> None:
    """By member and number; forgotten ones are new again."""
    roster = Roster.open(tmp_path / "roster", bytes(32))
    one, two = row(1).member, row(2).member
    roster.put_origins([(one, "2024-06-03", "010", b"a" * 32, one, ""), (one, "2025-06-03", "010", b"b" * 32, two, "")])
    came = roster.came_as(one, two)
    roster.forget_checkups(one, came)
    found = [roster.checkup(one, day, "010") for day in ("2024-06-03", "2025-06-03")]
    roster.close()

    assert (came, found) == ([("2025-06-03", "010")], [b"a" * 32, None])
