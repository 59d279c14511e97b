"""Guardians over the years, at the five hosts in this process: who looked after a child does so no longer, and who does next."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from protocol.names import AUTHORITIES
from registrar.events import list_due, run_events
from registrar.guardians import UNTIL
from registrar.importers import EligibilityRow
from registrar.posting import print_letters
from registrar.report import REASONS
from registrar.roster_member import Member
from registrar.rules import midnight
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.lives import LEFT, SENDER, TODAY, Held, desk, given, killed_after_each_call, member_with, sign_in, verifiers_of
from rooms.registrar.paperwork import row

BORN = date(2015, 5, 6)


def child(branch: str = "02", **changes: object) -> EligibilityRow:
    fields: dict[str, object] = {"branch": branch, "relation": "child", "qualification": "2", "work_id": "", "birth_date": BORN}
    return row(1, **{**fields, "acquired": BORN, "kanji_name": "架空谷 ぴよ子", **changes})


def spouse(**changes: object) -> EligibilityRow:
    fields: dict[str, object] = {"branch": "01", "relation": "spouse", "qualification": "2", "sex": "female"}
    return row(1, **{**fields, "work_id": "", "kanji_name": "架空谷 ぽん子", **changes})


async def looked_after(hosts: FiveHosts, folder: Path, *more: EligibilityRow) -> Member:
    """Enrol a family in which the insured looked in on the child, and added a card to the child's account."""
    await given(hosts, folder, row(1), spouse(), child(), *more)
    one = member_with(hosts, 1, "02")
    await sign_in(hosts, one)
    (hosts.papers.home / "sender.toml").write_text(SENDER, encoding="utf-8")
    query = """INSERT INTO verifier (hash, kind, ref, id, public_key, confirmed, guardian_until)
        VALUES ($1, 'card', $2, $3, $4, true, $5)"""
    for host in AUTHORITIES:
        await hosts.rows(host, query, os.urandom(32), one.refs[host], os.urandom(16), os.urandom(32), UNTIL)
    return one


def due(hosts: FiveHosts, day: date = TODAY) -> list[str]:
    return [event.kind for event in list_due(hosts.papers.home, day).events]


def by_role(found: list[list[Held]]) -> list[list[tuple[str, bool, int | None]]]:
    """Return kind, whether it waits, and until when, of each verifier at each authority."""
    return [sorted((each.kind, each.not_before is not None, each.guardian_until) for each in at) for at in found]


GONE = {
    "left": [row(1, lost=LEFT), spouse(), child()],
    "died": [row(1, lost=LEFT, loss_reason="死亡"), spouse(), child()],
    "without the work account": [row(1, work_id="", acquired=LEFT), spouse(), child()],
}


@pytest.mark.parametrize("what", list(GONE))
async def test_who_is_gone_looks_after_nobody(hosts: FiveHosts, tmp_path: Path, what: str) -> None:
    """Nothing of the guardian's opens the child's account, and a letter for who is there is due, and in effect a day on."""
    one = await looked_after(hosts, tmp_path)
    before = by_role(await verifiers_of(hosts, one))
    await given(hosts, tmp_path, *GONE[what])
    was_due = due(hosts)
    await run_events(desk(hosts))
    after, then_due = await verifiers_of(hosts, one), due(hosts)
    posted = await print_letters(desk(hosts), tmp_path / "one.pdf", [tmp_path / "eligibility.csv"], ["101:1:02"])
    guardian = member_with(hosts, 1, "02").guardian

    assert before == [[("card", False, UNTIL), ("oidc", False, UNTIL)]] * 3
    assert ("guardian-end" in was_due, after, then_due) == (True, [[], [], []], ["letter"])
    assert (posted.printed, guardian and guardian.branch) == ({"guardian": 1}, "00" if "account" in what else "01")
    assert by_role(await verifiers_of(hosts, one)) == [[("letter", True, UNTIL)]] * 3
    assert due(hosts) == []


async def test_until_the_day_nothing_ends(hosts: FiveHosts, tmp_path: Path) -> None:
    """Who leaves next month looks after the child until then; it is due on the day, without another table."""
    await looked_after(hosts, tmp_path)
    day = TODAY + timedelta(days=30)
    await given(hosts, tmp_path, row(1, lost=day), spouse(), child())

    assert ("guardian-end" in due(hosts), "guardian-end" in due(hosts, day)) == (False, True)


async def test_killed_between_one_guardian_and_the_next(hosts: FiveHosts, tmp_path: Path) -> None:
    """The table names the other parent, who has a work account: ended after each call in turn, one way in is left, the new one."""
    one = await looked_after(hosts, tmp_path)
    await given(hosts, tmp_path, row(1), spouse(work_id="W000777"), child(guardian_branch="01"))
    await sign_in(hosts, member_with(hosts, 1, "01"))
    after = await killed_after_each_call(hosts, lambda: run_events(desk(hosts)))
    found = await verifiers_of(hosts, one)

    assert (after > 10, due(hosts)) == (True, [])
    assert [[(each.kind, each.expires, each.not_before is None) for each in at] for at in found] == [[("oidc", None, False)]] * 3


async def test_who_is_guardian_again_gets_in_again(hosts: FiveHosts, tmp_path: Path) -> None:
    """As somebody new, a day later; the work id that was ended is no obstacle."""
    one = await looked_after(hosts, tmp_path)
    for rows in (GONE["left"], [row(1, acquired=date(2026, 11, 1)), spouse(), child()]):
        await given(hosts, tmp_path, *rows)
        await run_events(desk(hosts))

    assert (by_role(await verifiers_of(hosts, one)), due(hosts)) == ([[("oidc", True, UNTIL)]] * 3, [])


@pytest.mark.parametrize(
    ("rules", "rows", "expected"),
    [
        # Two adults who might be a parent, or none: the insurer has to say who it is.
        ("", [row(1, lost=LEFT), spouse(), spouse(branch="04"), child()], ["guardian-end"]),
        ("", [row(1, lost=LEFT), spouse(lost=LEFT), spouse(branch="04", lost=LEFT), child()], ["guardian-end"]),
        ("other_adult_follows = false", [row(1, lost=LEFT), spouse(), child()], ["guardian-end"]),
        # A number that no table has had yet.
        ("", [row(1), spouse(), child(guardian_branch="07")], []),
        # The family leaves together: the account is closed.
        ("", [row(1, lost=LEFT), spouse(lost=LEFT), child(lost=LEFT)], []),
    ],
)
async def test_nobody_follows_by_accident(
    hosts: FiveHosts, tmp_path: Path, rules: str, rows: list[EligibilityRow], expected: list[str]
) -> None:
    """Where nobody follows, the insurer is told until it names somebody; where nothing is known, nobody is locked out."""
    (hosts.papers.home / "rules.toml").write_text(rules, encoding="utf-8")
    one = await looked_after(hosts, tmp_path, spouse(branch="04"))
    await given(hosts, tmp_path, *rows)
    was_due = [kind for kind in due(hosts) if kind == "guardian-end"]
    summary = await run_events(desk(hosts))
    posted = await print_letters(desk(hosts), tmp_path / "none.pdf", [tmp_path / "eligibility.csv"], everyone=True)

    assert (was_due, summary.unguarded, due(hosts)) == (expected, len(expected), ["unguarded"] * len(expected))
    assert (posted.refused["guardian-unknown"], [len(at) for at in await verifiers_of(hosts, one)]) == (
        (1, [0, 0, 0]) if expected else (0, [2, 2, 2])
    )


async def test_no_letter_before_the_earlier_guardian_is_out(hosts: FiveHosts, tmp_path: Path) -> None:
    """Else nothing would say afterwards that somebody else still has a way in."""
    await looked_after(hosts, tmp_path)
    await given(hosts, tmp_path, *GONE["died"])
    posted = await print_letters(desk(hosts), tmp_path / "none.pdf", [tmp_path / "eligibility.csv"], ["101:1:02"])

    assert (posted.printed.total(), posted.refused, "guardian-over" in REASONS) == (0, {"guardian-over": 1}, True)


async def test_an_unused_letter_of_an_earlier_guardian_opens_nothing(hosts: FiveHosts, tmp_path: Path) -> None:
    """Nobody has signed in yet: the letter is gone from all three, and the next guardian's takes effect at once."""
    (hosts.papers.home / "sender.toml").write_text(SENDER, encoding="utf-8")
    table = tmp_path / "eligibility.csv"
    await given(hosts, tmp_path, row(1, work_id=""), spouse(), child())
    await print_letters(desk(hosts), tmp_path / "one.pdf", [table], ["101:1:02"])
    await given(hosts, tmp_path, row(1, work_id="", lost=LEFT, loss_reason="死亡"), spouse(), child())
    await run_events(desk(hosts))
    one = member_with(hosts, 1, "02")
    between = await verifiers_of(hosts, one)
    await print_letters(desk(hosts), tmp_path / "two.pdf", [table], ["101:1:02"])

    assert (between, by_role(await verifiers_of(hosts, one))) == ([[], [], []], [[("letter", False, UNTIL)]] * 3)


async def test_who_comes_of_age_is_listed(hosts: FiveHosts, tmp_path: Path) -> None:
    """With the day, ninety days before and not earlier; on the day the guardian's end is due instead."""
    await looked_after(hosts, tmp_path)
    of_age = date(2033, 5, 6)
    days = [of_age - timedelta(days=91), of_age - timedelta(days=90), of_age]
    found = [list_due(hosts.papers.home, day) for day in days]

    assert [[day for day, _ in each.ending] for each in found] == [[], [of_age], []]
    assert [[event.kind for event in each.events] for each in found] == [[], [], ["guardian-end"]]


async def test_on_the_day_nothing_of_the_guardians_is_left(hosts: FiveHosts, tmp_path: Path) -> None:
    """The child's own letter waits for that: with both alive, whoever is out of age would read on."""
    one = await looked_after(hosts, tmp_path)
    day = date(2033, 5, 6)
    early = await print_letters(desk(hosts, day), tmp_path / "none.pdf", [tmp_path / "eligibility.csv"], ["101:1:02"])
    await run_events(desk(hosts, day - timedelta(days=1)))
    before = by_role(await verifiers_of(hosts, one))
    await run_events(desk(hosts, day))
    # The hosts' clocks have not come to that day, so that they keep what ends with it until then.
    after, then_due = await verifiers_of(hosts, one), due(hosts, day)
    posted = await print_letters(desk(hosts, day), tmp_path / "one.pdf", [tmp_path / "eligibility.csv"], ["101:1:02"])

    assert (early.refused, before) == ({"guardian-over": 1}, [[("card", False, UNTIL), ("oidc", False, UNTIL)]] * 3)
    assert ([{each.expires for each in at} for at in after], then_due) == ([{midnight(day)}] * 3, ["letter"])
    assert (posted.printed, due(hosts, day)) == ({"takeover": 1}, [])


async def test_a_childs_day_is_at_no_host(hosts: FiveHosts, tmp_path: Path) -> None:
    """Children of different ages, one of whose guardian has a work account: what the authorities know of both is the same."""
    (hosts.papers.home / "sender.toml").write_text(SENDER, encoding="utf-8")
    other = (
        row(2, work_id="", qualification="3"),
        child("01", number="2", birth_date=date(2011, 7, 8), acquired=date(2011, 7, 8)),
    )
    await given(hosts, tmp_path, row(1), child(), *other)
    await print_letters(desk(hosts), tmp_path / "one.pdf", [tmp_path / "eligibility.csv"], ["101:2:01"])
    found = [await verifiers_of(hosts, member_with(hosts, number, branch)) for number, branch in ((1, "02"), (2, "01"))]

    assert [[{each.guardian_until for each in at} for at in one] for one in found] == [[{UNTIL}] * 3] * 2


async def test_a_work_id_that_has_a_successor_does_not_come_back(hosts: FiveHosts, tmp_path: Path) -> None:
    """Retired, back with another work id, away and back once more: the first one opens nothing at any moment."""
    await given(hosts, tmp_path, row(1))
    one = member_with(hosts, 1)
    await sign_in(hosts, one)
    history = (
        row(1, work_id="", acquired=LEFT),
        row(1, work_id="W999999", acquired=date(2026, 11, 1)),
        row(1, work_id="W999999", acquired=date(2026, 11, 1), lost=TODAY + timedelta(days=9)),
        row(1, work_id="W999999", acquired=date(2026, 11, 2)),
    )
    await given(hosts, tmp_path, history[0])
    await run_events(desk(hosts))
    await given(hosts, tmp_path, history[1])
    hosts.kill_at[:] = ["POST gateway/access"]
    with pytest.raises(Killed):
        await run_events(desk(hosts))
    killed = await verifiers_of(hosts, one)
    hosts.kill_at.clear()
    await run_events(desk(hosts))
    for table in history[2:]:
        await given(hosts, tmp_path, table)
        await run_events(desk(hosts))
    found = await verifiers_of(hosts, one)

    assert [[each.expires is not None and each.expires <= midnight(TODAY) for each in at] for at in killed] == [[True]] * 3
    assert [[(each.not_before is not None, each.expires) for each in at] for at in found] == [[(True, None)]] * 3
    assert due(hosts) == []


async def test_an_end_is_told_again_after_an_enrolment_anew(hosts: FiveHosts, tmp_path: Path) -> None:
    """Who leaves and never signed in is enrolled anew for a corrected name, which begins the work account anew: it ends again."""
    (hosts.papers.home / "rules.toml").write_text("access_after_leaving_days = 200\n", encoding="utf-8")
    await given(hosts, tmp_path, row(1))
    for name in ("架空谷 もふ太郎", "改名谷 もふ太郎"):
        await given(hosts, tmp_path, row(1, lost=LEFT, kanji_name=name))
        await run_events(desk(hosts))

    assert [[each.expires for each in at] for at in await verifiers_of(hosts, member_with(hosts, 1))] == [[midnight(LEFT)]] * 3
