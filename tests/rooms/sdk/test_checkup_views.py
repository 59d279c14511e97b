"""What a member sees of checkups."""

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from health import GuidanceLevel, Normal, Number, Syndrome
from health.items import by_code, by_name
from hypothesis import given
from hypothesis import strategies as st
from protocol.messages.records import Checkup, Checkups, Item, Observation
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_cli import _run
from rooms.sdk.test_session import with_details
from warifu.checkup_views import CheckupView, Line, checkup_views
from warifu.cli.words import Language

NAME = "fhir/eCheckupReport-Sample-01.json"


def code(name: str) -> str:
    return by_name()[name][0].code


def checkup(year: int, **values: str) -> Checkup:
    """Return a fictional checkup of June; a value of digits is a number where the item is one."""
    seen = []
    for name, value in values.items():
        item = by_name()[name.replace("_", "-")][0]
        said: dict[str, Any] = {"value": Decimal(value)} if item.kind == "PQ" else {"choice": value}
        seen.append(Observation(item=item.code, **said))
    day = date(year, 6, 1)
    return Checkup(exam_date=day, fiscal_year=year, program="010", age=year - 1974, observations=tuple(seen))


SICK = {
    "waist_circumference": "92.5",
    "systolic_blood_pressure": "141",
    "diastolic_blood_pressure": "84",
    "triglycerides_fasting": "149",
    "hdl_cholesterol": "55",
    "glucose_fasting": "112",
    "hba1c_ngsp": "5.7",
    "medication_blood_pressure": "2",
    "medication_glucose": "2",
    "medication_lipids": "2",
    "smoking": "1",
}


def items(*checkups: Checkup) -> tuple[Item, ...]:
    kinds = {"PQ": "quantity", "CD": "code", "CO": "ordinal"}
    seen = {one.item: by_code()[one.item] for each in checkups for one in each.observations}
    return tuple(
        Item.model_validate({"code": one.code, "name": one.name, "display": one.label, "kind": kinds[one.kind], "unit": one.unit})
        for one in seen.values()
    )


def views(*checkups: Checkup, details: dict[int, dict[str, Any]] | None = None) -> tuple[CheckupView, ...]:
    return checkup_views(Checkups(checkups=checkups, items=items(*checkups)), details or {}, sex="male")


def line(view: CheckupView, item: str) -> Line:
    return next(one for one in view.lines if one.item == item)


def test_a_value_with_everything_about_it() -> None:
    """Its normal range, letter, band, change and trend; years are told apart by their day, whatever their order."""
    newest, oldest, middle = views(
        checkup(2026, **SICK), checkup(2024, systolic_blood_pressure="128"), checkup(2025, systolic_blood_pressure="133")
    )
    now = line(newest, "systolic-blood-pressure")

    assert (now.value, now.normal) == (Number(code("systolic-blood-pressure"), Decimal(141)), Normal(None, Decimal(130)))
    assert (now.letter, now.band, now.trend) == ("C", "referral", "rising")
    assert now.change is not None
    assert (now.change.difference, now.change.direction) == (Decimal(8), "up")
    assert [line(view, "systolic-blood-pressure").letter for view in (oldest, middle)] == ["A", "B"]
    assert [line(view, "systolic-blood-pressure").trend for view in (oldest, middle)] == [None, None]
    assert line(oldest, "systolic-blood-pressure").change is None


def test_the_rules_results() -> None:
    """Syndrome and level follow from the values; what the institution wrote stands beside them."""
    (view,) = views(checkup(2026, **SICK, metabolic_syndrome="2", guidance_level="1"))

    assert (view.syndrome.result, view.guidance and view.guidance.result) == (Syndrome.PRESENT, GuidanceLevel.ACTIVE)
    assert [view.differs(view.syndrome, "metabolic-syndrome"), view.differs(view.guidance, "guidance-level")] == [True, False]


def test_answers_of_an_older_list_count() -> None:
    """Of third-term answers, which are sealed with the details, 1 smokes and 2 does not."""
    one = {"code": code("smoking"), "name": "smoking", "status": "measured", "system": "1.2.392.200119.6.2003"}
    others = {name: value for name, value in SICK.items() if name != "smoking"} | {"systolic_blood_pressure": "120"}
    levels = []
    for answer in ("1", "2", "9"):
        details = {0: {"observations": [{**one, "value": answer, "label": "x"}, 7, {"code": []}]}}
        (view,) = views(checkup(2026, **others), details=details)
        levels.append(view.guidance and view.guidance.result)

    assert levels == [GuidanceLevel.ACTIVE, GuidanceLevel.MOTIVATIONAL, GuidanceLevel.UNDECIDABLE]


@given(
    values=st.dictionaries(
        st.sampled_from([item.code for item in by_code().values()]),
        st.decimals(0, 500, places=1) | st.sampled_from(["1", "2", "3", "9"]) | st.none(),
    ),
    age=st.integers(0, 100),
)
def test_whatever_a_store_holds_can_be_seen(values: dict[str, Decimal | str | None], age: int) -> None:
    """Numbers where codes belong, codes that no list has, items without a value: nothing of it is an error."""
    seen = tuple(
        Observation(
            item=item, value=value if isinstance(value, Decimal) else None, choice=value if isinstance(value, str) else None
        )
        for item, value in values.items()
    )
    one = Checkup(exam_date=date(2026, 6, 1), fiscal_year=2026, program="010", age=age, observations=seen)
    (view,) = checkup_views(Checkups(checkups=(one,), items=()), {}, sex=None)

    assert {each.code for each in view.lines} <= set(values)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_in_the_shell(world: World, sign_in: SignIn, language: Language) -> None:
    """Ranges, letters and changes in the table, answers and reasons in words, years side by side, meanings."""
    found = [checkup(2026, **SICK), checkup(2025, systolic_blood_pressure="133")]
    world.stores["anon-data"].mailbox.checkups.extend(found)
    world.stores["anon-data"].mailbox.items.extend(items(*found))
    good, shown, _ = await _run(sign_in, "checkups; checkups 2025; years; meanings", language)
    said = {
        "ja": ("130未満", "↑ +8", "たばこ", "はい", "数えた項目：血圧", "メタボリックシンドローム判定", "推移", "圧力"),
        "en": (
            "below 130",
            "↑ +8",
            "smoke",
            "Yes",
            "It counts: Blood pressure",
            "Judged for the metabolic syndrome:",
            "Trend",
            "pressure",
        ),
    }

    assert good, shown
    assert [word for word in said[language] if word not in shown.replace("\n", "")] == []
    assert [word for word in ("explain.", "item.", "{") if word in shown] == []


async def test_a_session_gives_views(world: World, sign_in: SignIn) -> None:
    """With the sex of the record: the sample member is a woman."""
    world.stores["anon-data"].mailbox.checkups.append(checkup(2026, waist_circumference="89.9"))
    world.stores["anon-data"].mailbox.checkups.append(with_details(world, {"institution": "架空健診センター"}))
    first, second = await (await sign_in()).checkup_views()

    assert (line(first, "waist-circumference").letter, second.lines != ()) == ("A", True)


def test_the_published_sample() -> None:
    """The public sample bundle, stored and seen, gives exactly the results that it states."""
    folder = os.environ.get("WARIFU_SAMPLES")
    if not folder:
        pytest.skip(f"WARIFU_SAMPLES does not name a folder with {NAME} (JAMI FHIR Japan WG, eCheckupReport)")
    bundle = json.loads((Path(folder) / NAME).read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    seen = []
    for one in (entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Observation"):
        if "valueQuantity" in one:
            seen.append(Observation(item=one["code"]["coding"][0]["code"], value=one["valueQuantity"]["value"]))
        elif "valueCodeableConcept" in one:
            chosen = one["valueCodeableConcept"]["coding"][0]["code"]
            seen.append(Observation(item=one["code"]["coding"][0]["code"], choice=chosen))
    sample = Checkup(exam_date=date(2026, 1, 1), fiscal_year=2025, program="010", age=60, observations=tuple(seen))
    (view,) = checkup_views(Checkups(checkups=(sample,), items=()), {}, sex="male")

    assert view.guidance is not None
    assert view.stated == {"metabolic-syndrome": view.syndrome.result, "guidance-level": view.guidance.result}
    assert (view.syndrome.result, view.guidance.result) == ("3", "3")
