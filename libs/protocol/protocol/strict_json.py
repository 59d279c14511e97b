"""Strict JSON: UTF-8, each key once, no lone surrogates, no deeper than the parser goes."""

import json
from typing import Any


class JsonRefused(ValueError):
    """Bytes that two readers could read differently, or not at all. The message holds nothing of them."""


def loads(raw: bytes) -> Any:
    """Parse JSON bytes; refuse other encodings, repeated keys, lone surrogates, NaN and nesting beyond the parser's depth."""
    try:
        value = _DECODER.decode(raw.decode())
        if b"\\u" in raw:
            _check_texts(value)
    except (ValueError, RecursionError):
        # The chain is cut: a parser's error quotes what it read.
        raise JsonRefused("not strict JSON") from None
    return value


def loads_object(raw: bytes) -> dict[str, Any]:
    """Parse bytes that must be one JSON object."""
    found = loads(raw)
    if not isinstance(found, dict):
        raise JsonRefused("not a JSON object")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonRefused("a key stands twice")
    return members


def _refuse(_: str) -> None:
    raise JsonRefused("not a JSON number")


# Made once: json.loads makes a decoder for each text.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse)


def _check_texts(value: Any) -> None:
    # A string that UTF-8 cannot hold comes only from an escape, and would fail where it is written, hashed or stored.
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            item.encode()  # UnicodeEncodeError is a ValueError
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
