"""Whom a row of an eligibility table is about, over the years and in whatever order files come."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registrar.due import due, told_by, without_a_way_in
from registrar.files import recognise
from registrar.guardians import guardian_of
from registrar.importers import EligibilityRow
from registrar.plan import Plan, make_plan
from registrar.report import REASONS, ImportSummary
from registrar.roster import Roster
from registrar.roster_member import LetterNote, Member, Told
from registrar.rules import Rules
from rooms.registrar.paperwork import member, row, write_table

TODAY = date(2026, 11, 26)
RULES = Rules()


def taken(roster: Roster, folder: Path, *rows: EligibilityRow, rules: Rules = RULES, day: date = TODAY) -> ImportSummary:
    """Read a table into the roster, and do as if every host had taken what was planned."""
    summary = ImportSummary()
    plan: Plan = make_plan(recognise([write_table(folder / "table.csv", rows)]), roster, rules, day, summary)
    enrolled = [one for one in roster.members() if one.status == "planned"]
    summary.members_enrolled = len(plan.rounds)
    roster.put(replace(one, status="enrolled", group=plan.groups[one.site], told=told(one)) for one in enrolled)
    return summary


def told(one: Member) -> Told:
    return replace(one.told, work_id=one.work_id or one.told.work_id)


def codes(summary: ImportSummary) -> list[str]:
    return [line.code for line in summary.lines]


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """Return an empty roster."""
    return Roster.open(tmp_path / "roster", bytes(32))


def one_of(roster: Roster) -> Member:
    (found,) = roster.members()
    return found


OLD = row(1, lost=date(2026, 10, 1), loss_reason="退職")
NEW = row(9, symbol="901", qualification="3", work_id="", acquired=date(2026, 10, 1), previous_symbol="101", previous_number="1")


@pytest.mark.parametrize("rows", [(OLD, NEW), (NEW, OLD), (NEW,)])
def test_a_new_number_is_the_same_person(roster: Roster, tmp_path: Path, rows: tuple[EligibilityRow, ...]) -> None:
    """With the old number's last line before, after, or not at all: one member, the first number as anchor, no end."""
    taken(roster, tmp_path, row(1))
    refs = one_of(roster).refs
    taken(roster, tmp_path, *rows)
    one = one_of(roster)

    assert (one.anchor, one.current, one.refs, one.lost, one.work_lost) == (
        row(1).member,
        NEW.member,
        refs,
        None,
        date(2026, 10, 1),
    )


def test_an_older_file_gives_nobody_an_old_number_back(roster: Roster, tmp_path: Path) -> None:
    """Its row is noted as superseded."""
    taken(roster, tmp_path, NEW)
    summary = taken(roster, tmp_path, row(1))

    assert (codes(summary), one_of(roster).current, one_of(roster).anchor) == (["number-superseded"], NEW.member, row(1).member)


def test_a_middle_number_still_means_the_person(roster: Roster, tmp_path: Path) -> None:
    """After two changes all three numbers find one member."""
    taken(roster, tmp_path, row(1))
    taken(roster, tmp_path, row(2, previous_number="1", acquired=date(2015, 4, 1)))
    taken(roster, tmp_path, row(3, previous_number="2", acquired=date(2020, 4, 1)))

    assert [roster.find(row(number).member) for number in (1, 2, 3)] == [one_of(roster)] * 3


def test_another_birth_date_is_another_person(roster: Roster, tmp_path: Path) -> None:
    """A previous number that belongs to somebody born on another day is refused, not believed."""
    taken(roster, tmp_path, row(1))
    summary = taken(roster, tmp_path, row(2, previous_number="1", birth_date=date(1981, 4, 1)))

    assert (codes(summary), one_of(roster).current) == (["previous-differs"], row(1).member)


def test_who_left_too_long_ago_is_not_enrolled(roster: Roster, tmp_path: Path) -> None:
    """Nobody is enrolled only to be erased."""
    summary = taken(roster, tmp_path, row(1, lost=date(2021, 11, 26)), row(2, lost=date(2021, 11, 27)))

    assert (codes(summary), one_of(roster).current) == (["retention-over"], row(2).member)


def test_the_erased_stay_erased(roster: Roster, tmp_path: Path) -> None:
    """By every number they had; a number in use again is refused aloud, and of the roster's row nothing is left."""
    taken(roster, tmp_path, row(1))
    taken(roster, tmp_path, row(2, previous_number="1", acquired=date(2015, 4, 1)))
    roster.put_checkups([(row(1).member, "2024-06-03", "010", b"a" * 32)])
    roster.bury(list(roster.members()))
    found = codes(taken(roster, tmp_path, row(1, lost=date(2026, 1, 1)), row(2)))

    assert (found, list(roster.members()), roster.count_checkups(), roster.count_erased()) == (
        ["erased", "erased-number"],
        [],
        0,
        2,
    )
    assert {*found} <= REASONS.keys()


def test_an_end_is_noted_without_a_call(roster: Roster, tmp_path: Path) -> None:
    """An end of membership changes no record: the roster learns it, no host is told by the import."""
    taken(roster, tmp_path, row(1))
    summary = taken(roster, tmp_path, row(1, lost=date(2026, 12, 1)))

    assert (summary.members_enrolled, summary.members_noted, one_of(roster).lost) == (0, 1, date(2026, 12, 1))


def child(branch: str, **changes: object) -> EligibilityRow:
    fields: dict[str, object] = {"branch": branch, "relation": "child", "work_id": "", "birth_date": date(2015, 1, 1)}
    return row(1, **{**fields, "acquired": date(2015, 1, 1), **changes})


def test_a_named_guardian_counts_before_the_insured(roster: Roster, tmp_path: Path) -> None:
    """The column names the other parent; without it the insured of the card is meant; the rules can forbid that."""
    spouse = row(1, branch="01", relation="spouse", work_id="W000777", sex="female")
    taken(roster, tmp_path, row(1), spouse, child("02", guardian_branch="1"), child("03"))
    found = {one.current.branch: one.guardian and one.guardian.branch for one in roster.members()}

    assert found == {"00": None, "01": None, "02": "01", "03": "00"}


def test_without_the_rule_nobody_is_guardian_by_the_card(roster: Roster, tmp_path: Path) -> None:
    """An insurer may want guardians named."""
    taken(roster, tmp_path, row(1), child("02"), rules=Rules(insured_is_guardian=False))

    assert {one.guardian for one in roster.members()} == {None}


MOVED = child("01", symbol="901", number="9", previous_symbol="101", previous_number="1")
HISTORY: tuple[tuple[EligibilityRow, ...], ...] = (
    (row(1), row(2), child("01")),
    (row(1, address="架空県2丁目"), row(2, lost=date(2026, 5, 1)), child("01")),
    (
        OLD,
        NEW,
        row(2, acquired=date(2026, 9, 1)),
        child("01", symbol="901", number="9", previous_symbol="101", previous_number="1"),
    ),
)


def end(order: list[int]) -> list[dict[str, object]]:
    """Return what the roster knows after these files, but for references, which are drawn, and what hosts were told on the way."""
    with TemporaryDirectory() as folder:
        roster = Roster.open(Path(folder) / "roster", bytes(32))
        for number in order:
            taken(roster, Path(folder), *HISTORY[number])
        found = [
            {**vars(one), "refs": None, "status": None, "group": None, "told": None, "work_lost": None} for one in roster.members()
        ]
        roster.close()
    return sorted(found, key=str)


@given(st.lists(st.integers(0, 2), max_size=5))
@settings(max_examples=25)
def test_any_order_ends_the_same(order: list[int]) -> None:
    """Files of one history in any order and as often as one likes, the newest last: the roster is as after the newest alone."""
    assert end([*order, 2]) == end([2])


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.booleans(), st.integers(0, 400), st.booleans())
@settings(max_examples=60)
def test_what_was_told_is_not_due(on: date, died: bool, days: int, work_account_ends: bool) -> None:
    """Whatever the rules, once the hosts were told what follows on a day, nothing but an erasure is due on it."""
    rules = Rules(access_after_leaving_days=days, work_account_ends=work_account_ends)
    one = member(1, group="other", work_id="W1", lost=date(2026, 5, 1), died=died, status="enrolled")
    known = replace(one, told=told_by(one, None, rules, on))

    assert {event.kind for event in due(known, None, rules, on)} <= {"erasure"}


LETTER = LetterNote("first", date(2026, 10, 1), date(2026, 12, 30))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"group": ""}, False),
        ({"told": Told(work_id="W1")}, False),
        ({"told": Told(work_id="W1"), "work_lost": date(2026, 10, 1), "released": True}, True),
        ({"lost": date(2026, 10, 1)}, False),
        ({"letter": LETTER}, False),
        ({"letter": replace(LETTER, expires=date(2026, 11, 25))}, True),
        ({"letter": replace(LETTER, expires=date(2026, 11, 25)), "released": True}, False),
    ],
)
def test_who_has_no_way_in(changes: dict[str, object], expected: bool) -> None:
    """Retirees whose work account ended count, whoever got a letter does while it lasts, and nobody whom no host knows."""
    assert without_a_way_in(member(1, **{"group": "other", **changes}), None, RULES, TODAY) == expected


def test_a_child_of_age_needs_a_letter(roster: Roster, tmp_path: Path) -> None:
    """On the day, not the day before, once nothing of the guardian's is left."""
    taken(roster, tmp_path, row(1), child("01"))
    one = next(each for each in roster.members() if each.child)
    one = replace(one, told=replace(one.told, guardian="W000001", guarded_by=one.guardian))
    roster.put([one])
    day = date(2033, 1, 1)
    kinds = [[each.kind for each in due(one, guardian_of(one, roster), RULES, on)] for on in (day - timedelta(days=1), day)]

    ended = replace(one, guarded=True, told=Told())

    assert kinds == [[], ["guardian-end"]]
    assert [each.kind for each in due(ended, guardian_of(one, roster), RULES, day)] == ["letter"]
