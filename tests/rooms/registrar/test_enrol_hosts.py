"""Enrolment at the five hosts in this process, on real databases."""

from datetime import date
from pathlib import Path

import pytest
from protocol.bundle import Bundle
from protocol.names import AUTHORITIES, HOSTS, HostName
from protocol.record import Profile, open_profile
from protocol.search import FIELDS
from protocol.shares import member_key
from protocol.split_seal import inner_hash, open_split, sealed_part, unseal_part
from registrar.errors import HostError, WindowError
from registrar.home import Home
from registrar.report import ImportSummary
from registrar.roster_member import Member
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.paperwork import row, write_table

PEOPLE = 12


def table(folder: Path, people: int = PEOPLE, **changes: object) -> Path:
    return write_table(folder / "eligibility.csv", [row(number, **changes) for number in range(1, people + 1)])


def members(hosts: FiveHosts) -> list[Member]:
    roster = Home.load(hosts.papers.home).roster()
    found = list(roster.members())
    roster.close()
    return found


async def counts(hosts: FiveHosts) -> dict[str, int]:
    tables: list[tuple[HostName, str]] = [(host, name) for name in ("account", "verifier") for host in AUTHORITIES]
    tables += [("keyvault", "bundle"), ("identity", "record"), ("anon-data", "mailbox"), ("programs", "mailbox")]
    return {f"{host} {name}": await hosts.count(host, name) for host, name in tables}


def everywhere(people: int, employees: int) -> dict[str, int]:
    expected = {f"{host} account": people for host in AUTHORITIES} | {f"{host} verifier": employees for host in AUTHORITIES}
    stores = {"keyvault bundle": people, "identity record": people, "anon-data mailbox": people, "programs mailbox": people}
    return expected | stores


async def test_everybody_is_enrolled_everywhere(hosts: FiveHosts, tmp_path: Path) -> None:
    """Each host has one row a member; dependants get no verifier."""
    people = [row(number, branch="01", relation="child", qualification="2", work_id="") for number in range(1, 4)]
    path = write_table(tmp_path / "eligibility.csv", [row(number) for number in range(1, PEOPLE + 1)] + people)
    summary = await hosts.run(path)

    assert (summary.members_enrolled, summary.lines, await counts(hosts)) == (15, [], everywhere(15, 12))


async def opened(hosts: FiveHosts, one: Member) -> tuple[Profile, Bundle]:
    """Open record and bundle with what a member's device is released at a first sign-in."""
    shares = {}
    for host in AUTHORITIES:
        (salt,) = (await hosts.rows(host, "SELECT salt FROM salt WHERE ref = $1", one.refs[host]))[0]
        shares[host] = hosts.papers.authorities[host].share(salt, one.refs[host], 0)
    (sealed,) = (await hosts.rows("keyvault", "SELECT bundle FROM bundle WHERE ref = $1", one.refs["keyvault"]))[0]
    (record,) = (await hosts.rows("identity", "SELECT record FROM record WHERE ref = $1", one.refs["identity"]))[0]
    bundle = Bundle.open(sealed, member_key(shares, 0), one.refs["keyvault"], 0)
    return open_profile(record, bundle.record_key, one.refs["identity"], 0), bundle


async def test_a_member_can_open_everything(hosts: FiveHosts, tmp_path: Path) -> None:
    """Three shares open the bundle; the bundle opens the record and names both mailboxes."""
    await hosts.run(table(tmp_path))
    one = members(hosts)[0]
    profile, bundle = await opened(hosts, one)
    tokens = [bundle.seed("anon-data").token, bundle.seed("programs").token]
    query = "SELECT 1 FROM mailbox WHERE token = $1"
    there = [await hosts.rows(store, query, token) for store, token in zip(HOSTS[3:], tokens, strict=True)]

    assert (profile.name, profile.member_number.split(":")[2], there) == ("架空谷 もふ太郎", one.anchor.number, [[(1,)], [(1,)]])


@pytest.mark.parametrize("killed_after", ["POST identity/records", "POST keyvault/bundles"])
async def test_a_member_who_comes_in_between_is_not_locked_out(hosts: FiveHosts, tmp_path: Path, killed_after: str) -> None:
    """A changed member opens record and bundle whichever of them is the new one, then and after the import was finished."""
    await hosts.run(table(tmp_path))
    path = table(tmp_path, address="架空県試験市例題町2丁目")
    hosts.calls.clear()
    hosts.kill_at.append(killed_after)
    with pytest.raises(Killed):
        await hosts.run(path)
    hosts.kill_at.clear()
    between = [(await opened(hosts, one))[0].address for one in members(hosts)]
    signed_in = members(hosts)[0]
    for host in AUTHORITIES:
        await hosts.rows(host, "UPDATE account SET ever_released = true WHERE ref = $1", signed_in.refs[host])
    summary = await hosts.run(path)
    after = [(await opened(hosts, one))[0].address for one in members(hosts)]

    assert (set(between), set(after), summary.lines, summary.updates_sent) == (
        {"架空県試験市例題町2丁目"},
        {"架空県試験市例題町2丁目"},
        [],
        1,
    )


async def test_the_number_beside_a_mailbox_opens_with_all_keys(hosts: FiveHosts, tmp_path: Path) -> None:
    """The three authorities and the insurer together read the member number again."""
    await hosts.run(table(tmp_path, people=1))
    ((token, blob),) = await hosts.rows("programs", "SELECT token, number FROM mailbox")
    parts = {
        host: unseal_part(keys.unseal_key("number"), sealed_part(blob, host), "number", inner_hash(blob))
        for host, keys in hosts.papers.authorities.items()
    }

    assert open_split(blob, "number", token, parts, Home.load(hosts.papers.home).insurer) == members(hosts)[0].anchor.x


async def test_the_same_file_again_makes_no_call(hosts: FiveHosts, tmp_path: Path) -> None:
    """A second import reads the file, finds everything as it was, and opens no window."""
    path = table(tmp_path)
    await hosts.run(path)
    hosts.calls.clear()
    again = await hosts.run(path)

    assert (again.changed, again.members_unchanged, hosts.calls) == (0, PEOPLE, [])


@pytest.mark.parametrize("calls", [6, 12, 15, 16])
async def test_a_killed_import_is_finished_by_the_same_command(hosts: FiveHosts, tmp_path: Path, calls: int) -> None:
    """Wherever the process ends, the second run leaves one row a member everywhere, under the references of the first."""
    path = table(tmp_path)
    hosts.kill_after.append(calls)
    with pytest.raises(Killed):
        await hosts.run(path)
    planned = {member.anchor: member.refs for member in members(hosts)}
    hosts.kill_after.clear()
    await hosts.run(path)
    after = {member.anchor: member.refs for member in members(hosts)}

    assert (after, await counts(hosts)) == (planned, everywhere(PEOPLE, PEOPLE))


async def test_nobody_is_known_to_the_gateway_before_the_end(hosts: FiveHosts, tmp_path: Path) -> None:
    """The gateway's last call is what lets employees sign in; everything else is in place by then."""
    await hosts.run(table(tmp_path))

    writes = [call for call in hosts.calls if not call.endswith("/windows/closing")]

    assert (writes[-1], writes.count("POST gateway/enrolments")) == ("POST gateway/enrolments", 2)


async def test_little_is_left_of_a_quota(hosts: FiveHosts, tmp_path: Path) -> None:
    """A window that the import opened has room left for a repeated call, and none where repeating costs nothing."""
    await hosts.run(table(tmp_path))
    query = "SELECT use, quota - used FROM window_quota ORDER BY use"
    left = {host: await hosts.rows(host, query) for host in HOSTS[:1] + HOSTS[-1:]}

    # Of the search index the gateway evaluates words, a repetition of which has room; its rows are counted at identity.
    indexed = ("index", (len(FIELDS) + 2) * PEOPLE)
    assert left == {"gateway": [("enrol", PEOPLE), indexed, ("member", PEOPLE)], "programs": [("mailbox", 0)]}


async def test_lost_answers_do_not_end_an_import(hosts: FiveHosts, tmp_path: Path) -> None:
    """A host that did its work, but was not heard, is asked again, and the quota has room for it."""
    hosts.lose += ["POST gateway/evaluations", "POST gateway/enrolments", "POST identity/enrolments", "POST programs/mailboxes"]
    summary = await hosts.run(table(tmp_path))

    assert (hosts.lose, summary.members_enrolled, await counts(hosts)) == ([], PEOPLE, everywhere(PEOPLE, PEOPLE))


@pytest.mark.parametrize("refused_at", ["windows", "records"])
async def test_an_import_that_ends_early_leaves_no_window(hosts: FiveHosts, tmp_path: Path, refused_at: str) -> None:
    """A host's refusal ends the import: its report is there so far, and the keys of its windows are not."""
    hosts.refuse.append(f"POST identity/{refused_at}")
    summary = ImportSummary()
    with pytest.raises(HostError):
        await hosts.run(write_table(tmp_path / "table.csv", [row(1), row(2, email="nobody")]), summary=summary)

    assert ([line.code for line in summary.lines], list(Home.load(hosts.papers.home).windows.iterdir())) == (["email-bad"], [])


async def test_a_released_member_gets_a_note(hosts: FiveHosts, tmp_path: Path) -> None:
    """A changed row of somebody who has signed in touches neither bundle nor record: it is sent, sealed to their mailbox key."""
    await hosts.run(table(tmp_path))
    one = next(member for member in members(hosts) if member.anchor.number == "3")
    for host in AUTHORITIES:
        await hosts.rows(host, "UPDATE account SET ever_released = true WHERE ref = $1", one.refs[host])
    query = "SELECT bundle FROM bundle WHERE ref = $1"
    before = await hosts.rows("keyvault", query, one.refs["keyvault"])
    people = [row(number, address="架空県試験市例題町2丁目") for number in range(1, PEOPLE + 1)]
    summary = await hosts.run(write_table(tmp_path / "moved.csv", people))
    notes = await hosts.rows("identity", "SELECT ref, whole, sealed FROM profile_update")

    assert before == await hosts.rows("keyvault", query, one.refs["keyvault"])
    assert (summary.members_updated, summary.updates_sent, summary.lines) == (PEOPLE, 1, [])
    assert [(ref, whole) for ref, whole, _ in notes] == [(one.refs["identity"], True)]


async def test_a_taken_work_id_is_reported(hosts: FiveHosts, tmp_path: Path) -> None:
    """Of two people with one work id nobody is enrolled twice; the line and a code are all that is said."""
    await hosts.run(table(tmp_path, people=1))
    path = write_table(tmp_path / "twin.csv", [row(2, work_id="W000001"), row(3)])
    summary = await hosts.run(path)

    assert (summary.members_enrolled, [(line.line, line.code) for line in summary.lines]) == (1, [(2, "verifier-taken")])


async def test_a_group_that_grows_is_published(hosts: FiveHosts, tmp_path: Path) -> None:
    """Below ten members a site is `other`; the tenth makes it known, for the nine before as well."""
    sites = [row(number) for number in range(1, 21)] + [row(number, site_code="S0002") for number in range(21, 30)]
    await hosts.run(write_table(tmp_path / "nine.csv", sites))
    query = "SELECT workplace, count(*) FROM person GROUP BY workplace ORDER BY workplace"
    before = await hosts.rows("anon-data", query)
    summary = await hosts.run(write_table(tmp_path / "ten.csv", [row(30, site_code="S0002")]))

    assert (before, await hosts.rows("anon-data", query), summary.members_regrouped) == (
        [("other", 29)],
        [("s0001", 20), ("s0002", 10)],
        29,
    )


async def test_anon_data_knows_no_birth_date(hosts: FiveHosts, tmp_path: Path) -> None:
    """Of a person it has sex, birth year, relation and group."""
    await hosts.run(table(tmp_path, people=1, birth_date=date(1979, 12, 24)))

    assert await hosts.rows("anon-data", "SELECT sex, birth_year, relation, workplace FROM person") == [
        ("male", 1979, "insured", "other")
    ]


async def test_without_officers_an_open_window_is_needed(hosts: FiveHosts, tmp_path: Path) -> None:
    """The error says what to do."""
    with pytest.raises(WindowError, match="no window for enrol is open"):
        await hosts.run(table(tmp_path), officers=False)
