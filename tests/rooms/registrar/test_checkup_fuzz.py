"""Any file, and any damage to a good one: never a crash, never half a file, never a person in a report."""

import json
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registrar.importers import Accepted, Importer, Rejected, by_profile, discover
from rooms.registrar.formats import (
    HEIGHT,
    RESULTS,
    Checkup,
    bare_profile,
    bare_table,
    bundle,
    jma_line,
    jma_table,
    niph_line,
    niph_table,
    own_line,
    own_table,
    saved,
    write_bare,
    write_bundle,
    write_jma,
    write_niph,
    write_own,
    write_profile,
    write_tickets,
    write_xml,
    xml_document,
)
from rooms.registrar.samples import SECRET, archive

WRITERS: dict[str, Callable[[Path, Checkup], Path]] = {
    "checkup-xml": write_xml,
    "checkup-niph": write_niph,
    "checkup-jma": write_jma,
    "checkup-fhir": write_bundle,
    "checkup-profile-fictional": write_own,
    "checkup-profile-bare": write_bare,
    "tickets-csv": write_tickets,
}
CELLS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(["", "H", "未実施", "-1", "１", "1" * 400, SECRET])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def importers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Importer[object]]:
    folder = tmp_path_factory.mktemp("profile")
    profiles = [write_profile(folder / "own.toml"), write_profile(folder / "bare.toml", bare_profile())]
    return {one.name: one for one in (*discover(), *by_profile(profiles))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def check(importer: Importer[object], path: Path) -> tuple[int, list[Rejected]]:
    """Read a file as an import does, and say how many rows it gave and what was reported."""
    importer.sniff(path)
    outcomes = list(importer.read(path))
    reports = [one for one in outcomes if isinstance(one, Rejected)]
    accepted = sum(isinstance(one, Accepted) for one in outcomes)
    assert SECRET not in repr(outcomes) + "".join(one.reason for one in reports)
    if any(one.scope == "file" and one.code != "archive-empty" for one in reports):
        assert accepted == 0
    return accepted, reports


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes(importers: dict[str, Importer[object]], folder: Path, name: str, content: bytes) -> None:
    """Bytes that no insurer ever wrote."""
    path = folder / "any"
    path.write_bytes(content)

    accepted, reports = check(importers[name], path)

    # The layout without a header line has nothing to say about a file of nothing.
    assert (accepted, bool(reports) or name == "checkup-jma") == (0, True)


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_damaged_files(importers: dict[str, Importer[object]], folder: Path, name: str, data: st.DataObject) -> None:
    """A good file with bytes changed, lost or added somewhere."""
    content = bytearray(WRITERS[name](folder / "good", Checkup()).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        lost = data.draw(st.integers(0, 5))
        content[at : at + lost] = data.draw(st.binary(max_size=5))
    path = folder / "damaged"
    path.write_bytes(content)

    assert check(importers[name], path)[0] <= 1


@pytest.mark.parametrize("name", ["checkup-niph", "checkup-jma", "checkup-profile-fictional", "checkup-profile-bare"])
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_cells(importers: dict[str, Importer[object]], folder: Path, name: str, data: st.DataObject) -> None:
    """Between two good lines one with anything in some of its cells: the good ones come in whatever stands in the bad one."""
    codes = tuple(RESULTS)
    one = {
        "checkup-niph": niph_line(Checkup(), codes),
        "checkup-jma": jma_line(Checkup()),
        "checkup-profile-fictional": own_line(Checkup()),
        "checkup-profile-bare": own_line(Checkup()),
    }[name]
    bad = list(one)
    for at in data.draw(st.sets(st.integers(1, len(bad) - 1), min_size=1, max_size=6)):
        bad[at] = data.draw(CELLS).replace(";", "").replace('"', "").replace("\n", "").replace("\r", "")
    lines = [one, bad, one]
    text = {
        "checkup-niph": lambda: niph_table(lines, codes),
        "checkup-jma": lambda: jma_table(lines),
        "checkup-profile-fictional": lambda: own_table(lines),
        "checkup-profile-bare": lambda: bare_table(lines),
    }[name]()
    encoding = "cp932" if name.startswith("checkup-profile") else "utf-8"
    path = saved(folder / "cells", text.encode(encoding, "ignore").decode(encoding), encoding)

    accepted, reports = check(importers[name], path)

    assert accepted in (2, 3)
    assert [one.code for one in reports if one.scope == "file"] == []


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_json_in_a_document(importers: dict[str, Importer[object]], folder: Path, data: st.DataObject) -> None:
    """A good document with anything in the place of some of its values."""
    found = deepcopy(bundle(Checkup(results={HEIGHT: "170.5"})))
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(spots(found))
        parent, key = data.draw(st.sampled_from(places))
        parent[key] = data.draw(VALUES)
    path = folder / "bundle"
    path.write_text(json.dumps(found), encoding="utf-8")

    assert check(importers["checkup-fhir"], path)[0] <= 1


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Return every place of a value within its parent."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [spot for key in keys for spot in spots(value[key])]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_lines_of_documents(importers: dict[str, Importer[object]], folder: Path, data: st.DataObject) -> None:
    """Good documents and anything else by lines: the good ones all come in or, where a line is no JSON, none does."""
    good = json.dumps(bundle(Checkup()))
    odd = st.one_of(st.binary(max_size=40), VALUES.map(lambda value: json.dumps(value).encode()))
    parts = data.draw(st.lists(st.just(good.encode()) | odd, min_size=2, max_size=6))
    path = folder / "lines"
    path.write_bytes(b"\n".join(parts) + b"\n")

    accepted, reports = check(importers["checkup-fhir"], path)

    assert accepted in (0, parts.count(good.encode()))
    assert accepted or reports


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_attached_document(importers: dict[str, Importer[object]], folder: Path, data: st.DataObject) -> None:
    """A document with a damaged checkup, or anything at all, attached to it."""
    content = bytearray(xml_document(Checkup()))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    found = bundle(Checkup(results={}))
    anything = b64encode(data.draw(st.sampled_from([bytes(content), SECRET.encode()]) | st.binary(max_size=60))).decode()
    value = data.draw(st.just(anything) | VALUES)
    attached = {"format": {"code": "cdar2_hc08_v08"}, "attachment": {"data": value}}
    found["entry"].append({"fullUrl": "urn:uuid:a", "resource": {"resourceType": "DocumentReference", "content": [attached]}})
    path = folder / "attached"
    path.write_text(json.dumps(found), encoding="utf-8")

    accepted, reports = check(importers["checkup-fhir"], path)

    assert accepted <= 1
    assert accepted or reports


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_document_in_an_archive(importers: dict[str, Importer[object]], folder: Path, data: st.DataObject) -> None:
    """Beside a good document one with bytes changed, lost or added: the good one comes in, and nothing of the other is shown."""
    good = xml_document(Checkup())
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    path = archive(folder / "documents", data.draw(st.permutations([good, bytes(damaged)])))

    accepted, reports = check(importers["checkup-xml"], path)

    assert accepted in (1, 2)
    assert accepted == 2 or reports
