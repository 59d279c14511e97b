"""The body of ``POST /checkups``, decoded by msgspec: a batch holds some 20,000 results, for which pydantic takes much longer.

The structs mirror :class:`protocol.messages.records.StoreCheckups`; a test sends bodies to both and compares.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi.exceptions import RequestValidationError
from protocol.encoding import EncodingError, unb64u
from protocol.messages.base import BATCH_ROWS
from protocol.messages.records import StoreCheckups


class ResultColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The results of one checkup."""

    items: list[Annotated[int, msgspec.Meta(ge=0)]]
    forms: Annotated[str, msgspec.Meta(pattern=r"^[vc1-4]*\Z")]
    texts: list[str]
    flags: Annotated[str, msgspec.Meta(pattern=r"^[-HLN]*\Z")]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One checkup."""

    token: str
    exam_date: date
    fiscal_year: int
    program: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3}\Z")]
    age: int
    results: ResultColumns
    details: str | None = None


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: Annotated[list[Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{17}\Z")]], msgspec.Meta(max_length=2000)]
    rows: Annotated[list[Row], msgspec.Meta(min_length=1, max_length=BATCH_ROWS)]


@dataclass(frozen=True)
class ImportBody:
    """A batch as it was sent."""

    items: list[str]
    """The codes to whose places the results refer."""
    rows: list[tuple[bytes, Row, bytes | None]]
    """Token, checkup and details of each row."""


_DECODER = msgspec.json.Decoder(_Body)


def import_body(body: bytes) -> ImportBody:
    """Decode a batch; raises RequestValidationError, which says nothing of what was sent."""
    try:
        read = _DECODER.decode(body)
        return ImportBody(read.items, [(unb64u(row.token, 32), row, _details(row)) for row in read.rows])
    except (msgspec.DecodeError, EncodingError) as error:
        raise RequestValidationError([{"type": "batch_invalid", "loc": ("body",), "msg": "", "input": None}]) from error


def _details(row: Row) -> bytes | None:
    return None if row.details is None else unb64u(row.details)


def documented() -> dict[str, Any]:
    """Return the request body's part of the OpenAPI document, from the protocol's own model."""
    schema = StoreCheckups.model_json_schema()
    definitions = schema.pop("$defs")

    def inlined(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return inlined(definitions[str(value["$ref"]).rpartition("/")[2]])
            return {key: inlined(part) for key, part in value.items()}
        return [inlined(part) for part in value] if isinstance(value, list) else value

    return {"requestBody": {"required": True, "content": {"application/json": {"schema": inlined(schema)}}}}
