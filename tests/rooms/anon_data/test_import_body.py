"""The hand-decoded body accepts and refuses what the protocol's own model does."""

import json
from typing import Any

import pytest
from anon_data.import_body import documented, import_body
from fastapi.exceptions import RequestValidationError
from protocol.encoding import b64u
from protocol.messages.records import CheckupRow, StoreCheckups
from pydantic import ValidationError

from .samples import checkup

TOKEN = bytes(range(32))
GOOD: dict[str, Any] = json.loads(StoreCheckups(rows=(CheckupRow(token=TOKEN, checkup=checkup()),)).model_dump_json())


def _changed(path: str, value: object) -> bytes:
    body = json.loads(json.dumps(GOOD))
    *way, last = path.split(".")
    at: Any = body
    for part in way:
        at = at[int(part)] if part.isdecimal() else at[part]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return json.dumps(body).encode()


def test_the_same_values() -> None:
    """Both decoders read the same from the same bytes."""
    body = json.dumps(GOOD).encode()
    row = StoreCheckups.model_validate_json(body).rows[0]
    [(token, examination, details)] = import_body(body)

    assert (token, details) == (row.token, row.checkup.details)
    assert [examination.exam_date, examination.fiscal_year, examination.program, examination.age] == [
        row.checkup.exam_date,
        row.checkup.fiscal_year,
        row.checkup.program,
        row.checkup.age,
    ]
    assert [(one.item, one.value, one.choice, one.absent, one.flag) for one in examination.observations] == [
        (one.item, one.value, one.choice, one.absent, one.flag) for one in row.checkup.observations
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rows", []),
        ("rows", GOOD["rows"] * 501),
        ("other", 1),
        ("rows.0.other", 1),
        ("rows.0.checkup.other", 1),
        ("rows.0.checkup.observations.0.other", 1),
        ("rows.0.token", b64u(bytes(31))),
        ("rows.0.token", b64u(TOKEN) + "="),
        ("rows.0.token", ...),
        ("rows.0.checkup.exam_date", "2026-13-01"),
        ("rows.0.checkup.program", "10"),
        ("rows.0.checkup.program", "010\n"),
        ("rows.0.checkup.age", "x"),
        ("rows.0.checkup.details", "a"),
        ("rows.0.checkup.observations", None),
        ("rows.0.checkup.observations.0.item", "9n006000000000001"),
        ("rows.0.checkup.observations.0.absent", "unknown"),
        ("rows.0.checkup.observations.0.flag", "X"),
        ("rows.0.checkup.observations.1.value", "heavy"),
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
    assert set(schema["properties"]["rows"]["items"]["properties"]["checkup"]["properties"]) == set(GOOD["rows"][0]["checkup"])
