"""Receipts as medical claims: versions, whose they are, what is said openly, and that no order of files matters."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from health.diseases import group_of
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.encoding import unpad
from protocol.member import MemberNumber
from protocol.messages.medical_claims import ClaimDiagnosis, ClaimDrug, MedicalClaim
from registrar.claim_classes import Commonness, said_diagnosis
from registrar.claim_content import SIZES, claim_details, claim_of, own_payment
from registrar.importers import ReceiptRow
from registrar.importers.receipt_rows import PublicPayer, ReceiptText
from registrar.report import ImportSummary
from registrar.roster import Roster
from rooms.registrar.claims import DRUG, again, cancelled, imported, uke, visit
from rooms.registrar.paperwork import member
from rooms.registrar.receipts import LINES, PERSON, changed, write

PEOPLE = 12
AUGUST = date(2026, 8, 1)
Store = dict[bytes, tuple[MemberNumber, MedicalClaim]]


def roster_of(folder: Path, people: int = PEOPLE) -> Roster:
    roster = Roster.open(folder / "roster", bytes(32))
    roster.put([member(number) for number in range(1, people + 1)])
    return roster


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return roster_of(tmp_path)


def points(store: Store) -> list[tuple[str, int]]:
    return sorted((anchor.number, claim.points) for anchor, claim in store.values())


def outcome(summary: ImportSummary) -> tuple[int, int, list[str]]:
    return summary.claims_unchanged, summary.claims_superseded, [line.code for line in summary.lines]


def test_the_newer_version_counts(roster: Roster, tmp_path: Path) -> None:
    """A later billing month replaces, an earlier one changes nothing, in whatever order they come."""
    store: Store = {}
    files = [uke(tmp_path / "a", [visit(1)]), uke(tmp_path / "b", [visit(1, billed=AUGUST, points=900)])]
    seen = [(outcome(imported(roster, store, [files[at]])), points(store)) for at in (0, 1, 0, 1)]

    assert seen == [
        ((0, 0, []), [("1", 1500)]),
        ((0, 0, []), [("1", 900)]),
        ((0, 1, []), [("1", 900)]),
        ((1, 0, []), [("1", 900)]),
    ]


def test_a_cancelled_receipt_stays_away(roster: Roster, tmp_path: Path) -> None:
    """A cancellation takes the receipt back, an older file does not bring it back, one billed later does."""
    store: Store = {}
    first, gone = uke(tmp_path / "a", [visit(1), visit(2, 2)]), cancelled(tmp_path / "c", (1, "202607"), (9, "202607"))
    later = uke(tmp_path / "b", [visit(1, billed=AUGUST, points=900)])
    seen = []
    for files in ([first], [gone], [first], [later], [gone]):
        imported(roster, store, files)
        seen.append(points(store))

    assert seen == [[("1", 1500), ("2", 1500)], *[[("2", 1500)]] * 2, *[[("1", 900), ("2", 1500)]] * 2]


def test_a_receipt_moves_to_whose_it_is(roster: Roster, tmp_path: Path) -> None:
    """A corrected member number moves the claim: nobody else keeps it."""
    store: Store = {}
    imported(roster, store, [uke(tmp_path / "a", [visit(1)])])
    imported(roster, store, [uke(tmp_path / "b", [visit(2, 1, billed=AUGUST)])])

    assert points(store) == [("2", 1500)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "99"}, "not-enrolled"),
        ({"birth_date": date(1999, 1, 1)}, "receipt-differs"),
        ({"sex": "female"}, "receipt-differs"),
        ({"branch": None, "sex": "female"}, "not-enrolled"),
    ],
)
def test_nobody_gets_somebody_elses(roster: Roster, tmp_path: Path, changes: dict[str, object], code: str) -> None:
    """A number that nobody has, or whose holder was born on another day or has another sex, is refused."""
    store: Store = {}
    summary = imported(roster, store, [uke(tmp_path / "a", [again(visit(1), **changes), visit(2, 2)])])

    assert (outcome(summary), points(store)) == ((0, 0, [code]), [("2", 1500)])


def test_the_roster_forgets_whom_it_buries(roster: Roster, tmp_path: Path) -> None:
    """Nothing is noted of the claims of somebody who was erased; of others it stays."""
    store: Store = {}
    path = uke(tmp_path / "a", [visit(1), visit(2, 2)])
    imported(roster, store, [path])
    roster.bury([member(1)])
    again_after = imported(roster, store, [path])

    assert (roster.sent.count(), outcome(again_after)) == (1, (1, 0, ["not-enrolled"]))


def test_a_receipt_without_a_branch(roster: Roster, tmp_path: Path) -> None:
    """Where a receipt lacks the branch, birth date and sex say whose it is."""
    store: Store = {}
    imported(roster, store, [uke(tmp_path / "a", [again(visit(3), branch=None)])])

    assert points(store) == [("3", 1500)]


versions = st.builds(
    visit,
    st.integers(1, 3),
    st.integers(1, 4),
    billed=st.sampled_from([date(2026, 7, 1), AUGUST]),
    points=st.sampled_from([100, 200]),
)
Piece = list[ReceiptRow] | list[tuple[int, str]]
pieces: st.SearchStrategy[Piece] = st.one_of(
    st.lists(versions, min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["202607", "202608"])), min_size=1, max_size=2),
)


def written(folder: Path, found: Sequence[Piece]) -> list[Path]:
    paths = []
    for at, piece in enumerate(found):
        receipts = [one for one in piece if isinstance(one, ReceiptRow)]
        table = [one for one in piece if not isinstance(one, ReceiptRow)]
        paths.append(uke(folder / f"{at}", receipts) if receipts else cancelled(folder / f"{at}", *table))
    return paths


def split_up(found: Sequence[Piece], chance: st.DataObject) -> list[Piece]:
    """Cut some of the files in two, in any order, and give some twice."""
    parts: list[Piece] = []
    for piece in found:
        cut = chance.draw(st.integers(0, len(piece)))
        parts += [part for part in (piece[:cut], piece[cut:]) if part]
    twice = chance.draw(st.lists(st.sampled_from(parts), max_size=2)) if parts else []
    return chance.draw(st.permutations([*parts, *twice]))


@settings(max_examples=80, deadline=None)
@given(found=st.lists(pieces, min_size=1, max_size=4), chance=st.data())
def test_no_order_matters(found: list[Piece], chance: st.DataObject) -> None:
    """Any permutation, duplication and splitting of files, in one command or in many, ends in the same store."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        plain: Store = {}
        shuffled: Store = {}
        imported(roster_of(Path(one)), plain, written(Path(one), found))
        roster, paths = roster_of(Path(other)), written(Path(other), split_up(found, chance))
        at = 0
        while at < len(paths):
            more = chance.draw(st.integers(1, len(paths) - at))
            imported(roster, shuffled, paths[at : at + more])
            at += more

    assert shuffled == plain


@settings(max_examples=25, deadline=None)
@given(chance=st.data())
def test_splitting_says_the_same_openly(chance: st.DataObject) -> None:
    """What is common is counted over all files of a command, so that no splitting hides or shows a code."""
    rows = [visit(number, number, code="4019014" if number <= 10 else "2500015") for number in range(1, PEOPLE + 1)]
    with TemporaryDirectory() as folder:
        store: Store = {}
        imported(roster_of(Path(folder)), store, written(Path(folder), split_up([rows], chance)))
    said = sorted((int(anchor.number), claim.diagnoses[0].code, claim.drugs[0].code) for anchor, claim in store.values())

    assert said == [(number, "4019014" if number <= 10 else "other", DRUG) for number in range(1, PEOPLE + 1)]


def test_fewer_than_ten_say_their_class_or_nothing(roster: Roster, tmp_path: Path) -> None:
    """A code that nine share is said by its class where ten have rare codes of it; what was common once stays so."""
    rows = [visit(number, number, code="4019014" if number <= 9 else "4139010") for number in range(1, 11)]
    store: Store = {}
    imported(roster, store, [uke(tmp_path / "a", rows[:9])])
    rare = {claim.diagnoses[0].code for _, claim in store.values()} | {claim.drugs[0].code for _, claim in store.values()}
    imported(roster, store, [uke(tmp_path / "b", rows)])
    more = {(claim.diagnoses[0].code, claim.drugs[0].code) for _, claim in store.values()}
    imported(roster, store, [uke(tmp_path / "c", rows[:2])])

    assert (rare, more) == ({"other"}, {("circulatory", DRUG)})
    assert {claim.diagnoses[0].code for _, claim in store.values()} == {"circulatory"}


FEW_CODES = st.sampled_from(["2500015", "2720004", "4019014", "4139010", "4280013", "8851725"])


@given(found=st.dictionaries(st.integers(0, 30), st.sets(FEW_CODES, max_size=4), min_size=9))
def test_whatever_is_said_ten_share(found: dict[int, set[str]]) -> None:
    """No code and no class is said of anybody unless ten members are said to have it."""
    counting = Commonness()
    for number, codes in found.items():
        counting.count(bytes([number]), codes)
    common = counting.settle()
    said = [{said_diagnosis(code, common) for code in codes} for codes in found.values()]

    for word in set().union(*said) - {"other"} if said else ():
        assert sum(word in words for words in said) >= 10


def test_classes() -> None:
    """Codes numbered after ICD-9 have their chapter; those given later, and free text, have none."""
    codes = ("0000999", "2500015", "4019014", "4659007", "8851725", "9999999")

    assert [group_of(code) for code in codes] == ["other", "endocrine", "circulatory", "respiratory", "other", "injury"]


def test_the_open_part() -> None:
    """It holds month, sums and common codes, amounts over the month, and nothing that names person, institution or receipt."""
    name = bytes(range(16))
    claim = claim_of(visit(1), name, {"4019014", DRUG})
    text = claim.model_dump_json()

    assert claim.diagnoses == (ClaimDiagnosis(code="4019014", main=True),)
    assert claim.drugs == (ClaimDrug(code=DRUG, amount=Decimal(42)),)
    assert (claim.points, claim.own_payment, claim.estimated) == (1500, 4500, True)
    assert [word for word in ("2026-07", "2024", "9910000012", "架空", "K-7", "101") if word in text] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (4500, True)),
        ({"points": 1234}, (3700, True)),
        ({"receipt_type": "1114"}, (3000, True)),
        ({"receipt_type": "1110"}, (4500, True)),
        ({"own_payment": 4100}, (4100, False)),
        ({"public_payers": (PublicPayer("83990011", 1, 1500, 200),)}, (200, False)),
        ({"public_payers": (PublicPayer("83990011", 1, 1500, None),)}, (4500, True)),
    ],
)
def test_own_payment(changes: dict[str, object], expected: tuple[int, bool]) -> None:
    """It is what the last payer leaves, else what is recorded, else points and rate, to 10 yen; small children pay less."""
    assert own_payment(again(visit(1), **changes)) == expected


def test_what_is_billed_together_has_its_times_at_the_end() -> None:
    """Drugs without points are given as often as the entry that bills them; without any word of it no amount is said."""
    drug = visit(1).entries[0]
    together = (
        replace(drug, points=None, times=None),
        replace(drug, code="610407028", times=14),
        replace(drug, points=None, times=None),
    )
    claim = claim_of(again(visit(1), entries=together[:2]), bytes(16), {DRUG, "610407028"})
    open_ended = claim_of(again(visit(1), entries=together[1:]), bytes(16), {DRUG, "610407028"})

    assert [(one.code, one.amount) for one in claim.drugs] == [("610407028", Decimal(21)), (DRUG, Decimal(21))]
    assert [(one.code, one.amount) for one in open_ended.drugs] == [("610407028", Decimal(21)), (DRUG, None)]


def test_details_fit() -> None:
    """Details have few sizes; a long stay keeps institution, diagnoses and drugs, and says that it was cut; narratives stay out."""
    short = visit(1)
    long = again(
        short, entries=tuple(replace(short.entries[0], kind="act", code=f"{at:09d}") for at in range(3000)) + short.entries
    )
    told = replace(short.identifying, texts=(ReceiptText("narrative", "01", None, "秘密の事情"),))
    made = [claim_details(one) for one in (short, long, again(short, identifying=told))]
    opened = [json.loads(unpad(one or b"")) for one in made]

    assert {len(one or b"") for one in made} <= set(SIZES)
    assert [one.get("cut") for one in opened] == [None, True, None]
    assert [(entry["kind"], entry["code"]) for entry in opened[1]["entries"]] == [("drug", DRUG)]
    assert opened[1]["institution"] == {"number": "9910000012", "name": "架空診療所"}
    assert "秘密" not in json.dumps(opened[2], ensure_ascii=False)


CELL = st.text(st.characters(codec="cp932", exclude_characters="\r\n¢£¬‖−〜"), max_size=12)


@settings(max_examples=120, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 44), CELL), min_size=1, max_size=3))
def test_any_damage(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, str]]) -> None:
    """Whatever a receipt's cells say, an import ends, shows nobody, and takes nothing of a file that it cannot read whole."""
    folder = tmp_path_factory.mktemp("damage")
    roster = roster_of(folder)
    roster.put([member(424242, birth_date="1980-02-29")])
    store: Store = {}
    summary = imported(roster, store, [write(folder, changed(*changes))])
    shown = repr(summary) + repr(summary.lines) + str(summary)

    assert [word for word in PERSON if word in shown] == []
    assert not store or not any(line.code.startswith("receipts-") for line in summary.lines)
