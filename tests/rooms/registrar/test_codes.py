"""Report codes, and the importers found in their folder."""

import re

from registrar.importers import CODES, discover


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

    assert {"checkup-xml", "eligibility-csv"} <= set(names)
    assert len(names) == len(set(names))
