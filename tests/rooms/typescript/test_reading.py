"""What a device makes of checkups and claims is the same in both SDKs: views, medicines, and what generics would save."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from health import Observed
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol import participation
from protocol.encoding import b64u
from protocol.messages.medical_claims import MedicalClaim
from protocol.messages.prices import DrugPrice
from protocol.messages.records import Checkup, Checkups, Observation
from rooms.typescript.test_rules import ONCE, YEARS
from rooms.typescript.test_typescript import HERE, run
from warifu.checkup_views import CheckupView, Line, checkup_views
from warifu.claims import Claim, ClaimDetails, medicines
from warifu.generics import savings

MONTH = date(2026, 3, 1)
CODES = st.sampled_from(("620000001", "620000002", "620000003", "620000004"))
AMOUNTS = st.decimals(0, 300, places=2)
LINES = st.fixed_dictionaries(
    {"kind": st.sampled_from(("drug", "drug", "act")), "code": CODES},
    optional={"quantity": AMOUNTS.map(str), "times": st.integers(1, 90), "points": st.integers(0, 500)},
)
DETAILS = st.fixed_dictionaries(
    {"v": st.just(1), "entries": st.lists(LINES, max_size=6)},
    optional={"share": st.sampled_from((10, 20, 30)), "cut": st.booleans(), "institution": st.just({"name": "架空医院"})},
)
STORED = st.builds(
    MedicalClaim,
    claim=st.binary(min_size=16, max_size=16),
    month=st.just(MONTH),
    kind=st.sampled_from(("medical", "pharmacy")),
    inpatient=st.booleans(),
    days=st.integers(1, 31),
    points=st.integers(0, 10_000),
    own_payment=st.integers(0, 30_000),
    estimated=st.booleans(),
    diagnoses=st.just(()),
    drugs=st.just(()),
    details=st.none(),
)
PRICES = st.builds(
    DrugPrice,
    code=CODES,
    name=st.sampled_from(("架空錠", "仮想錠")),
    unit=st.just("錠"),
    price=st.decimals(1, 900, places=2),
    generic=st.booleans(),
    family=st.sampled_from((None, "1124009", "2149040")),
    switchable=st.booleans(),
)


def as_json(value: Any) -> Any:
    """Return a value as JSON gives it back, decimals as text."""
    return json.loads(json.dumps(value, default=lambda one: f"{one:f}" if isinstance(one, Decimal) else str(one)))


def told_of(entries: list[dict[str, Any]], *names: str) -> list[list[Any]]:
    """Return these members of each entry."""
    return [[one[name] for name in names] for one in entries]


def page(years: list[list[Observed]]) -> tuple[Checkups, list[dict[str, Any]]]:
    """Return checkups of several years, and what is sealed of each: results whose list is another than the newest."""
    found, details = [], []
    for at, year in enumerate(years):
        listed = {one.code: one for one in year if one.system is None and one.code[0] != "0"}
        open_ = tuple(_observation(one) for one in listed.values())
        day = date(2024 + at, 6, 1)
        found.append(Checkup(exam_date=day, fiscal_year=day.year, program="010", age=50 + at, observations=open_))
        sealed = [{"code": one.code, "system": one.system, "value": one.value} for one in year if one.system]
        details.append({"observations": sealed, "institution": {"name": "架空健診センター"}} if sealed else {})
    return Checkups(checkups=tuple(reversed(found)), items=()), details[::-1]


def seen(view: CheckupView) -> dict[str, Any]:
    """Return a view as the TypeScript SDK tells it."""
    return {
        "checkup": json.loads(view.checkup.model_dump_json(exclude_none=True)),
        "lines": [_line(one) for one in view.lines],
        "syndrome": view.syndrome.result.value,
        "guidance": view.guidance and view.guidance.result.value,
        "stated": view.stated,
    }


@settings(max_examples=4, phases=ONCE)
@given(st.lists(st.tuples(YEARS, st.sampled_from(("male", "female", None))), min_size=10, max_size=10))
def test_views(people: list[tuple[list[list[Observed]], Any]]) -> None:
    """Each line with its normal range, band, letter, change and trend; results that came sealed among them."""
    pages = [(*page(years), sex) for years, sex in people]
    asked = [
        {"found": json.loads(found.model_dump_json(exclude_none=True)), "details": details, "sex": sex}
        for found, details, sex in pages
    ]
    told = json.loads(run(HERE / "answers.mjs", pages=asked))["pages"]

    for said, (found, details, sex) in zip(told, pages, strict=True):
        expected = [as_json(seen(view)) for view in checkup_views(found, dict(enumerate(details)), sex=sex)]
        results = [one | {name: one[name] and one[name]["result"] for name in ("syndrome", "guidance")} for one in said]
        assert results == expected


@settings(max_examples=4, phases=ONCE)
@given(
    st.lists(
        st.tuples(st.lists(st.tuples(STORED, st.none() | DETAILS), max_size=5), st.lists(PRICES, unique_by=lambda one: one.code)),
        min_size=15,
        max_size=15,
    )
)
def test_claims(people: list[tuple[list[tuple[MedicalClaim, Any]], list[DrugPrice]]]) -> None:
    """Amounts are added up exactly, and what would have been saved is the same yen."""
    asked = [
        {
            "claims": [(json.loads(stored.model_dump_json(exclude_none=True)), details) for stored, details in claims],
            "prices": [json.loads(one.model_dump_json(exclude_none=True)) for one in prices],
        }
        for claims, prices in people
    ]
    told = json.loads(run(HERE / "answers.mjs", bills=asked))["bills"]

    for said, (claims, prices) in zip(told, people, strict=True):
        opened = [Claim.of(stored, details and ClaimDetails.model_validate(details)) for stored, details in claims]
        by_code = {one.code: one for one in prices}
        drugs = [(one.code, one.name, one.amount, one.unit, one.institution) for one in medicines(opened, by_code)]
        saved = [(one.code, one.amount, one.least, one.most, list(one.generics)) for one in savings(opened, by_code)]
        assert [(one["name"], one["share"], one["cut"]) for one in said["claims"]] == [
            (b64u(one.name), one.share, one.cut) for one in opened
        ]
        assert [[one[name] for name in ("code", "name", "amount", "unit", "institution")] for one in said["medicines"]] == as_json(
            drugs
        )
        assert [[one[name] for name in ("code", "amount", "least", "most", "generics")] for one in said["savings"]] == as_json(
            saved
        )


@settings(max_examples=2, phases=ONCE)
@given(
    st.lists(
        st.tuples(st.binary(min_size=32, max_size=32), st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(0, 184)),
        min_size=60,
    )
)
def test_levels(members: list[tuple[bytes, date, int]]) -> None:
    """Both SDKs tell the same level of the same half-year: drawn by the same lot."""
    asked = [(b64u(seed), today.isoformat(), days) for seed, today, days in members]
    said = json.loads(run(HERE / "answers.mjs", halves=asked))["halves"]

    for found, (seed, today, days) in zip(said, members, strict=True):
        first, last = participation.last_half(today)
        assert found == [first.isoformat(), last.isoformat(), participation.told(seed, first, participation.level(days))]


def _observation(one: Observed) -> Observation:
    if one.absent:
        return Observation(item=one.code, absent=one.absent)
    return (
        Observation(item=one.code, value=one.value)
        if isinstance(one.value, Decimal)
        else Observation(item=one.code, choice=one.value)
    )


def _line(one: Line) -> dict[str, Any]:
    limits = one.limits and {
        "item": one.limits.item,
        "side": one.limits.side,
        "guidance": one.limits.guidance,
        "referral": one.limits.referral,
        "sex": one.limits.sex,
    }
    return {
        "item": one.item,
        "code": one.code,
        "value": _number(one.value),
        "normal": one.normal and {"low": one.normal.low, "below": one.normal.below},
        "band": one.band,
        "limits": limits,
        "letter": one.letter,
        "change": one.change
        and {
            "before": _number(one.change.before),
            "after": _number(one.change.after),
            "difference": one.change.difference,
            "direction": one.change.direction,
            "otherMethod": one.change.other_method,
        },
        "trend": one.trend,
    }


def _number(one: Any) -> Any:
    return one if isinstance(one, str) else {"code": one.code, "value": one.value, "beyond": one.beyond}
