"""The tables: items, choices, report codes, and the importers found in their folder."""

import re

from registrar.importers import CODES, discover
from registrar.items import by_code, by_name, choice_list, choices, items


def test_item_codes() -> None:
    """Codes are 17 letters and digits, each once; short names are slugs."""
    assert [item.code for item in items() if re.fullmatch("[0-9A-Z]{17}", item.code) is None] == []
    assert len(by_code()) == len(items()) == 121
    assert [name for name in by_name() if re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name) is None] == []


def test_item_kinds() -> None:
    """Numbers have a unit and bounds, choices a known list, texts are identifying and nothing else is."""
    assert [item.code for item in items() if (item.kind == "PQ") != (item.unit is not None)] == []
    assert [item.code for item in items() if item.kind == "PQ" and (item.low is None or item.high is None)] == []
    assert [item.code for item in items() if (item.kind in ("CD", "CO")) != bool(item.choices)] == []
    assert [number for item in items() for number in item.choices if number not in choices()] == []
    assert [item.code for item in items() if item.identifying != (item.kind == "ST")] == []


def test_names_join_methods() -> None:
    """Codes of one short name differ by method and share type and unit."""
    mixed = [
        name
        for name, found in by_name().items()
        if len({item.method for item in found}) != len(found) or len({(item.kind, item.unit, item.decimals) for item in found}) != 1
    ]

    assert mixed == []


def test_some_facts() -> None:
    """A few rows everybody knows by heart."""
    weight, smoking = by_code()["9N006000000000001"], by_code()["9N736000000000011"]
    known = choice_list("1.2.392.200119.6.24060")

    assert (weight.name, weight.unit, weight.loinc) == ("body-weight", "kg", "29463-7")
    assert (smoking.name, smoking.choices) == ("smoking", ("24060", "2003"))
    assert known is not None
    assert [choice.name for choice in known.values()] == ["yes", "stopped", "no"]
    assert choice_list("1.2.3") is None


def test_report_codes() -> None:
    """Report codes are slugs, each with a scope and a sentence without a full stop."""
    odd = [
        code.slug
        for code in CODES.values()
        if re.fullmatch("[a-z]+(-[a-z]+)*", code.slug) is None or code.reason.endswith(".") or not code.reason
    ]

    assert odd == []
    assert {code.scope for code in CODES.values()} == {"file", "row", "item", "note"}


def test_importers_are_found_by_folder() -> None:
    """Every module with an IMPORTER is one, and names are unique."""
    names = [importer.name for importer in discover()]

    assert names == ["checkup-fhir", "checkup-jma", "checkup-niph", "checkup-xml", "eligibility-csv", "tickets-csv"]
    assert len(names) == len(set(names))
