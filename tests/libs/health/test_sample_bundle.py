"""A published sample of the checkup report in FHIR states its own two results, which the rules must give as well."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from health import Facts, Observed, answers, facts, guidance_level, metabolic_syndrome

NAME = "fhir/eCheckupReport-Sample-01.json"


@pytest.fixture(scope="module")
def resources() -> list[dict[str, Any]]:
    """Read the bundle, where WARIFU_SAMPLES names its folder."""
    folder = os.environ.get("WARIFU_SAMPLES")
    if not folder:
        pytest.skip(f"WARIFU_SAMPLES does not name a folder with {NAME} (JAMI FHIR Japan WG, eCheckupReport)")
    bundle = json.loads((Path(folder) / NAME).read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    return [entry["resource"] for entry in bundle["entry"]]


def observed(resources: list[dict[str, Any]]) -> Iterator[Observed]:
    for resource in resources:
        if resource["resourceType"] == "Observation":
            code = resource["code"]["coding"][0]["code"]
            if "valueQuantity" in resource:
                yield Observed(code, resource["valueQuantity"]["value"])
            elif "valueCodeableConcept" in resource:
                yield Observed(code, resource["valueCodeableConcept"]["coding"][0]["code"])


def person(resources: list[dict[str, Any]]) -> Facts:
    """Return the facts: the age is that at the end of the examination's fiscal year."""
    patient = next(resource for resource in resources if resource["resourceType"] == "Patient")
    encounter = next(resource for resource in resources if resource["resourceType"] == "Encounter")
    born, examined = patient["birthDate"], encounter["period"]["start"]
    ends = int(examined[:4]) + (examined[5:10] >= "04-01")
    return facts(observed(resources), sex=patient["gender"], age=ends - int(born[:4]) - (born[5:10] > "03-31"))


def test_sample_bundle(resources: list[dict[str, Any]]) -> None:
    """The bundle's metabolic result and guidance level come out."""
    found, stated = person(resources), answers(observed(resources))

    actual = (metabolic_syndrome(found), guidance_level(found))

    assert actual == (stated["metabolic-syndrome"], stated["guidance-level"])
    assert actual == ("3", "3")


def test_sample_would_be_noticed(resources: list[dict[str, Any]]) -> None:
    """Were the sample's waist wide, both results would be others: the values do reach the rules."""
    wide = [Observed("9N016160100000001", Decimal(85)), *observed(resources)]
    found = facts(wide, sex="male", age=60)

    assert (metabolic_syndrome(found), guidance_level(found)) == ("1", "1")
