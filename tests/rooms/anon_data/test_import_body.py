"""The hand-decoded body accepts and refuses what the protocol's own model does."""

import json
from typing import Any

import msgspec
import pytest
from anon_data.import_body import documented, import_body
from fastapi.exceptions import RequestValidationError
from protocol.encoding import b64u
from protocol.messages.records import StoreCheckups
from pydantic import ValidationError

from .samples import checkup

TOKEN = bytes(range(32))
GOOD: dict[str, Any] = json.loads(StoreCheckups.of([(TOKEN, checkup())]).model_dump_json())


def _changed(path: str, value: object) -> bytes:
    body = json.loads(json.dumps(GOOD))
    *way, last = path.split(".")
    at: Any = body
    for part in way:
        at = at[int(part)] if part.isdecimal() else at[part]
    key = int(last) if last.isdecimal() else last
    if value is ...:
        del at[key]
    else:
        at[key] = value
    return json.dumps(body).encode()


def test_the_same_values() -> None:
    """Both decoders read the same from the same bytes."""
    body = json.dumps(GOOD).encode()
    batch = StoreCheckups.model_validate_json(body)
    row, read = batch.rows[0], import_body(body)
    [(token, examination, details)] = read.rows

    assert (tuple(read.items), token, details) == (batch.items, row.token, row.details)
    assert [examination.exam_date, examination.fiscal_year, examination.program, examination.age] == [
        row.exam_date,
        row.fiscal_year,
        row.program,
        row.age,
    ]
    assert msgspec.structs.asdict(examination.results) == {
        name: list(column) if isinstance(column, tuple) else column for name, column in row.results
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rows", []),
        ("rows", GOOD["rows"] * 501),
        ("other", 1),
        ("items", ...),
        ("items", ["9N006000000000001"] * 2001),
        ("items.0", "9n006000000000001"),
        ("rows.0.other", 1),
        ("rows.0.results.other", 1),
        ("rows.0.token", b64u(bytes(31))),
        ("rows.0.token", b64u(TOKEN) + "="),
        ("rows.0.token", ...),
        ("rows.0.exam_date", "2026-13-01"),
        ("rows.0.program", "10"),
        ("rows.0.program", "010\n"),
        ("rows.0.age", "x"),
        ("rows.0.details", "a"),
        ("rows.0.results", None),
        ("rows.0.results.items.0", -1),
        ("rows.0.results.forms", "vx1"),
        ("rows.0.results.texts.0", 1),
        ("rows.0.results.flags", "--\n"),
    ],
)
def test_the_same_refusals(path: str, value: object) -> None:
    """What the protocol's model refuses is refused here too, and the refusal quotes nothing."""
    body = _changed(path, value)
    with pytest.raises(ValidationError):
        StoreCheckups.model_validate_json(body)
    with pytest.raises(RequestValidationError) as caught:
        import_body(body)

    assert caught.value.errors() == [{"type": "batch_invalid", "loc": ("body",), "msg": "", "input": None}]


def test_the_documented_body_needs_no_other_document() -> None:
    """The schema in the OpenAPI document is the protocol's, with nothing left to look up."""
    schema = documented()["requestBody"]["content"]["application/json"]["schema"]

    assert "$ref" not in json.dumps(schema)
    assert set(schema["properties"]["rows"]["items"]["properties"]) == set(GOOD["rows"][0])
