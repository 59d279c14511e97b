"""Everything that can be wrong with what insurers send, in one import at the five hosts: good rows come in, the rest is a line."""

import csv
from collections.abc import Iterable
from pathlib import Path

from protocol.names import AUTHORITIES, HOSTS
from registrar.home import Home
from registrar.importers import CODES, EligibilityRow
from registrar.report import REASONS, write_lines
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.paperwork import row, write_table
from rooms.registrar.samples import HEIGHT, SECRET, SMOKING, archive, choice, document, quantity

PERSONAL = (SECRET, "架空谷", "カクウダニ", "ヒミツタニ", "0699", "1980", "424242", "４２４２４２", "W0", "not an address", "160.5")
"""What no report may show: names, numbers, days, addresses, results."""

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10 if at else "&a;" * 10}">' for at in range(9))
    + "]>"
)


def saved(path: Path, rows: Iterable[EligibilityRow], *, encoding: str = "utf-8", without: tuple[str, ...] = ()) -> Path:
    """Write a table in another encoding, or without some columns."""
    write_table(path, rows)
    lines = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, [name for name in lines[0] if name not in without], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    return path


def checkup(number: str, day: str = "20240610", **changes: str) -> bytes:
    ids = {"101": "06990019", "204": "101", "205": number, "211": "00"}
    results = (quantity(HEIGHT, "160.5"), choice(SMOKING, "1", "24060"))
    return document(*results, birth="19800401", day=day, ids=ids, **changes)


def bad_files(folder: Path) -> list[Path]:
    """Write the files of the command; the numbers in the expected lines are their places here, from 1."""
    people = [
        row(1, number="１", department_name="試験部"),
        row(4, number="４"),
        row(4, kana_name="ヒミツタニ モフサブロウ"),
        row(5, email="not an address"),
        row(6, number="424242-1"),
        row(7),
    ]
    mixed = saved(folder / "1.csv", people)
    other = saved(folder / "2.csv", [row(7, symbol="１０１"), row(8)], encoding="cp932")
    lacking = [
        saved(folder / "3.csv", [row(9)], encoding="cp932", without=("sex", "birth_date")),
        saved(folder / "4.csv", [row(10)], without=("number",)),
    ]
    documents = [
        checkup("4"),
        checkup("4", prolog=BOMB),
        checkup("4", namespace="urn:hl7-org:v2"),
        checkup("4")[:-40],
        checkup("４"),
        checkup("424242"),
        checkup("７", day="20240611"),
        checkup("8", day="19000101"),
    ]
    good = archive(folder / "5.zip", documents)
    cut = archive(folder / "6.zip", [checkup("8"), checkup("7")])
    cut.write_bytes(cut.read_bytes()[:-30])
    noise = folder / "7.bin"
    noise.write_bytes(SECRET.encode())
    return [mixed, other, *lacking, good, cut, noise]


LINES = [
    ("1:eligibility", "4", "member-repeated", ""),
    ("1:eligibility", "5", "email-bad", ""),
    ("1:eligibility", "6", "member-number-bad", ""),
    ("2:eligibility", "2", "member-repeated", ""),
    ("3:eligibility", "1", "columns-missing", ": birth_date, sex"),
    ("4:eligibility", "1", "columns-missing", ": number"),
    ("5:DATA[000002]", "", "xml-doctype", ""),
    ("5:DATA[000003]", "", "namespace-wrong", ""),
    ("5:DATA[000004]", "", "xml-malformed", ""),
    ("5:DATA[000005]", "", "checkup-repeated", ""),
    ("5:DATA[000006]", "", "not-enrolled", ""),
    ("5:DATA[000008]", "", "dates-disordered", ""),
    ("6:archive", "", "archive-broken", ""),
    ("7:file", "", "format-unknown", ""),
]


async def seen(hosts: FiveHosts) -> dict[str, int]:
    counted = {f"{host} accounts": await hosts.count(host, "account") for host in AUTHORITIES}
    counted |= {f"{host} mailboxes": await hosts.count(host, "mailbox") for host in HOSTS if host not in AUTHORITIES}
    return counted | {"bundles": await hosts.count("keyvault", "bundle"), "records": await hosts.count("identity", "record")}


def roster(hosts: FiveHosts) -> dict[str, bytes]:
    """Return what the workstation has noted of each member, by number."""
    kept = Home.load(hosts.papers.home).roster()
    found = {member.anchor.number: member.content for member in kept.members() if member.status == "enrolled"}
    kept.close()
    return found


async def sealed(hosts: FiveHosts) -> list[set[tuple[object, ...]]]:
    """Return the bundles, the records and the checkups as they are stored."""
    queries = (("keyvault", "bundle"), ("identity", "record"), ("anon-data", "checkup"))
    return [set(await hosts.rows(host, f"SELECT * FROM {table}")) for host, table in queries]  # type: ignore[arg-type]  # two literals


async def test_good_rows_come_in_and_each_bad_one_is_a_line(hosts: FiveHosts, tmp_path: Path) -> None:
    """Hosts and roster hold exactly the good rows, also in the same files; the report says where and why, and never who."""
    await hosts.run(write_table(tmp_path / "before.csv", [row(1), row(2)]), archive(tmp_path / "before.zip", [checkup("2")]))
    noted, stored = roster(hosts), await sealed(hosts)
    files = bad_files(tmp_path)
    summary = await hosts.run(*files)
    write_lines(tmp_path / "rejected.csv", summary.lines)
    report = (tmp_path / "rejected.csv").read_text(encoding="utf-8")
    reasons = dict(REASONS) | {code.slug: code.reason for code in CODES.values()}

    assert sorted(csv.reader(report.splitlines()[1:])) == [
        [file, line, code, reasons[code] + about] for file, line, code, about in LINES
    ]
    assert [word for word in PERSONAL if word in report] == []
    assert (summary.members_enrolled, summary.checkups_inserted, summary.rejected) == (3, 2, len(LINES))
    assert (await seen(hosts), await hosts.count("anon-data", "checkup")) == (dict.fromkeys(await seen(hosts), 5), 3)
    assert sorted(roster(hosts)) == ["1", "2", "4", "7", "8"]
    assert roster(hosts)["2"] == noted["2"]
    # Of the first two members, one came again with another department; the other has bundle and record as before.
    assert [len(old & new) for old, new in zip(stored, await sealed(hosts), strict=True)] == [1, 1, 1]


async def test_the_same_bad_files_again_change_nothing(hosts: FiveHosts, tmp_path: Path) -> None:
    """Nothing was left half done: the second run says the same lines, and no host is called."""
    files = bad_files(tmp_path)
    first = await hosts.run(*files)
    before = (roster(hosts), await sealed(hosts))
    hosts.calls.clear()
    again = await hosts.run(*files)

    assert (again.lines, again.changed, hosts.calls) == (first.lines, 0, [])
    assert (roster(hosts), await sealed(hosts)) == before


async def test_files_without_a_good_row_call_no_host(hosts: FiveHosts, tmp_path: Path) -> None:
    """When everything is refused, no window is opened and nobody is known afterwards."""
    *_, lacking, other, _, cut, noise = bad_files(tmp_path)
    summary = await hosts.run(lacking, other, cut, noise)

    assert ([line.code for line in summary.lines], hosts.calls, roster(hosts), await hosts.count("gateway", "account")) == (
        ["columns-missing", "columns-missing", "archive-broken", "format-unknown"],
        [],
        {},
        0,
    )
