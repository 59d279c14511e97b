"""What enrolment computes before any host is called: batches, groups, what each host is told, the report."""

import json
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from health.items import choices, items
from protocol.deployment import Deployment
from protocol.encoding import sha256, unpad
from protocol.messages.records import Observation as Wire
from protocol.tokens import TokenSeed
from registrar.batches import batches
from registrar.checkups import age_at_year_end
from registrar.details import SIZES, details, details_info, seal_details
from registrar.enrolments import without_refused
from registrar.errors import RegistrarError, RowsRefused
from registrar.files import recognise
from registrar.groups import generalise, slug
from registrar.importers import CheckupRow, Institution, Observation
from registrar.observations import Table, item
from registrar.people import attributes, canonical, own_verifier, planned, profile
from registrar.plan import make_plan
from registrar.report import ImportSummary, Line, Place, write_lines
from registrar.roster import Roster
from registrar.roster_member import mint
from registrar.rules import Rules
from rooms.registrar.paperwork import member, paperwork, row, write_table

TODAY = date(2026, 11, 26)


def checkup(*observations: Observation, **changes: object) -> CheckupRow:
    fields: dict[str, object] = {
        "insurer_number": "06990019",
        "symbol": "101",
        "number": "1",
        "branch": "00",
        "qualification": "1",
        "kana_name": "カクウダニ モフタロウ",
        "birth_date": date(1980, 4, 1),
        "sex": "male",
        "exam_date": date(2024, 6, 3),
        "fiscal_year": 2024,
        "program_code": "010",
        "report_code": "10",
        "institution": Institution("9910000001", "架空検査所"),
        "ticket": None,
        "observations": observations,
        "details": (),
    }
    return CheckupRow(**{**fields, **changes})  # type: ignore[arg-type]  # the fields are typed above


WEIGHT = Observation("9N006000000000001", "body-weight", None, "PQ", "measured", Decimal("64.2"), unit="kg")


def test_batches_follow_the_host_alone() -> None:
    """Each host's batches ascend by its own keys, whatever the order of the file."""
    refs = [mint() for _ in range(1200)]
    cuts = {host: batches(refs, lambda one, host=host: one[host]) for host in ("gateway", "keyvault")}  # type: ignore[misc]
    joined = {host: [one[host] for batch in cut for one in batch] for host, cut in cuts.items()}  # type: ignore[index]

    assert all(keys == sorted(keys) for keys in joined.values())
    assert [len(batch) for batch in cuts["gateway"]] == [500, 500, 200]


def test_batch_mates_are_strangers_elsewhere() -> None:
    """Who shares a batch at one host is no more likely than chance to share one at another."""
    refs = [mint() for _ in range(5000)]
    place = {}
    for host in ("gateway", "keyvault"):
        for number, batch in enumerate(batches(refs, lambda one, host=host: one[host])):  # type: ignore[misc]
            place.update({(host, id(one)): number for one in batch})
    together = sum(place["gateway", id(one)] == place["keyvault", id(one)] for one in refs)

    assert 350 < together < 650


@pytest.mark.parametrize(
    ("code", "group"), [("S0001", "s0001"), ("本社 HQ_01", "hq-01"), ("", "other"), ("東京", "other"), ("A" * 40, "a" * 32)]
)
def test_a_site_code_becomes_a_slug(code: str, group: str) -> None:
    """Lower case letters, digits and hyphens, at most 32."""
    assert slug(code) == group


@pytest.mark.parametrize(
    ("sizes", "published"),
    [
        ({"a": 10, "b": 30}, {"a": "a", "b": "b"}),
        ({"a": 30, "b": 6, "c": 5}, {"a": "a", "b": "other", "c": "other"}),
        ({"a": 30, "b": 12, "c": 1}, {"a": "a", "b": "other", "c": "other"}),
        ({"a": 9}, {"a": "other"}),
        ({"a": 12, "other": 3}, {"a": "other", "other": "other"}),
    ],
)
def test_no_published_group_is_smaller_than_ten(sizes: dict[str, int], published: dict[str, str]) -> None:
    """Small sites join `other`, and `other` is never small itself while there is anything to join it."""
    assert generalise(site for site, size in sizes.items() for _ in range(size)) == published


def test_a_work_id_is_a_verifier(tmp_path: Path) -> None:
    """Employees are recognised by issuer and work id, others by nothing."""
    deployment = paperwork(tmp_path).deployment
    found = [own_verifier(member(1, work_id=work_id), deployment, sha256) for work_id in ("W000001", "")]

    assert [each and (each.issuer, each.value) for each in found] == [("http://localhost:8100", "W000001"), None]


def test_two_providers_need_to_be_told_apart(tmp_path: Path) -> None:
    """A work id without a provider is never guessed."""
    deployment = paperwork(tmp_path).deployment
    second = deployment.group_idps[0].model_copy(update={"issuer": "https://other.example", "name": "other"})
    twice = Deployment.model_validate({**deployment.model_dump(), "group_idps": [*deployment.group_idps, second]})

    with pytest.raises(RegistrarError, match="several group providers"):
        own_verifier(member(1, work_id="W000001"), twice, sha256)


def test_the_profile_holds_what_the_row_says() -> None:
    """The sealed record has the number as printed and the insurer's words."""
    made = profile(row(7, relation="child", branch="02"))

    assert (made.member_number, made.relation, made.site) == ("06990019:101:7:02", "dependant", "架空製作所")


def test_what_no_host_is_told_changes_nothing() -> None:
    """A loss date is in no record, so the row counts as unchanged; an address is."""
    changes: list[dict[str, object]] = [{"lost": date(2025, 5, 1)}, {"department_code": "9"}, {"address": "x"}, {"work_id": "W2"}]

    assert [canonical(row(1)) == canonical(row(1, **change)) for change in changes] == [True, True, False, False]


def test_attributes_are_general() -> None:
    """Year of birth, not the day; the published group, not the site."""
    assert attributes(member(1), "other").model_dump() == {
        "sex": "male",
        "birth_year": 1980,
        "relation": "insured",
        "group": "other",
    }


def test_references_are_minted_once(tmp_path: Path) -> None:
    """A second plan of the same file finds the references of the first, as after a killed import."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    sources = recognise([write_table(tmp_path / "eligibility.csv", [row(number) for number in range(1, 6)])])
    plans = [make_plan(sources, roster, Rules(), TODAY, ImportSummary()) for _ in range(2)]
    refs = [ref for one in roster.members() for ref in one.refs.values()]
    first = {one.anchor: one.refs for one in roster.members()}
    make_plan(sources, roster, Rules(), TODAY, ImportSummary())

    assert ([len(plan.rounds) for plan in plans], len(set(refs)), {one.anchor: one.refs for one in roster.members()}) == (
        [5, 5],
        15,
        first,
    )
    roster.close()


def test_a_changed_member_keeps_references() -> None:
    """A new row of a known member changes content and site, never references, anchor or published group."""
    known = member(1, status="enrolled", group="s0001", content=b"old")
    changed = planned(row(1, site_code="S0002"), b"new", known)

    assert (changed.refs, changed.anchor, changed.group, changed.site, changed.status) == (
        known.refs,
        known.anchor,
        "s0001",
        "s0002",
        "planned",
    )


def test_a_record_that_does_not_fit_is_reported(tmp_path: Path) -> None:
    """Fields may be long, but not all at once: the line is reported instead of ending the import later."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    long = row(1, kanji_name="𠮷" * 80, address="𠮷" * 200, site_name="𠮷" * 80, department_name="𠮷" * 80)
    long = replace(long, email="m" * 200 + "@example.jp")
    summary = ImportSummary()
    plan = make_plan(recognise([write_table(tmp_path / "long.csv", [long, row(2)])]), roster, Rules(), TODAY, summary)
    roster.close()

    assert (len(plan.rounds), [(line.line, line.code) for line in summary.lines]) == (1, [(2, "record-too-long")])


def test_a_member_in_two_files_is_taken_once(tmp_path: Path) -> None:
    """The first line is kept, the other one reported."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    files = [write_table(tmp_path / name, [row(1)]) for name in ("one.csv", "two.csv")]
    summary = ImportSummary()
    plan = make_plan(recognise(files), roster, Rules(), TODAY, summary)
    roster.close()

    assert (len(plan.rounds), [(line.file, line.line, line.code) for line in summary.lines]) == (
        1,
        [("2:eligibility", 2, "member-repeated")],
    )


async def test_refused_rows_leave_the_batch() -> None:
    """A batch is sent again without the rows a host named."""
    sent: list[list[int]] = []

    async def call(batch: list[int]) -> None:
        sent.append(list(batch))
        if 3 in batch:
            raise RowsRefused("gateway", 409, "verifier-taken", (batch.index(3),))

    assert (await without_refused([1, 2, 3, 4], call), sent) == ([(3, "verifier-taken")], [[1, 2, 3, 4], [1, 2, 4]])


async def test_a_wrong_batch_ends_the_import() -> None:
    """A refusal that is about the batch's form is a defect, and no row is dropped because of it."""

    async def call(_batch: list[int]) -> None:
        raise RowsRefused("gateway", 400, "rows-refused", (0,))

    with pytest.raises(RowsRefused):
        await without_refused([1, 2], call)


def test_results_become_codes() -> None:
    """Numbers, answers and reasons for absence are said, in the order of their codes; words are kept out."""
    smoking = Observation("9N736000000000011", "smoking", None, "CD", "measured", "3", code_system="1.2.392.200119.6.24060")
    absent = Observation("9N011000000000001", "bmi", None, "PQ", "not-done", None)
    words = Observation("9N512000000000049", None, None, "ST", "measured", "some words")
    said, kept_out = Table().split(checkup(WEIGHT, smoking, absent, words))

    assert (said, kept_out) == (
        (
            Wire(item="9N006000000000001", value=Decimal("64.2")),
            Wire(item="9N011000000000001", absent="not-performed"),
            Wire(item="9N736000000000011", choice="3"),
        ),
        (words,),
    )


def test_an_answer_of_an_older_list_is_kept_out() -> None:
    """A code means something only within its list; the member still has it in the details."""
    older = Observation("9N736000000000011", "smoking", None, "CD", "measured", "2", code_system="1.2.392.200119.6.2003")

    assert Table().split(checkup(older)) == ((), (older,))


def test_what_is_kept_out_brings_its_words() -> None:
    """An answer of a list this project knows is sealed with its printed text; one of another list as its code alone."""
    older = Observation("9N736000000000011", "smoking", None, "CD", "measured", "2", code_system="1.2.392.200119.6.2003")
    foreign = Observation("9X999000000000001", None, None, "CD", "measured", "2", code_system="1.2.3")
    sealed = json.loads(unpad(details(checkup(), (older, foreign))))["observations"]

    assert [(one["value"], one.get("label")) for one in sealed] == [("2", "いいえ"), ("2", None)]


def test_every_item_has_a_wire_form() -> None:
    """Each entry of the table fits the code table's message; those with a choice list say what each choice means."""
    made = [item(one.code) for one in items()]

    assert [one.code for one in made if (one.kind in ("code", "ordinal")) != bool(one.labels)] == []
    assert {one.name: one.label("2") for one in made}["smoking"] == choices()["24060"]["2"].label
    assert {one.name: one.label("2") for one in made}["body-weight"] == "2"


def test_an_unknown_code_is_kept_out() -> None:
    """Whatever importer let it through: what a code outside the table says may identify, so it is sealed."""
    foreign = Observation("9X999000000000001", None, None, "PQ", "measured", Decimal(1), unit="mg/dL")
    table = Table()

    assert (table.split(checkup(foreign)), table.items) == (((), (foreign,)), {})


def test_details_have_few_sizes() -> None:
    """Institution, ticket and words go into one of the fixed sizes, and come back from it."""
    words = Observation("9N511000000000049", "doctor-diagnosis", None, "ST", "measured", "異常なし" * 60)
    small, large = details(checkup(), ()), details(checkup(details=(words,)), ())

    assert (len(small), len(large), b"9910000001" in unpad(small)) == (SIZES[0], SIZES[1], True)


def test_details_open_with_the_mailbox_key_for_one_checkup() -> None:
    """They are bound to token, day and programme."""
    seed = TokenSeed("anon-data", os.urandom(32))
    sealed = seal_details(details(checkup(), ()), seed, "2024-06-03", "010")

    assert seed.mailbox_key.open(sealed, details_info(seed.token, "2024-06-03", "010")) == details(checkup(), ())


@pytest.mark.parametrize(("birth", "age"), [(date(1985, 3, 31), 40), (date(1985, 4, 1), 39), (date(1984, 4, 1), 40)])
def test_age_is_that_of_the_years_end(birth: date, age: int) -> None:
    """31 March closes the fiscal year 2024."""
    assert age_at_year_end(birth, 2024) == age


def test_the_report_holds_places_and_codes_alone(tmp_path: Path) -> None:
    """The file has four columns, none of which repeats what a row said."""
    lines = [Line.of(Place("1:eligibility", 3), "verifier-taken"), Line.of(Place("2:DATA[000007]", None), "not-enrolled")]
    write_lines(tmp_path / "rejected.csv", lines)

    assert (tmp_path / "rejected.csv").read_text(encoding="utf-8").splitlines() == [
        "file,line,code,reason",
        "1:eligibility,3,verifier-taken,this work id belongs to another member already",
        "2:DATA[000007],,not-enrolled,nobody with this member number is in the roster; import the eligibility file first",
    ]


def test_notes_are_not_losses() -> None:
    """Somebody who was erased, and is in a file again, is noted, not rejected."""
    summary = ImportSummary(lines=[Line.of(Place("1:eligibility", 2), "erased")])

    assert (summary.rejected, summary.counts()["notes"]) == (0, 1)
