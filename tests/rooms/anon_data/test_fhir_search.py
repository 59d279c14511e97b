"""FHIR search: every parameter, paging, and what is refused."""

from urllib.parse import quote

import pytest
from support.store_host import StoreHost

from .fhir import BASE, RECORD, ask, got, ids, next_page, put_vital, refusal, with_record
from .samples import GLUCOSE, SMOKING, WEIGHT

HOME, CHECKUPS = RECORD[:4], RECORD[4:]
PRESSURE, *WEIGHTS = HOME
LABORATORY, LATEST_WEIGHT, HABIT, OLD_WEIGHT = CHECKUPS
ITEMS = "urn:oid:1.2.392.200119.6.1005"
JLAC10 = "urn:oid:1.2.392.200119.4.504"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"


def chosen(*wanted: str) -> list[str]:
    """Return these ids in the record's order."""
    return [one for one in RECORD if one in wanted]


def _sent(query: str) -> str:
    return f"?{quote(query, safe='=&%,:-_.')}" if query else ""


QUERIES: dict[str, tuple[str, ...]] = {
    "": RECORD,
    f"code={WEIGHT}": (LATEST_WEIGHT, OLD_WEIGHT),
    f"code={ITEMS}|{WEIGHT}": (LATEST_WEIGHT, OLD_WEIGHT),
    f"code={ITEMS}|": CHECKUPS,
    f"code={JLAC10}|{GLUCOSE}": (LABORATORY,),
    f"code={JLAC10}|{WEIGHT}": (),
    f"code={GLUCOSE},{SMOKING}": (LABORATORY, HABIT),
    "code=29463-7": (*WEIGHTS, LATEST_WEIGHT, OLD_WEIGHT),
    "code=http://loinc.org|85354-9": (PRESSURE,),
    "code=8480-6": (),
    "combo-code=8480-6": (PRESSURE,),
    "combo-code=http://loinc.org|29463-7": (*WEIGHTS, LATEST_WEIGHT, OLD_WEIGHT),
    "code=|29463-7": (),
    r"code=a\,b\|c": (),
    "category=vital-signs": (*HOME, LATEST_WEIGHT, OLD_WEIGHT),
    f"category={CATEGORIES}|laboratory": (LABORATORY,),
    "category=social-history,laboratory": (LABORATORY, HABIT),
    "category=survey": (),
    "category=vital-signs&code=29463-7": (*WEIGHTS, LATEST_WEIGHT, OLD_WEIGHT),
    "date=2026-06-01": (LABORATORY, LATEST_WEIGHT, HABIT),
    "date=eq2026-06": (LABORATORY, LATEST_WEIGHT, HABIT),
    "date=2025": (OLD_WEIGHT,),
    "date=2025,2026-10": (OLD_WEIGHT, "20261011.home.body-weight"),
    "date=ne2026": (OLD_WEIGHT,),
    "date=gt2026-11-19": (PRESSURE, WEIGHTS[0]),
    "date=ge2026-11-19": (PRESSURE, *WEIGHTS[:2]),
    "date=lt2026-06-01": (OLD_WEIGHT,),
    "date=le2026-06-01": CHECKUPS,
    "date=ge2026-06&date=lt2026-11": (LABORATORY, LATEST_WEIGHT, HABIT, WEIGHTS[2]),
    "date=sa2026-10": (PRESSURE, *WEIGHTS[:2]),
    "date=eb2026-06": (OLD_WEIGHT,),
    "date=ap2026-10-15": (WEIGHTS[2],),
    "date=gt2026-11-19T12:00": (PRESSURE, *WEIGHTS[:2]),
    "date=ge2026-11-19T12:00:30%2B09:00": (PRESSURE, *WEIGHTS[:2]),
    "date=2026-11-19T12:00": (),
    "date=gt9999-12-31": (),
    f"_id={OLD_WEIGHT}": (OLD_WEIGHT,),
    f"_id={OLD_WEIGHT},{PRESSURE},nothing": (OLD_WEIGHT, PRESSURE),
    "patient=me": RECORD,
    "subject=Patient/me": RECORD,
    f"patient={BASE}/Patient/me": RECORD,
    "patient=somebody": (),
    "_format=json": RECORD,
    "_total=none&_pretty=true": RECORD,
    "code=": RECORD,
}


async def test_parameters(host: StoreHost) -> None:
    """Each parameter narrows the record to what it means; alternatives by commas, repetitions all together."""
    member = await with_record(host)
    found = {query: await got(host, member, f"/Observation{_sent(query)}") for query in QUERIES}

    assert {query: ids(bundle) for query, bundle in found.items()} == {query: chosen(*wanted) for query, wanted in QUERIES.items()}
    assert {query: bundle["total"] for query, bundle in found.items()} == {query: len(wanted) for query, wanted in QUERIES.items()}
    assert {bundle["link"][0]["relation"] for bundle in found.values()} == {"self"}


REFUSED: dict[str, str | None] = {
    "date=yesterday": "date",
    "date=2026-13": "date",
    "date=2026-02-30": "date",
    "date=xx2026": "date",
    "date=2026,": "date",
    "date=0000": "date",
    "code=a|b|c": "code",
    "code=,": "code",
    "category=|": "category",
    "_count=many": "_count",
    "_count=-1": "_count",
    "_sort=heaviest": "_sort",
    "_summary=text": "_summary",
    "_cursor=there": "_cursor",
    "value-quantity=gt5": None,
    "code:in=list": None,
    "_include=Observation:subject": None,
}


async def test_refused_searches(host: StoreHost) -> None:
    """A value or parameter that cannot be answered is refused, by the parameter's name at most."""
    member = await host.member()
    answers = {query: await ask(host, member, "GET", f"/Observation{_sent(query)}") for query in REFUSED}
    named = {query: answer.json()["issue"][0].get("expression", [None])[0] for query, answer in answers.items()}

    assert {refusal(answer) for answer in answers.values()} == {(400, "fhir-search-refused")}
    assert named == REFUSED
    assert [query for query, answer in answers.items() if len(sent := query.partition("=")[2]) > 4 and sent in answer.text] == []


async def test_unknown_parameters_when_lenient(host: StoreHost) -> None:
    """Who prefers it has unknown parameters passed over, as the self link shows; never a modifier."""
    member, lenient = await host.member(), {"Prefer": "handling=lenient"}
    answer = await ask(host, member, "GET", "/Observation?value-quantity=gt5&code=1", headers=lenient)

    assert answer.json()["link"] == [{"relation": "self", "url": f"{BASE}/Observation?code=1"}]
    assert refusal(await ask(host, member, "GET", "/Observation?code:not=1", headers=lenient)) == (400, "fhir-search-refused")


ORDERS: dict[str, list[str]] = {
    "date": sorted(RECORD, key=lambda one: (one[:8], one)),
    "-date": list(RECORD),
    "_id": sorted(RECORD),
    "-_id": sorted(RECORD, reverse=True),
    "code,-date": [*WEIGHTS, LABORATORY, PRESSURE, LATEST_WEIGHT, OLD_WEIGHT, HABIT],
}


async def test_order_and_pages(host: StoreHost) -> None:
    """Pages of any size join to the whole in the order that was asked for."""
    member = await with_record(host)
    for sort, expected in ORDERS.items():
        for count in (1, 3, 8):
            seen: list[str] = []
            address: str | None = f"/Observation?_sort={sort}&_count={count}"
            while address:
                shown = await got(host, member, address)
                assert (len(ids(shown)) <= count, shown["total"]) == (True, len(RECORD))
                seen += ids(shown)
                address = next_page(shown)
            assert seen == expected


async def test_pages_go_on_where_something_came_or_went(host: StoreHost) -> None:
    """A page begins after the end of the one before, also where that is not there any more, and what is new does not shift it."""
    member = await with_record(host)
    first = await got(host, member, "/Observation?_count=2&category=vital-signs")
    await put_vital(host, member, "pulse", "70")
    following = next_page(first)
    assert following is not None
    gone = following.replace(ids(first)[-1], "20261120.home.body-temperature")

    assert ids(await got(host, member, following)) == ["20261120.home.pulse", WEIGHTS[1]]
    assert ids(await got(host, member, gone)) == [WEIGHTS[0], "20261120.home.pulse"]


@pytest.mark.parametrize("query", ["_summary=count", "_count=0"])
async def test_only_the_number(host: StoreHost, query: str) -> None:
    """How many there are, without one of them."""
    found = await got(host, await with_record(host), f"/Observation?category=vital-signs&{query}")

    assert (found["total"], "entry" in found, next_page(found)) == (6, False, None)
