"""Checkups: imported by the registrar, read by their member."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from protocol import proof
from protocol.messages.records import Checkup, Checkups, Observation, PutItems, StoreCheckups
from support.store_host import ORIGINS, Member, StoreHost, problem

from .samples import GLUCOSE, ITEMS, NOTE, SMOKING, WEIGHT, checkup, put_items, store


async def _read(host: StoreHost, member: Member) -> Checkups:
    answer = await host.as_member(member, "GET", "/me/checkups")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return Checkups.model_validate_json(answer.content)


def _counts(answer: Any) -> tuple[int, int, int, list[int]]:
    body = answer.json()
    return body["inserted"], body["replaced"], body["unchanged"], body["unknown"]


async def test_what_is_stored_is_read(host: StoreHost) -> None:
    """A member reads every checkup as it was brought, the newest first, with the entries that they use."""
    member, other = await host.member(), await host.member()
    await put_items(host)
    older = checkup(
        exam_date=date(2025, 5, 31), fiscal_year=2025, details=None, observations=(Observation(item=WEIGHT, value=Decimal("1E-2")),)
    )
    second = checkup(program="990", observations=())
    await store(host, (member, checkup()), (member, older), (member, second), (other, checkup(age=20)))
    found = await _read(host, member)

    assert found.checkups == (checkup(), second, older)
    assert str(found.checkups[0].observations[1].value) == "65.50"
    assert {item.code: item for item in found.items} == {item.code: item for item in ITEMS if item.code != NOTE}


async def test_nothing_yet(host: StoreHost) -> None:
    """A member without checkups reads empty lists."""
    assert await _read(host, await host.member()) == Checkups(checkups=(), items=())


async def test_checkups_are_their_readers(host: StoreHost) -> None:
    """Another key, another's token, an unclaimed mailbox and an unknown one are refused alike; a proof reads once."""
    member, other, unclaimed = await host.member(), await host.member(), Member.new("anon-data")
    await host.enrol([unclaimed], claim=False)
    await put_items(host)
    await store(host, (member, checkup()), (unclaimed, checkup()))
    path, now = "/me/checkups", host.clock.timestamp()
    refused = [
        await host.signed(other.reader, member.token, "GET", path),
        await host.as_member(unclaimed, "GET", path),
        await host.as_member(Member.new("anon-data"), "GET", path),
    ]
    made = proof.make(member.reader, "GET", ORIGINS["anon-data"] + path, member.token, b"", now)
    first, second = [await host.client.get(path, headers={proof.HEADER: made}) for _ in range(2)]

    assert {problem(answer) for answer in refused} == {(401, "reader-unknown")}
    assert (first.status_code, problem(second)) == (200, (409, "replayed"))


async def test_inserted_unchanged_replaced(host: StoreHost) -> None:
    """A repeated import changes nothing and says so; a changed checkup is replaced with its details."""
    known = [await host.member(), await host.member()]
    await put_items(host)
    answers = [
        _counts(await store(host, *[(member, checkup()) for member in known])),
        _counts(await store(host, *[(member, checkup()) for member in known])),
        _counts(await store(host, (known[0], checkup(age=52, details=b"sealed-anew")), (known[1], checkup()))),
    ]

    assert answers == [(2, 0, 0, []), (0, 0, 2, []), (0, 1, 1, [])]
    assert (await _read(host, known[0])).checkups == (checkup(age=52, details=b"sealed-anew"),)
    assert (await _read(host, known[1])).checkups == (checkup(),)


async def test_details_sent_again_are_kept(host: StoreHost) -> None:
    """Details are opaque here, so the last ones sent are stored, though the checkup counts as unchanged."""
    members = sorted([await host.member() for _ in range(3)], key=lambda member: member.token)
    await put_items(host)
    await store(host, *[(member, checkup()) for member in members])
    sealed = [b"sealed-anew", b"sealed-once", b"corrected"]
    answer = await store(host, *[(member, checkup(details=details)) for member, details in zip(members, sealed, strict=True)])
    found = [(await _read(host, member)).checkups for member in members]

    assert _counts(answer) == (0, 0, 3, [])
    assert found == [(checkup(details=details),) for details in sealed]


async def test_the_same_bytes_again_write_nothing(host: StoreHost) -> None:
    """A call repeated because its answer was lost leaves every row where it was."""
    where = "SELECT ctid, xmin::text FROM {} ORDER BY ctid"
    member, bare = await host.member(), await host.member()
    await put_items(host)
    rows = ((member, checkup()), (bare, checkup(details=None)))
    await store(host, *rows)
    before = [await host.rows(where.format(table)) for table in ("checkup", "observation")]
    answer = await store(host, *rows)

    assert _counts(answer) == (0, 0, 2, [])
    assert [await host.rows(where.format(table)) for table in ("checkup", "observation")] == before


async def test_details_taken_away_or_added(host: StoreHost) -> None:
    """Whether a checkup has details is content: losing or gaining them replaces it."""
    member, other = sorted([await host.member(), await host.member()], key=lambda member: member.token)
    await put_items(host)
    await store(host, (member, checkup()), (other, checkup(details=None)))
    answer = await store(host, (member, checkup(details=None)), (other, checkup()))

    assert _counts(answer) == (0, 2, 0, [])
    assert (await _read(host, member)).checkups == (checkup(details=None),)
    assert (await _read(host, other)).checkups == (checkup(),)


async def test_unknown_tokens_are_not_stored(host: StoreHost) -> None:
    """Rows without a mailbox are named, the others are stored."""
    members = sorted([await host.member(), Member.new("anon-data"), await host.member()], key=lambda one: one.token)
    known = {row["token"] for row in await host.rows("SELECT token FROM mailbox")}
    await put_items(host)
    answer = await store(host, *[(member, checkup()) for member in members])

    assert _counts(answer) == (2, 0, 0, [at for at, member in enumerate(members) if member.token not in known])
    assert {row["token"] for row in await host.rows("SELECT DISTINCT token FROM observation")} == known


async def test_a_replaced_result_goes(host: StoreHost) -> None:
    """A replacement leaves no result of the former version."""
    member = await host.member()
    await put_items(host)
    fewer = checkup(observations=(Observation(item=WEIGHT, value=Decimal("65.5")),), details=None)
    await store(host, (member, checkup()))
    await store(host, (member, fewer))

    assert (await _read(host, member)).checkups == (fewer,)
    assert (await host.rows("SELECT count(*) FROM observation"))[0][0] == 1


async def test_equal_numbers_are_equal_content(host: StoreHost) -> None:
    """Another spelling of a number, or another order of the results, is no change."""
    member = await host.member()
    await put_items(host)
    await store(host, (member, checkup()))
    shuffled = tuple(
        one.model_copy(update={"value": Decimal("65.5")}) if one.value else one for one in reversed(checkup().observations)
    )

    assert _counts(await store(host, (member, checkup(observations=shuffled)))) == (0, 0, 1, [])


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("item-unknown", {"observations": (Observation(item="0" * 17, choice="1"),)}),
        ("item-repeated", {"observations": (Observation(item=SMOKING, choice="1"), Observation(item=SMOKING, choice="2"))}),
        ("kind", {"observations": (Observation(item=SMOKING, value=Decimal(1)),)}),
        ("kind", {"observations": (Observation(item=GLUCOSE, choice="1"),)}),
        ("kind", {"observations": (Observation(item=NOTE, choice="free text names people"),)}),
        ("choice-form", {"observations": (Observation(item=SMOKING, choice="1\n2"),)}),
        ("choice-form", {"observations": (Observation(item=SMOKING, choice="1\t\\N"),)}),
        ("choice-form", {"observations": (Observation(item=SMOKING, choice='1"'),)}),
        ("value-form", {"observations": (Observation(item=WEIGHT, value=Decimal("1E+500")),)}),
        ("value-form", {"observations": (Observation(item=WEIGHT, value=Decimal("1.00000000000000001")),)}),
        ("year-or-age", {"age": 70_000}),
        ("details-size", {"details": bytes(65_537)}),
    ],
)
async def test_rows_that_cannot_be_stored(host: StoreHost, reason: str, change: dict[str, Any]) -> None:
    """A row that breaks a rule refuses its batch, with a reason and no echo."""
    member = await host.member()
    await put_items(host)
    answer = await store(host, (member, checkup(exam_date=date(2024, 6, 1))), (member, checkup(**change)))

    assert problem(answer) == (400, "rows-refused")
    assert (answer.json()["reason"], answer.json()["rows"]) == (reason, [1])
    assert (await host.rows("SELECT count(*) FROM checkup"))[0][0] == 0


@pytest.mark.parametrize(
    ("reason", "columns"),
    [
        ("columns-differ", {"flags": "-"}),
        ("columns-differ", {"items": (0, 1)}),
        ("item-unknown", {"items": (0, 1, 3)}),
        ("absent-with-text", {"texts": ("above", "65.50", "2")}),
    ],
)
async def test_columns_that_do_not_fit(host: StoreHost, reason: str, columns: dict[str, Any]) -> None:
    """Columns of results are of one length, refer to the batch's codes, and hold a text for a value or choice alone."""
    member = await host.member()
    await put_items(host)
    batch = StoreCheckups.of([(member.token, checkup())])
    wrong = batch.rows[0].model_copy(update={"results": batch.rows[0].results.model_copy(update=columns)})
    answer = await host.as_registrar("ingest", "POST", "/checkups", batch.model_copy(update={"rows": (wrong,)}))

    assert (answer.json()["reason"], answer.json()["rows"]) == (reason, [0])


@pytest.mark.parametrize("said", [{}, {"value": Decimal(1), "choice": "1"}, {"choice": "1", "absent": "not-performed"}])
def test_a_result_says_one_thing(said: dict[str, Any]) -> None:
    """What says nothing, or two things, cannot even be put into a batch."""
    with pytest.raises(ValueError, match="one thing"):
        StoreCheckups.of([(bytes(32), checkup(observations=(Observation(item=WEIGHT, **said),)))])


async def test_the_same_checkup_twice_in_a_batch(host: StoreHost) -> None:
    """One batch says one thing of a checkup."""
    member = await host.member()
    await put_items(host)
    answer = await store(host, (member, checkup()), (member, checkup(age=52)))

    assert (answer.status_code, answer.json()["reason"]) == (400, "repeated")


async def test_the_quota_counts_every_row(host: StoreHost) -> None:
    """Rows are counted whether they change anything or not."""
    member = await host.member()
    host.windows["ingest"] = await host.open_window("ingest", {"checkup": 2})
    await put_items(host)
    statuses = [(await store(host, (member, checkup()))).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


async def test_the_code_table_grows_by_code(host: StoreHost) -> None:
    """Ids follow the codes' order within a request; the same again changes nothing, a correction keeps the id."""
    query = "SELECT id, code, display FROM item ORDER BY id"
    statuses = [await put_items(host, *ITEMS[:2]), await put_items(host), await put_items(host)]
    before = [tuple(row) for row in await host.rows(query)]
    corrected = ITEMS[0].model_copy(update={"display": "体重(kg)"})
    await put_items(host, corrected)

    assert statuses == [204, 204, 204]
    assert [row[:2] for row in before] == [(1, WEIGHT), (2, SMOKING), (3, GLUCOSE), (4, NOTE)]
    assert [tuple(row) for row in await host.rows(query)] == [(1, WEIGHT, "体重(kg)"), *before[1:]]
    assert (await host.rows("SELECT generation FROM item_generation"))[0][0] == 3


async def test_a_corrected_entry_is_read_at_once(host: StoreHost) -> None:
    """What a process remembers of the code table is never older than the database."""
    member = await host.member()
    await put_items(host)
    await store(host, (member, Checkup.model_validate(checkup(observations=checkup().observations[1:2]))))
    first = (await _read(host, member)).items
    await put_items(host, ITEMS[0].model_copy(update={"loinc": None}))

    assert [first[0].loinc, (await _read(host, member)).items[0].loinc] == ["29463-7", None]


@pytest.mark.parametrize(
    "change", [{"unit": "g"}, {"unit": None}, {"kind": "code", "unit": None, "choices": "1.2.3"}, {"choices": "1.2.3"}]
)
async def test_a_code_never_changes_its_meaning(host: StoreHost, change: dict[str, Any]) -> None:
    """Stored values would be shown in another unit or list: such an entry refuses its request, which leaves nothing behind."""
    await put_items(host, *ITEMS[:2])
    before = [tuple(row) for row in await host.rows("SELECT * FROM item ORDER BY id")]
    entries = PutItems(items=(ITEMS[2], ITEMS[0].model_copy(update=change), ITEMS[1].model_copy(update={"display": "他"})))
    answer = await host.as_registrar("ingest", "PUT", "/items", entries)

    assert problem(answer) == (400, "rows-refused")
    assert (answer.json()["reason"], answer.json()["rows"]) == ("item-differs", [1])
    assert [tuple(row) for row in await host.rows("SELECT * FROM item ORDER BY id")] == before
