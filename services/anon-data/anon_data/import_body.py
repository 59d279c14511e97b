"""The body of ``POST /checkups``, decoded by msgspec: a batch holds some 30,000 results, for which pydantic takes ten times longer.

The structs mirror :class:`protocol.messages.records.StoreCheckups`; a test sends bodies to both and compares.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from fastapi.exceptions import RequestValidationError
from protocol.encoding import EncodingError, unb64u
from protocol.messages.base import BATCH_ROWS
from protocol.messages.records import StoreCheckups

Absent = Literal["not-performed", "not-measurable", "above-range", "below-range"]


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One observation."""

    item: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{17}\Z")]
    value: Decimal | None = None
    choice: str | None = None
    absent: Absent | None = None
    flag: Literal["H", "L", "N"] | None = None


class Examination(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One checkup."""

    exam_date: date
    fiscal_year: int
    program: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3}\Z")]
    age: int
    observations: list[Result]
    details: str | None = None


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkup on its way into a mailbox."""

    token: str
    checkup: Examination


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rows: Annotated[list[Row], msgspec.Meta(min_length=1, max_length=BATCH_ROWS)]


_DECODER = msgspec.json.Decoder(_Body)


def import_body(body: bytes) -> list[tuple[bytes, Examination, bytes | None]]:
    """Return token, checkup and details of each row; raises RequestValidationError, which says nothing of what was sent."""
    try:
        rows = _DECODER.decode(body).rows
        return [(unb64u(row.token, 32), row.checkup, _details(row.checkup)) for row in rows]
    except (msgspec.DecodeError, EncodingError) as error:
        raise RequestValidationError([{"type": "batch_invalid", "loc": ("body",), "msg": "", "input": None}]) from error


def _details(checkup: Examination) -> bytes | None:
    return None if checkup.details is None else unb64u(checkup.details)


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
