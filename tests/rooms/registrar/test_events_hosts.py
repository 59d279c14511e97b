"""Life events at the five hosts in this process, on real databases."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from protocol.messages.profiles import ProfileFields, update_info
from protocol.names import AUTHORITIES, STORES, HostName
from registrar.events import list_due, run_events
from registrar.guardians import UNTIL
from registrar.home import Home
from registrar.population import write_population
from registrar.rules import midnight
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import (
    LEFT,
    TODAY,
    access,
    desk,
    given,
    killed_after_each_call,
    member_with,
    seed_of,
    sign_in,
    verifiers_of,
)
from rooms.registrar.paperwork import row
from rooms.registrar.test_arrivals import HISTORY
from rooms.registrar.test_enrol_hosts import members


async def test_who_leaves_has_access_until_the_rules_say(hosts: FiveHosts, tmp_path: Path) -> None:
    """Access and work account end at all three, each on its day; nobody else's do; a second run makes no call."""
    (hosts.papers.home / "rules.toml").write_text("access_after_leaving_days = 200\n", encoding="utf-8")
    await given(hosts, tmp_path, row(1), row(2))
    await given(hosts, tmp_path, row(1, lost=LEFT), row(2))
    first = await run_events(desk(hosts))
    hosts.calls.clear()
    again = await run_events(desk(hosts))

    expected = (midnight(LEFT + timedelta(days=200)), midnight(LEFT))
    assert (first.done["access"], again.done.total(), hosts.calls) == (1, 0, [])
    assert await access(hosts, member_with(hosts, 1)) == [expected] * 3
    assert await access(hosts, member_with(hosts, 2)) == [(None, None)] * 3


async def test_who_comes_back_signs_in_again(hosts: FiveHosts, tmp_path: Path) -> None:
    """After a re-hire neither access nor work account end any more, and it is the same account."""
    await given(hosts, tmp_path, row(1))
    before = member_with(hosts, 1)
    await given(hosts, tmp_path, row(1, lost=TODAY + timedelta(days=9)))
    await run_events(desk(hosts))
    await given(hosts, tmp_path, row(1, acquired=date(2026, 11, 1)))
    await run_events(desk(hosts))

    assert (member_with(hosts, 1).refs, await access(hosts, before)) == (before.refs, [(None, None)] * 3)


async def test_a_retiree_keeps_access_without_the_work_account(hosts: FiveHosts, tmp_path: Path) -> None:
    """Under a new number it is the same person: same anchor, same account; only the group's sign-in ends."""
    await given(hosts, tmp_path, row(1))
    before = member_with(hosts, 1)
    old = row(1, lost=LEFT, loss_reason="退職")
    new = row(9, qualification="3", work_id="", acquired=LEFT, previous_number="1")
    await given(hosts, tmp_path, old, new)
    await run_events(desk(hosts))
    after = member_with(hosts, 9)

    assert (after.anchor, after.refs, len(members(hosts))) == (before.anchor, before.refs, 1)
    assert await access(hosts, after) == [(None, midnight(LEFT))] * 3


async def test_a_record_after_the_first_login_goes_as_a_sealed_note(hosts: FiveHosts, tmp_path: Path) -> None:
    """It says every field, opens with the member's mailbox key alone, and takes the place of the note before."""
    await given(hosts, tmp_path, row(1), row(2))
    one = member_with(hosts, 1)
    await sign_in(hosts, one)
    await given(hosts, tmp_path, row(1, kanji_name="別名谷 もふ太郎"), row(2))
    summary = await given(hosts, tmp_path, row(1, kanji_name="改名谷 もふ太郎", address="架空県2丁目"), row(2))
    ((ref, whole, sealed),) = await hosts.rows("identity", "SELECT ref, whole, sealed FROM profile_update")
    fields = ProfileFields.open(sealed, seed_of(hosts, one).mailbox_key, update_info(ref))

    assert (ref, whole, fields.name, fields.address) == (one.refs["identity"], True, "改名谷 もふ太郎", "架空県2丁目")
    assert (summary.updates_sent, summary.lines, member_with(hosts, 1).released) == (1, [], True)


async def test_a_new_work_id_before_the_first_login_replaces_the_old(hosts: FiveHosts, tmp_path: Path) -> None:
    """Nobody has signed in, so the import itself corrects it, and nothing is due."""
    await given(hosts, tmp_path, row(1))
    await given(hosts, tmp_path, row(1, work_id="W999999"))
    found = await verifiers_of(hosts, member_with(hosts, 1))

    assert ([len(each) for each in found], list_due(hosts.papers.home, TODAY).events) == ([1, 1, 1], [])


async def test_a_new_work_id_after_the_first_login_is_a_recovery(hosts: FiveHosts, tmp_path: Path) -> None:
    """The old one is over at once; the new one takes effect after a day, unless it is cancelled."""
    await given(hosts, tmp_path, row(1))
    one = member_with(hosts, 1)
    await sign_in(hosts, one)
    await given(hosts, tmp_path, row(1, work_id="W999999"))
    due = [event.kind for event in list_due(hosts.papers.home, TODAY).events]
    summary = await run_events(desk(hosts))
    found = await verifiers_of(hosts, one)

    assert (due, summary.done["work-id"], list_due(hosts.papers.home, TODAY).events) == (["work-id"], 1, [])
    assert [[(bool(each.not_before), each.expires) for each in at] for at in found] == [[(True, None)]] * 3


async def test_a_guardian_opens_each_childs_account(hosts: FiveHosts, tmp_path: Path) -> None:
    """The insured's work id opens the accounts of the children under age, and says of no child when it comes of age."""
    births = {"01": date(2010, 5, 6), "02": date(2012, 2, 29), "03": date(2000, 1, 1)}
    children = [
        row(1, branch=branch, relation="child", qualification="2", work_id="", birth_date=birth, acquired=birth)
        for branch, birth in births.items()
    ]
    await given(hosts, tmp_path, *children, row(1))
    found = {branch: await verifiers_of(hosts, member_with(hosts, 1, branch)) for branch in births}

    assert [[each.guardian_until for each in found[branch][0]] for branch in ("01", "02")] == [[UNTIL], [UNTIL]]
    assert found["03"] == [[], [], []]


async def test_a_guardian_who_is_known_later_is_told_later(hosts: FiveHosts, tmp_path: Path) -> None:
    """The child's line came without the insured's; when theirs comes, the guardianship is due, and is told once."""
    child = row(
        1, branch="01", relation="child", qualification="2", work_id="", birth_date=date(2015, 5, 6), acquired=date(2015, 5, 6)
    )
    await given(hosts, tmp_path, child)
    await given(hosts, tmp_path, child, row(1))
    summary = await run_events(desk(hosts))
    found = await verifiers_of(hosts, member_with(hosts, 1, "01"))

    assert (summary.done["guardian"], [[each.guardian_until for each in at] for at in found]) == (1, [[UNTIL]] * 3)
    assert list_due(hosts.papers.home, TODAY).events == []


@pytest.mark.parametrize("keep", [False, True])
async def test_after_the_retention_nothing_is_left(hosts: FiveHosts, tmp_path: Path, keep: bool) -> None:
    """Gone from all hosts and from the roster, and not enrolled again by mistake; the rules may leave copies for statistics."""
    (hosts.papers.home / "rules.toml").write_text(f'at_erasure = "{"keep" if keep else "delete"}"\n', encoding="utf-8")
    await given(hosts, tmp_path, row(1), row(2))
    gone = row(1, lost=date(2026, 11, 1))
    await given(hosts, tmp_path, gone, row(2))
    later = date(2031, 11, 1)
    summary = await run_events(desk(hosts, later))
    again = await given(hosts, tmp_path, gone, row(2), day=later)
    tables: list[tuple[HostName, str]] = [*((host, "account") for host in AUTHORITIES), *((store, "mailbox") for store in STORES)]

    assert (summary.done["erasure"], [line.code for line in again.lines], len(members(hosts))) == (1, ["erased"], 1)
    assert [await hosts.count(host, table) for host, table in tables] == [1] * 5
    assert await hosts.count("anon-data", "kept_person") == int(keep)


@pytest.mark.parametrize("closing", [False, True])
async def test_nobody_signs_in_for_the_dead(hosts: FiveHosts, tmp_path: Path, closing: bool) -> None:
    """Access ends with the day of death, whatever the rules give to who leaves; mailboxes are marked where the rules ask for it."""
    rules = f"access_after_leaving_days = 200\nclose_mailboxes_of_the_dead = {str(closing).lower()}\n"
    (hosts.papers.home / "rules.toml").write_text(rules, encoding="utf-8")
    await given(hosts, tmp_path, row(1))
    await given(hosts, tmp_path, row(1, lost=LEFT, loss_reason="死亡"))
    summary = await run_events(desk(hosts))
    day = midnight(LEFT - timedelta(days=1))
    closed = [await hosts.rows(store, "SELECT count(*) FROM suspension") for store in STORES]

    assert (summary.done["access"], summary.done["suspension"]) == (1, int(closing))
    assert (await access(hosts, member_with(hosts, 1)), closed) == ([(day, day)] * 3, [[(int(closing),)]] * 2)


async def test_a_month_later(hosts: FiveHosts, tmp_path: Path) -> None:
    """The invented insurer's second table, imported twice with events run after it: then nothing is due, and nothing is called."""
    made = write_population(tmp_path, 80, (2025,), seed=5, later=True)
    assert made.later is not None
    await hosts.run(made.eligibility, *made.archives.values(), today=date(2026, 4, 10))
    await sign_in(hosts, *members(hosts))
    day = date(2026, 5, 10)
    later = await hosts.run(made.later, today=day)
    done = await run_events(desk(hosts, day))
    hosts.calls.clear()
    again, idle = await hosts.run(made.later, today=day), await run_events(desk(hosts, day))

    assert (later.events_due > 0, done.refused, hosts.calls, again.changed, idle.done.total()) == (True, {}, [], 0, 0)
    assert later.members_enrolled == made.happened["joined"]
    assert {"left", "died", "retired", "work id", "joined"} <= made.happened.keys()
    assert done.done["work-id"] == made.happened["work id"]
    assert {event.kind for event in list_due(hosts.papers.home, day).events} <= {"letter"}


async def test_killed_after_each_call_and_run_again(hosts: FiveHosts, tmp_path: Path) -> None:
    """Ended after the first call, then after the second, and so on: in the end everything is as if nothing had happened."""
    await given(hosts, tmp_path, *(row(number) for number in range(1, 5)))
    one, two = member_with(hosts, 1), member_with(hosts, 2)
    await sign_in(hosts, two)
    (hosts.papers.home / "rules.toml").write_text("retention_years = 1\nclose_mailboxes_of_the_dead = true\n", encoding="utf-8")
    leaving, renewed = row(1, lost=TODAY + timedelta(days=3)), row(2, work_id="W999999")
    dead, long_gone = row(3, lost=LEFT, loss_reason="死亡"), row(4, lost=date(2025, 11, 1))
    await given(hosts, tmp_path, leaving, renewed, dead, long_gone)
    after = await killed_after_each_call(hosts, lambda: run_events(desk(hosts)))
    found = await verifiers_of(hosts, two)

    assert (after > 20, list_due(hosts.papers.home, TODAY).events, list(Home.load(hosts.papers.home).windows.iterdir())) == (
        True,
        [],
        [],
    )
    assert [await hosts.count(host, "account") for host in AUTHORITIES] == [3, 3, 3]
    assert [(await hosts.count(store, "mailbox"), await hosts.count(store, "suspension")) for store in STORES] == [(3, 1)] * 2
    assert await access(hosts, one) == [(midnight(TODAY + timedelta(days=3)),) * 2] * 3
    assert [[(bool(each.not_before), each.expires) for each in at] for at in found] == [[(True, None)]] * 3


async def test_any_order_ends_the_same_at_the_hosts(hosts: FiveHosts, tmp_path: Path) -> None:
    """Files of one history in several orders, with events run after each, the newest last: who may do what is the same."""
    orders = ([2], [0, 1, 2], [1, 0, 2, 2], [2, 0, 1, 2])
    ends = [await end_at_hosts(hosts, tmp_path / "".join(map(str, order)), order) for order in orders]

    assert ends == [ends[0]] * len(ends)
    assert [sum(access is None for access, _, _ in ends[0].values()), len(ends[0])] == [3, 3]


async def end_at_hosts(hosts: FiveHosts, folder: Path, order: list[int]) -> dict[str, tuple[int | None, int, int]]:
    """Return of each member, by first number: when access ends, in how many places a work id opens it, all mailboxes."""
    folder.mkdir()
    await hosts.begin(folder)
    for number in order:
        await given(hosts, folder, *HISTORY[number])
        await run_events(desk(hosts))
    mailboxes = await hosts.count("anon-data", "mailbox") + await hosts.count("programs", "mailbox")
    found = {}
    for one in members(hosts):
        held = [each for at in await verifiers_of(hosts, one) for each in at]
        alive = sum(each.expires is None or each.expires > midnight(TODAY) for each in held)
        found[f"{one.anchor.number}:{one.anchor.branch}"] = ((await access(hosts, one))[0][0], alive, mailboxes)
    return found
